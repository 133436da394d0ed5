import PoseVideo
import Testing

@Suite("a pass over a clip")
struct ClipPassTests {
  @Test("a frame comes back with its own result, however late that is", arguments: [0, 1, 3])
  func pairs(delay: Int) throws {
    var pass = ClipPass(LateTracker(delay: delay), keepsFrames: true)
    var results: [ClipPass.Result] = []
    for index in 0..<6 { results += try pass.add(frame(index)) }
    #expect(results.count == 6 - delay)
    results += pass.finish()
    #expect(results.map(\.people.index) == [0, 1, 2, 3, 4, 5])
    #expect(results.map { $0.frame?.index } == [0, 1, 2, 3, 4, 5])
  }

  @Test("frames are let go where nobody wants them")
  func letsGo() throws {
    var pass = ClipPass(LateTracker(delay: 1), keepsFrames: false)
    let results = try pass.add(frame(0)) + pass.add(frame(1)) + pass.finish()
    #expect(results.count == 2 && results.allSatisfy { $0.frame == nil })
  }

  @Test("frames whose times repeat or run backwards are left out and counted")
  func leavesOut() throws {
    var pass = ClipPass(LateTracker(delay: 0), keepsFrames: true)
    var results: [ClipPass.Result] = []
    for (index, time) in [0, 0.1, 0.1, 0.05, 0.2].enumerated() {
      results += try pass.add(frame(index, at: time))
    }
    #expect(results.map(\.people.index) == [0, 1, 4])
    #expect(pass.leftOut == 2)
  }

  @Test("slow motion divides the tracker's times and leaves the frame's")
  func slowMotion() throws {
    var pass = ClipPass(LateTracker(delay: 0), keepsFrames: true, slowMotion: 4)
    let result = try pass.add(frame(0, at: 2)).first
    #expect(result?.people.time == 0.5)
    #expect(result?.frame?.time == 2)
  }
}

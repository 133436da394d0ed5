import PoseVideo
import Stance
import Testing
import Video

@Suite("a pass over a clip")
struct ClipPassTests {
  private struct Cut: Error {}

  private static func pass(
    _ times: [Double], delay: Int, keepsFrames: Bool = true, slowMotion: Double = 1,
    isCut: Bool = false
  ) -> ClipPass {
    var frames = times.enumerated().map { frame($0.offset, at: $0.element) }[...]
    return ClipPass(
      by: LateTracker(delay: delay), keepsFrames: keepsFrames, slowMotion: slowMotion
    ) {
      if frames.isEmpty, isCut { throw Cut() }
      return frames.popFirst()
    }
  }

  private static func all(_ pass: inout ClipPass) throws -> [ClipPass.Result] {
    var results: [ClipPass.Result] = []
    while let result = try pass.next() { results.append(result) }
    return results
  }

  @Test("a frame comes with its own result, however late that is", arguments: [0, 1, 3, 10])
  func pairs(delay: Int) throws {
    var pass = Self.pass([0, 0.1, 0.2, 0.3, 0.4, 0.5], delay: delay)
    let results = try Self.all(&pass)
    #expect(results.map(\.people.index) == [0, 1, 2, 3, 4, 5])
    #expect(results.map { $0.frame?.index } == [0, 1, 2, 3, 4, 5])
  }

  @Test("frames are let go where nobody wants them")
  func letsGo() throws {
    var pass = Self.pass([0, 0.1, 0.2], delay: 1, keepsFrames: false)
    let results = try Self.all(&pass)
    #expect(results.count == 3 && results.allSatisfy { $0.frame == nil })
  }

  @Test("what was found before an error comes before it, and the error again and again")
  func failure() throws {
    var pass = Self.pass([0, 0.1, 0.2], delay: 2, isCut: true)
    for index in 0..<3 { #expect(try pass.next()?.frame?.index == index) }
    #expect(throws: Cut.self) { try pass.next() }
    #expect(throws: Cut.self) { try pass.next() }
  }

  @Test("frames whose times repeat or run backwards are left out and counted")
  func leavesOut() throws {
    var pass = Self.pass([0, 0.1, 0.1, 0.05, 0.2], delay: 0)
    #expect(try Self.all(&pass).map(\.people.index) == [0, 1, 4])
    #expect(pass.leftOut == 2)
  }

  @Test("slow motion divides the results' times and leaves the frames'")
  func slowMotion() throws {
    var pass = Self.pass([2], delay: 0, slowMotion: 4)
    let result = try pass.next()
    #expect(result?.people.time == 0.5)
    #expect(result?.frame?.time == 2)
  }
}

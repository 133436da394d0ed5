import Testing

@testable import Stance

@Suite("Frame times")
struct FrameTimeTests {
  private static let scene = MadeUpScene { time in
    [MadeUpBody(1, x: 200 + 30 * Float(time)), MadeUpBody(2, x: 450)]
  }

  @Test(
    "a time that repeats, runs backwards or is no number is refused and changes nothing",
    arguments: [0.5, 0.4, 0, -1, .nan, .infinity, -.infinity])
  func refused(time: Double) throws {
    let times = times(10, to: 2)
    let undisturbed = try Self.scene.live(times)
    var tracker = MadeUpTracker(Self.scene)
    var frames: [TrackedFrame] = []
    for next in times {
      frames.append(try tracker.track(at: next))
      guard next == 0.5 else { continue }
      let error = #expect(throws: PoseError.self) { try tracker.track(at: time) }
      #expect(error?.code == .badTime)
      #expect(error?.message.contains("\(time)") == true)
    }
    #expect(frames.map(\.people) == undisturbed.map(\.people))
    #expect(frames.map(\.lost) == undisturbed.map(\.lost))
  }

  @Test("a source's first frame may have any time", arguments: [-7200.0, -0.04, 0, 1e6])
  func anyStart(start: Double) throws {
    let scene = MadeUpScene { time in
      [MadeUpBody(1, x: 200 + 30 * Float(time - start)), MadeUpBody(2, x: 450)]
    }
    let frames = try scene.clip(times(10, from: start, to: start + 2))
    #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
    #expect(frames.allSatisfy { $0.people.count == 2 })
  }

  @Test("a second without frames is a gap, at whatever higher rate the frames came")
  func gap() throws {
    for rate in [10.0, 30, 120] {
      var clock = FrameClock()
      #expect(try clock.advance(to: 0) == .first)
      for time in times(rate, from: 1 / rate, to: 2) {
        #expect(try clock.advance(to: time) == .next)
      }
      #expect(try clock.advance(to: 2.8) == .next)
      #expect(try clock.advance(to: 3.9) == .gap)
      #expect(try clock.advance(to: 3.9 + 1 / rate) == .next)
    }
  }

  @Test("where frames are rare four usual frame times are a gap", arguments: [0.4, 0.5, 2, 5])
  func rareFrames(interval: Double) throws {
    var clock = FrameClock()
    _ = try clock.advance(to: 0)
    // Until some have come nothing is usual.
    _ = try clock.advance(to: interval)
    var time = interval
    for _ in 0..<20 {
      time += interval
      #expect(try clock.advance(to: time) == .next)
    }
    #expect(try clock.advance(to: time + 3.5 * interval) == .next)
    time += 3.5 * interval
    for _ in 0..<20 {
      time += interval
      #expect(try clock.advance(to: time) == .next)
    }
    #expect(try clock.advance(to: time + 5 * interval) == .gap)
    #expect(try clock.advance(to: time + 6 * interval) == .next)
  }

  @Test("one long pause does not make the next one usual")
  func pauses() throws {
    var clock = FrameClock()
    for time in times(30, to: 1) { _ = try clock.advance(to: time) }
    var time = 1.0
    for _ in 0..<5 {
      time += 10
      #expect(try clock.advance(to: time) == .gap)
      for _ in 0..<5 {
        time += 1.0 / 30
        #expect(try clock.advance(to: time) == .next)
      }
    }
  }
}

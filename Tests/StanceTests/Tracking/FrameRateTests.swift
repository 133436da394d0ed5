import Testing

@testable import Stance

@Suite("Frame rates")
struct FrameRateTests {
  /// Two who walk the same way, one behind the other, at 0.4 body sizes a second.
  private static let scene = MadeUpScene { time in
    [MadeUpBody(1, x: 100 + 40 * Float(time)), MadeUpBody(2, x: 200 + 40 * Float(time))]
  }

  @Test(
    "two who walk keep their ids from the first frame to the last at any rate",
    arguments: [1.0, 2, 5, 15, 30, 120])
  func steady(rate: Double) throws {
    let times = times(rate, to: 8)
    let frames = try Self.scene.clip(times)
    #expect(frames.map(\.time) == times)
    #expect(Self.scene.ids(in: frames) == [1: [1], 2: [2]])
    for who in 1...2 { #expect(Self.scene.times(of: who, in: frames) == times) }
    #expect(frames.allSatisfy { $0.lost.isEmpty })
  }

  @Test("and where the rate varies from frame to frame")
  func varying() throws {
    var times = [0.0]
    let intervals = [1.0 / 60, 1.0 / 30, 0.2, 1.0 / 30, 0.9, 1.0 / 120, 0.04, 0.5]
    while let last = times.last, last < 8 {
      times.append(last + intervals[times.count % intervals.count])
    }
    let frames = try Self.scene.clip(times)
    #expect(frames.map(\.time) == times)
    #expect(Self.scene.ids(in: frames) == [1: [1], 2: [2]])
    #expect(frames.allSatisfy { $0.people.count == 2 && $0.lost.isEmpty })
  }
}

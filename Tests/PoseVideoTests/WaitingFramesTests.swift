import Images
import Testing
import Video

@testable import PoseVideo

@Suite("frames that wait")
struct WaitingFramesTests {
  private static func frame(_ index: Int) -> VideoFrame {
    VideoFrame(
      image: Image(
        size: ImageSize(width: 3, height: 2),
        bgrx: (0..<24).map { UInt8(10 * index + $0 % 10) }),
      time: Double(index) / 10, ticks: Int64(index), index: index)
  }

  @Test(
    "they come back in order and as they were, from memory and from files",
    arguments: [0, 48, 1000])
  func order(limit: Int) throws {
    var waiting = WaitingFrames(limit: limit)
    for index in 0..<6 { try waiting.append(Self.frame(index)) }
    #expect(waiting.countInFiles == 6 - min(6, limit / 24))
    for index in 0..<6 {
      let popped = waiting.popFirst()
      let frame = try #require(popped)
      let original = Self.frame(index)
      #expect(frame.image == original.image && frame.ticks == original.ticks)
      #expect(frame.index == index && frame.time == original.time)
    }
    let none = waiting.popFirst()
    #expect(none == nil)
  }

  @Test("memory that has become free is used again")
  func again() throws {
    var waiting = WaitingFrames(limit: 48)
    for index in 0..<2 { try waiting.append(Self.frame(index)) }
    _ = waiting.popFirst()
    try waiting.append(Self.frame(2))
    #expect(waiting.countInFiles == 0)
  }
}

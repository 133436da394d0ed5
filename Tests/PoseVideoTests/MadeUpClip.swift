import Images
import PoseVideo
import Stance
import Video

/// A frame without content.
func frame(_ index: Int, at time: Double? = nil) -> VideoFrame {
  VideoFrame(
    image: Image(size: ImageSize(width: 2, height: 2), bgrx: [UInt8](repeating: 0, count: 16)),
    time: time ?? Double(index) / 10, ticks: Int64(index), index: index)
}

/// Nobody, in that frame.
func nobody(_ index: Int) -> TrackedFrame {
  TrackedFrame(
    index: index, time: Double(index) / 10,
    result: PoseResult(
      imageSize: ImageSize(width: 2, height: 2), complexity: .full, search: .auto, precision: .f32,
      people: [], timing: PoseTiming()), lost: [])
}

/// Finds nobody, so many frames late.
struct LateTracker: FrameTracker {
  let delay: Int
  private var waiting: [TrackedFrame] = []

  init(delay: Int) { self.delay = delay }

  mutating func add(_ image: Image, at time: Double, index: Int?) throws -> [TrackedFrame] {
    var result = nobody(index ?? 0)
    result.time = time
    waiting.append(result)
    guard waiting.count > delay else { return [] }
    return [waiting.removeFirst()]
  }

  mutating func finish() -> [TrackedFrame] {
    defer { waiting = [] }
    return waiting
  }
}

package import Stance
package import Video

/// Finds out who is in each frame of a clip, and keeps the frames until that is known.
///
/// Frames that wait are those of half a second of the source at most, as ``ClipTracker`` says.
package struct ClipPass {
  /// A frame's result, and the frame where frames are kept.
  package struct Result {
    package let people: TrackedFrame
    package let frame: VideoFrame?
  }

  private var tracker: any FrameTracker
  private let keepsFrames: Bool
  private let slowMotion: Double
  private var waiting: [VideoFrame] = []
  private var lastTime = -Double.infinity

  /// Frames that were left out, because their times repeat or run backwards.
  package private(set) var leftOut = 0

  /// A pass over a clip from its beginning.
  ///
  /// - Parameters:
  ///   - keepsFrames: whether frames are given back with their results.
  ///   - slowMotion: how many times faster than it plays the source was filmed: times are divided by it.
  /// - Precondition: `slowMotion > 0`.
  package init(_ tracker: any FrameTracker, keepsFrames: Bool, slowMotion: Double = 1) {
    precondition(slowMotion > 0, "a factor")
    self.tracker = tracker
    self.keepsFrames = keepsFrames
    self.slowMotion = slowMotion
  }

  /// Takes the next frame in.
  ///
  /// - Returns: the results that are sure by now, in order.
  package mutating func add(_ frame: VideoFrame) throws -> [Result] {
    guard frame.time > lastTime else {
      leftOut += 1
      return []
    }
    lastTime = frame.time
    let results = try tracker.add(
      frame.image, at: frame.time / slowMotion, index: frame.index)
    if keepsFrames { waiting.append(frame) }
    return paired(results)
  }

  /// The results that still wait.
  package mutating func finish() -> [Result] { paired(tracker.finish()) }

  /// Each frame has one result, and they come in order.
  private mutating func paired(_ results: [TrackedFrame]) -> [Result] {
    let frames = waiting.prefix(results.count)
    waiting.removeFirst(frames.count)
    return results.enumerated().map { place, people in
      Result(people: people, frame: keepsFrames ? frames[place] : nil)
    }
  }
}

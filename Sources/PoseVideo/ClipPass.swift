package import Stance
package import Video

/// Who is in each frame of a clip, one frame after the other, with the frames where they are wanted.
///
/// Frames wait for their results for half a second of the source at most, as ``ClipTracker`` says; of large ones most do so in
/// nameless files.
package struct ClipPass {
  /// A frame's result.
  package struct Result {
    package let people: TrackedFrame
    /// Nil where frames are not kept.
    package let frame: VideoFrame?
  }

  private let nextFrame: () throws -> VideoFrame?
  private var tracker: any FrameTracker
  private let keepsFrames: Bool
  private let slowMotion: Double
  private var waiting: WaitingFrames
  private var ready: [Result] = []
  private var lastTime = -Double.infinity
  private var isOver = false
  private var failure: (any Error)?

  /// Frames that were left out so far, because their times repeat or run backwards.
  package private(set) var leftOut = 0

  /// A pass over frames.
  ///
  /// - Parameters:
  ///   - keepsFrames: whether frames are given with their results.
  ///   - slowMotion: how many times faster than it plays the clip was filmed: results' times are divided by it.
  ///   - folder: where frames wait that are too many for memory; nil: in `TMPDIR` or `/tmp`.
  ///   - frames: gives the next frame, nil after the last.
  /// - Precondition: `slowMotion > 0`.
  package init(
    by tracker: any FrameTracker, keepsFrames: Bool, slowMotion: Double = 1,
    waitingIn folder: String? = nil, frames: @escaping () throws -> VideoFrame?
  ) {
    precondition(slowMotion > 0, "a factor")
    self.tracker = tracker
    self.keepsFrames = keepsFrames
    self.slowMotion = slowMotion
    // In memory 15 frames of 1920x1080, half a second of most videos of that size.
    waiting = WaitingFrames(limit: 128 << 20, in: folder)
    nextFrame = frames
  }

  /// The next frame's result; nil after the last.
  ///
  /// - Throws: what frames or tracker throw, after the results of all frames before; the same again on every later call.
  package mutating func next() throws -> Result? {
    while ready.isEmpty {
      guard !isOver else {
        if let failure { throw failure }
        return nil
      }
      do { try advance() } catch {
        failure = error
        finish()
      }
    }
    return ready.removeFirst()
  }

  private mutating func advance() throws {
    guard let frame = try nextFrame() else { return finish() }
    guard frame.time > lastTime else {
      leftOut += 1
      return
    }
    lastTime = frame.time
    if keepsFrames { try waiting.append(frame) }
    give(try tracker.add(frame.image, at: frame.time / slowMotion, index: frame.index))
  }

  private mutating func finish() {
    isOver = true
    give(tracker.finish())
    // Of a frame at which the tracker failed.
    waiting.removeAll()
  }

  /// Each frame has one result, and they come in order.
  private mutating func give(_ results: [TrackedFrame]) {
    for people in results {
      ready.append(Result(people: people, frame: waiting.popFirst()))
    }
  }
}

package import Stance
package import Video

/// Something that is made of a clip's frames and the people in them: a drawn video, masks.
///
/// It is called by one thread at a time, which may block, with the frames in their order; and ended by one call, of
/// ``finish()`` or ``abandon()``.
package protocol ClipOutput {
  /// Takes the next frame in.
  ///
  /// - Parameter people: who is in that frame.
  mutating func add(_ frame: VideoFrame, _ people: TrackedFrame) throws
  /// That was the last frame: makes the output whole.
  ///
  /// - Returns: what is not as it was asked for, for a person; usually nothing.
  mutating func finish() throws -> [String]
  /// The frames ended before their end: keeps what is there.
  ///
  /// - Returns: where that lies, nil when there is nothing.
  mutating func abandon() -> ClipRemains?
}

/// What is there of an output that could not be made whole.
package struct ClipRemains: Sendable {
  /// The file, which plays.
  package let path: String
  /// The last frame in it.
  package let lastFrame: VideoError.Place

  /// A file that ends with that frame.
  package init(path: String, lastFrame: VideoError.Place) {
    self.path = path
    self.lastFrame = lastFrame
  }
}

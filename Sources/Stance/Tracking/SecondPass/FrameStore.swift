package import Files

/// A clip's results, kept in nameless files and given again in any order; masks are not kept.
///
/// Who copies it shares the files: only one may append.
package struct FrameStore: Sendable {
  private var store: ResultStore

  /// An empty store.
  ///
  /// - Parameter limit: the bytes that results may take.
  package init(limit: Int) throws(FileError) {
    store = try ResultStore(limit: limit, keepsRaw: false)
  }

  /// How many frames there are.
  package var frameCount: Int { store.frameCount }

  /// Keeps a frame with its people: those with an id, each id once.
  ///
  /// - Returns: the ids, and the numbers by which ``person(at:)`` gives them.
  /// - Throws: `PoseError` with `.tooLong` beyond the limit, with `.badTime` when the time is not after the last frame's;
  ///   `FileError` when the disk is full.
  package mutating func append(_ frame: TrackedFrame) throws -> [(id: Int, sight: Int)] {
    try store.append(frame)
  }

  /// A frame's time in seconds.
  package func time(of frame: Int) -> Double { store[frame: frame].time }

  /// A person in a frame.
  package func person(at sight: Int) -> Person {
    store.person(sight, in: store.size(of: sight))
  }

  /// A frame with its people; who was lost is not known.
  package func frame(_ number: Int) -> TrackedFrame {
    store.frame(number)
  }
}

import Images

/// What a ``SecondPass`` says of a clip, frame by frame, read from its files as it is asked for; any number of times.
///
/// Ids count from 1 in order of appearance. A frame's ``TrackedFrame/lost`` are those who were there before and are seen
/// again later, so that nobody is lost for good. People have no mask.
public struct RefinedFrames: Sequence, Sendable {
  private let store: ResultStore
  private let spans: [TrackSpan]
  /// How it was smoothed without lag; nil when it was not, or when there were fewer than two frames.
  public let design: ZeroLagDesign?
  /// Why gaps were left open that should have been filled; nil when none was.
  public let unfilled: (any Error)?

  init(
    _ store: ResultStore, _ spans: [TrackSpan], design: ZeroLagDesign?, unfilled: (any Error)?
  ) {
    (self.store, self.spans, self.design, self.unfilled) = (store, spans, design, unfilled)
  }

  /// How many frames there are.
  public var count: Int { store.frameCount }
  /// How many people.
  public var peopleCount: Int { spans.count }

  /// The frames from the first one on.
  public func makeIterator() -> Iterator { Iterator(store, spans) }

  /// Reads one frame after the other.
  public struct Iterator: IteratorProtocol, Sendable {
    private let store: ResultStore
    private let spans: [TrackSpan]
    private var frame = 0
    /// The first who did not appear yet.
    private var coming = 0
    private var present: Set<Int> = []

    fileprivate init(_ store: ResultStore, _ spans: [TrackSpan]) {
      (self.store, self.spans) = (store, spans)
    }

    /// The next frame; nil after the last.
    public mutating func next() -> TrackedFrame? {
      guard frame < store.frameCount else { return nil }
      defer { frame += 1 }
      while coming < spans.count, spans[coming].first <= frame {
        coming += 1
        present.insert(coming)
      }
      present = present.filter { spans[$0 - 1].last >= frame }
      var result = store.frame(frame)
      result.lost = present.subtracting(result.people.compactMap(\.id)).sorted()
      return result
    }
  }
}

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
      guard frame < store.frameCount, var result = store.sample else { return nil }
      defer { frame += 1 }
      while coming < spans.count, spans[coming].first <= frame {
        coming += 1
        present.insert(coming)
      }
      present = present.filter { spans[$0 - 1].last >= frame }
      let record = store[frame: frame]
      result.imageSize = ImageSize(width: Int(record.width), height: Int(record.height))
      result.people = store.sights(inFrame: frame).map { store.person($0, in: result.imageSize) }
        .sorted { ($0.id ?? 0) < ($1.id ?? 0) }
      result.peopleFound = result.people.count
      result.timing = PoseTiming(
        decode: .seconds(record.decode), detect: .seconds(record.detect),
        landmarks: .seconds(record.landmarks), total: .seconds(record.total))
      return TrackedFrame(
        index: record.index, time: record.time, result: result,
        lost: present.subtracting(result.people.compactMap(\.id)).sorted(),
        passes: PassCount(
          landmarks: Int(record.landmarkPasses), detector: Int(record.detectorPasses),
          scouts: Int(record.scoutPasses)))
    }
  }
}

extension ResultStore {
  fileprivate func person(_ sight: Int, in size: ImageSize) -> Person {
    let record = self[sight]
    let landmarks: Landmarks<Normalized> = landmarks(of: sight, at: SightFloats.landmarks)
    var person = Person(
      id: Int(record.id), score: record.score, presence: record.presence,
      confidence: record.confidence, box: PixelBox(round: landmarks.pixels(in: size)),
      landmarks: landmarks,
      worldLandmarks: self.landmarks(of: sight, at: SightFloats.worldLandmarks))
    (person.isFilled, person.isUncertain) = (record.isFilled, record.isUncertain)
    if keepsRaw, !record.isFilled {
      person.raw = RawLandmarks(
        landmarks: self.landmarks(of: sight, at: SightFloats.rawLandmarks),
        worldLandmarks: self.landmarks(of: sight, at: SightFloats.rawWorldLandmarks))
    }
    return person
  }
}

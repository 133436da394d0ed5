import Files

/// Goes over the results of a whole clip once more: puts pieces of one person's track together, takes apart what jumped
/// from one person to another, fills short gaps, numbers people anew and smooths what came out.
///
///     let tracking = TrackingOptions(smoothing: .zeroLag)
///     var tracker = try ClipTracker(tracking: tracking)
///     var second = try SecondPass(tracking)
///     while let frame = try reader.next() {
///       for result in try tracker.add(frame.image, at: frame.time) { try second.add(result) }
///     }
///     for result in tracker.finish() { try second.add(result) }
///     for frame in second.finish() { print(frame.people.count) }
///
/// Results wait in nameless files in `TMPDIR` or `/tmp`, of ``byteLimit`` together by default; memory grows with the number
/// of tracks and, while one is smoothed, by 60 bytes for each of its sights. Masks are not kept: whoever wants them has
/// to look again.
public struct SecondPass: ~Copyable, Sendable {
  /// The bytes that results may take: 2 GiB, which is more than eleven hours of one person at 30 frames a second, half of
  /// that with raw landmarks.
  public static let byteLimit = 2 << 30

  private static let mostBytes = 1 << 40
  private let tracking: TrackingOptions
  private var store: ResultStore
  private var pieces: [Int: TrackPiece]

  /// A second pass over nothing as yet.
  ///
  /// - Parameters:
  ///   - tracking: as the tracker's, with two passes.
  ///   - byteLimit: the bytes that results may take; sights that are filled in may take an eighth more.
  ///   - folder: where the files are, on a disk; nil: in `TMPDIR` or `/tmp`.
  /// - Throws: `PoseError` when an option is out of range; `FileError` when there is no room for a file.
  public init(
    _ tracking: TrackingOptions, byteLimit: Int = SecondPass.byteLimit, in folder: String? = nil
  ) throws {
    try tracking.validate()
    guard (1...Self.mostBytes).contains(byteLimit) else {
      throw PoseError(
        .badOption, "\(byteLimit) bytes for results; it must be from 1 to \(Self.mostBytes)")
    }
    let store = try ResultStore(limit: byteLimit, keepsRaw: tracking.keepsRaw, in: folder)
    (self.tracking, self.store, pieces) = (tracking, store, [:])
  }

  /// What the results took so far, in bytes.
  public var byteCount: Int { store.byteCount }
  /// How many tracks there are so far: what memory grows with.
  package var trackCount: Int { pieces.count }

  /// Takes in a frame of a ``ClipTracker`` whose ``TrackingOptions/passes`` are 2.
  ///
  /// - Throws: `PoseError` with `.tooLong` when the results take too many bytes, with `.badTime` when the time is not after
  ///   the last frame's; `FileError` when the disk is full. The frames before can still be finished.
  public mutating func add(_ frame: TrackedFrame) throws {
    for (id, sight) in try store.append(frame) {
      guard var piece = pieces[id] else {
        pieces[id] = TrackPiece(first: sight, last: sight)
        continue
      }
      store[piece.last].next = Int32(sight)
      piece.last = sight
      piece.count += 1
      pieces[id] = piece
    }
  }

  /// The clip's end: everything is put in order. Blocks the calling thread.
  ///
  /// Where there is no room to fill gaps in they stay open, and ``RefinedFrames/unfilled`` says why.
  public consuming func finish() -> RefinedFrames {
    let ordered = pieces.values.sorted { $0.first < $1.first }
    let split = ordered.flatMap { TrackSplitting(store).pieces(of: $0) }
    let merged = TrackMerging(store).merged(split)
    var tracks = merged
    var unfilled: (any Error)?
    do { for place in tracks.indices { try GapFilling.fill(&tracks[place], in: &store) } } catch {
      unfilled = error
    }
    let spans = TrackNumbering.number(tracks, in: store)
    let design = ClipRate(store).rate.map {
      ZeroLagDesign(cutoff: tracking.cutoff, frameRate: $0)
    }
    let smoothing = TrackSmoothing(store, tracking.smoothing, design)
    for track in tracks { smoothing.smooth(track) }
    return RefinedFrames(
      store, spans, design: tracking.smoothing == .zeroLag ? design : nil, unfilled: unfilled)
  }
}

/// Fills the gaps in a track that are too short for anything to have happened in them.
enum GapFilling {
  /// Gaps of up to so many seconds are filled, from the first frame without a sight to the next sight.
  static let maxSeconds = 0.3
  /// Times are ticks, rounded.
  private static let slack = 1e-3

  /// Fills a track's short gaps by straight lines between the sights before and after, marked so.
  ///
  /// Visibility is interpolated too; of nothing is said that it was seen.
  ///
  /// - Throws: what the store throws when there is no room for more; the track is in order then too.
  static func fill(_ track: inout TrackPiece, in store: inout ResultStore) throws {
    var before = track.first
    while store[before].next != SightRecord.none {
      let after = Int(store[before].next)
      if isShort(from: before, to: after, store) {
        try fill(from: before, to: after, of: &track, in: &store)
      }
      before = after
    }
  }

  /// Whether there are frames between two sights, few enough, and no cut.
  private static func isShort(from before: Int, to after: Int, _ store: ResultStore) -> Bool {
    let (first, last) = (Int(store[before].frame), Int(store[after].frame))
    return last - first > 1 && store.scene(of: before) == store.scene(of: after)
      && store[frame: last].time - store[frame: first + 1].time <= maxSeconds + slack
  }

  private static func fill(
    from before: Int, to after: Int, of track: inout TrackPiece, in store: inout ResultStore
  ) throws {
    let (first, last) = (store[before], store[after])
    let (start, end) = (store.time(of: before), store.time(of: after))
    var previous = before
    for frame in first.frame + 1..<last.frame {
      let part = Float((store[frame: Int(frame)].time - start) / (end - start))
      func between(_ first: Float, _ last: Float) -> Float { first + part * (last - first) }
      let radius = first.bodyRadius.flatMap { first in
        last.bodyRadius.map { between(first, $0) }
      }
      let sight = try store.insert(
        SightRecord(
          frame: frame, id: last.id, next: Int32(after), isFilled: true,
          isUncertain: last.isUncertain, score: nil,
          presence: between(first.presence, last.presence),
          confidence: between(first.confidence, last.confidence), bodyRadius: radius))
      for place in SightFloats.landmarks..<SightFloats.rawLandmarks {
        store[sight, float: place] = between(
          store[before, float: place], store[after, float: place])
      }
      for landmark in 0..<LandmarkName.count {
        let support = SightFloats.landmarks + SightFloats.perLandmark * landmark + 5
        store[sight, float: support] = 0
      }
      store[previous].next = Int32(sight)
      previous = sight
      track.count += 1
    }
  }
}

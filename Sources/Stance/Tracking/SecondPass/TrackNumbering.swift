/// From which frame to which somebody is in a clip.
struct TrackSpan: Sendable {
  var first: Int
  var last: Int
}

/// Numbers people anew, from 1 in order of appearance.
enum TrackNumbering {
  /// Gives each sight its number.
  ///
  /// - Parameter tracks: in order of their first sights.
  /// - Returns: from when to when each is there, number 1 first.
  static func number(_ tracks: [TrackPiece], in store: ResultStore) -> [TrackSpan] {
    tracks.enumerated().map { index, track in
      for sight in store.sights(from: track.first) { store[sight].id = Int32(index + 1) }
      return TrackSpan(first: Int(store[track.first].frame), last: Int(store[track.last].frame))
    }
  }
}

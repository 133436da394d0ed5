import Stance

/// Who is whom by ``Association`` alone: bodies with joints in, ids out, and no models.
struct AssociationUnderTest {
  private struct Track {
    let id: Int
    let first: Double
    var motion: BodyMotion
    var sights = 1
    var frames = 0
  }

  /// A track that is not confirmed within so many frames, or so many seconds if that is longer, is given up: as the
  /// tracker does.
  private static let (maxFrames, maxSeconds) = (3, 0.3)
  private let memory = TrackingOptions().memory
  /// From this sight on a body has its id.
  private let minSights: Int
  private var tracks: [Track] = []
  private var nextID = 1

  init(minSights: Int) { self.minSights = minSights }

  /// An id for each body, in the bodies' order; nil for those who are not confirmed yet.
  mutating func ids(of bodies: [BodyShape], at time: Double) -> [Int?] {
    tracks.removeAll { time - $0.motion.time > memory }
    for index in tracks.indices { tracks[index].frames += 1 }
    let matches = Association.matches(of: bodies, to: tracks.map(\.motion), at: time)
    let ids = zip(bodies, matches).map { see($0, as: $1, at: time) }
    tracks.removeAll { [minSights] in
      $0.sights < minSights && $0.frames >= Self.maxFrames && time - $0.first >= Self.maxSeconds
    }
    return ids
  }

  private mutating func see(_ body: BodyShape, as match: Int?, at time: Double) -> Int? {
    if let match {
      tracks[match].motion.update(body, at: time)
      tracks[match].sights += 1
    } else {
      tracks.append(Track(id: nextID, first: time, motion: BodyMotion(body, at: time)))
      nextID += 1
    }
    let track = tracks[match ?? tracks.count - 1]
    return track.sights >= minSights ? track.id : nil
  }
}

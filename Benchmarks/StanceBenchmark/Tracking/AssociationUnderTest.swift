import Stance

/// Who is whom by ``Association`` alone: bodies with joints in, ids out; no models, no confirmation.
struct AssociationUnderTest {
  private var tracks: [(id: Int, motion: BodyMotion)] = []
  private var nextID = 1
  /// For so many seconds a body out of sight is remembered: as the tracker does.
  private let memory = TrackingOptions().memory

  /// An id for each body, in the bodies' order.
  mutating func ids(of bodies: [BodyShape], at time: Double) -> [Int] {
    tracks.removeAll { time - $0.motion.time > memory }
    let matches = Association.matches(of: bodies, to: tracks.map(\.motion), at: time)
    return zip(bodies, matches).map { body, match in
      if let match {
        tracks[match].motion.update(body, at: time)
        return tracks[match].id
      }
      defer { nextID += 1 }
      tracks.append((nextID, BodyMotion(body, at: time)))
      return nextID
    }
  }
}

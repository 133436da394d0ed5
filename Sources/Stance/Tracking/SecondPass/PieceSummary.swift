import Glibc

/// One end of a piece of a track: where the body was, and how it moved there.
struct PieceEnd: Sendable {
  /// Seconds of the source.
  var time: Double
  var scene: Int32
  var body: BodyShape
  /// Pixels a second.
  var velocity: (x: Float, y: Float)

  /// Where the body should be so many seconds later, or before.
  func moved(by seconds: Double) -> BodyShape {
    body.moved(x: velocity.x * Float(seconds), y: velocity.y * Float(seconds))
  }
}

/// What is known of a piece of a track when it is put to others.
struct PieceSummary: Sendable {
  /// A velocity is that of so many seconds.
  static let velocitySeconds = 0.8
  /// And of so many sights at most.
  private static let velocitySights = 16
  /// Shorter than this nobody moves measurably.
  private static let minSeconds = 0.1

  let piece: TrackPiece
  private(set) var start: PieceEnd
  private(set) var end: PieceEnd
  private(set) var colors = ColorMean()
  private(set) var proportions = Proportions()

  init(_ piece: TrackPiece, in store: ResultStore) {
    self.piece = piece
    func rest(_ sight: Int) -> PieceEnd {
      PieceEnd(
        time: store.time(of: sight), scene: store.scene(of: sight), body: store.body(of: sight),
        velocity: (0, 0))
    }
    (start, end) = (rest(piece.first), rest(piece.last))
    var (head, tail): ([Int], [Int]) = ([], [])
    for sight in store.sights(from: piece.first) {
      let time = store.time(of: sight)
      colors.add(store.colors(of: sight))
      proportions.add(store.landmarks(of: sight, at: SightFloats.worldLandmarks))
      if time - start.time <= Self.velocitySeconds { head.append(sight) }
      if end.time - time <= Self.velocitySeconds { tail.append(sight) }
    }
    start.velocity = Self.velocity(head, in: store)
    end.velocity = Self.velocity(tail, in: store)
  }

  /// The median of the slopes between any two sights (Theil and Sen's): a few wrong ones don't change it.
  private static func velocity(_ sights: [Int], in store: ResultStore) -> (x: Float, y: Float) {
    let step = max(1, (sights.count + velocitySights - 1) / velocitySights)
    let chosen = stride(from: 0, to: sights.count, by: step).map { index in
      (time: store.time(of: sights[index]), body: store.body(of: sights[index]))
    }
    guard let first = chosen.first, let last = chosen.last, last.time - first.time >= minSeconds
    else { return (0, 0) }
    var (xs, ys): ([Float], [Float]) = ([], [])
    for (index, early) in chosen.enumerated() {
      for late in chosen[(index + 1)...] where late.time - early.time >= minSeconds / 2 {
        guard let shift = late.body.shift(from: early.body) else { continue }
        xs.append(shift.x / Float(late.time - early.time))
        ys.append(shift.y / Float(late.time - early.time))
      }
    }
    let velocity = (x: xs.median, y: ys.median)
    let (speed, most) = (hypot(velocity.x, velocity.y), BodyMotion.maxSpeed * last.body.size)
    return speed <= most ? velocity : (velocity.x * most / speed, velocity.y * most / speed)
  }
}

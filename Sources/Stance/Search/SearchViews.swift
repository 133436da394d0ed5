import Images

/// The squares of a picture that the detector looks at.
enum SearchViews {
  /// Part of a tile that its neighbour sees too.
  static let overlap: Float = 1 / 3
  /// Lying to either side and standing on their heads: the detector finds people up to about 45° from upright.
  static let turned: [Float] = [.pi / 2, -.pi / 2, .pi]

  /// Overlapping tiles of an area: of each scale, turned by each angle.
  ///
  /// - Parameters:
  ///   - area: in pixels of the original.
  ///   - divisors: sides of the tiles: the area's longer side divided by these; 1 is the whole area.
  ///   - rotations: radians, clockwise.
  static func tiles(
    of area: PixelBox, divisors: [Float], rotations: [Float] = [0]
  ) -> [RegionOfInterest] {
    let squares = divisors.flatMap { divisor in
      let side = max(area.width, area.height) / divisor
      return centers(along: area.height, side: side).flatMap { y in
        centers(along: area.width, side: side).map { x in
          (center: Point<Pixels>(x: area.x + x, y: area.y + y), side: side)
        }
      }
    }
    return rotations.flatMap { rotation in
      squares.map { RegionOfInterest(center: $0.center, side: $0.side, rotation: rotation) }
    }
  }

  /// Middles of tiles of `side`, evenly spaced so that the first begins and the last ends with the area.
  private static func centers(along length: Float, side: Float) -> [Float] {
    // A hair's breadth more than a tile is a tile.
    let steps = ((length - side) / (side * (1 - overlap)) - 1e-3).rounded(.up)
    guard steps >= 1 else { return [length / 2] }
    return (0...Int(steps)).map { side / 2 + Float($0) * (length - side) / steps }
  }
}

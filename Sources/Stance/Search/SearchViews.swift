import Images

/// The squares of a picture that the detector looks at, besides the whole.
enum SearchViews {
  /// Sides of the tiles: the longer side divided by these.
  static let divisors: [Float] = [2, 3]
  /// Part of a tile that its neighbour sees too.
  static let overlap: Float = 1 / 3
  /// Turns of the picture: upright, and lying to either side. The detector finds people up to about 45° from upright.
  static let rotations: [Float] = [0, .pi / 2, -.pi / 2]

  /// The whole picture and overlapping tiles of it, each at every rotation.
  static func all(for size: ImageSize) -> [RegionOfInterest] {
    let (width, height) = (Float(size.width), Float(size.height))
    let longer = max(width, height)
    let squares =
      [(x: width / 2, y: height / 2, side: longer)]
      + divisors.flatMap { divisor in
        let side = longer / divisor
        return centers(along: height, side: side).flatMap { y in
          centers(along: width, side: side).map { x in (x: x, y: y, side: side) }
        }
      }
    return rotations.flatMap { rotation in
      squares.map {
        RegionOfInterest(center: Point(x: $0.x, y: $0.y), side: $0.side, rotation: rotation)
      }
    }
  }

  /// Middles of tiles of `side`, evenly spaced so that the first begins and the last ends with the picture.
  private static func centers(along length: Float, side: Float) -> [Float] {
    guard length > side else { return [length / 2] }
    let steps = ((length - side) / (side * (1 - overlap)) - 1e-3).rounded(.up)
    return (0...Int(steps)).map { side / 2 + Float($0) * (length - side) / steps }
  }
}

import Images

/// From the pixels of one frame to those of the next, which shows the same in another size.
struct FrameScale: Sendable, Hashable {
  var x: Float
  var y: Float

  /// Sides may round by so much. Beyond it the picture was turned or cut, and nobody knows where things went.
  private static let tolerance: Float = 0.05

  /// Nil where both sizes are the same, or are not of the same shape.
  init?(from old: ImageSize, to new: ImageSize) {
    guard old != new else { return nil }
    x = Float(new.width) / Float(old.width)
    y = Float(new.height) / Float(old.height)
    guard abs(x - y) <= Self.tolerance * max(x, y) else { return nil }
  }

  func callAsFunction(_ point: Point<Pixels>) -> Point<Pixels> {
    Point(x: point.x * x, y: point.y * y)
  }

  /// A length in any direction.
  func callAsFunction(_ length: Float) -> Float { length * (x + y) / 2 }
}

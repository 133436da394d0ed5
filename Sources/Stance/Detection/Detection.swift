/// Parts of the square that the detector sees, padding included: 0...1, origin top left.
package enum DetectorSquare: CoordinateFrame {}

/// A position in the coordinates of `Frame`: x right, y down.
package struct Point<Frame: CoordinateFrame>: Sendable, Hashable {
  package var x: Float
  package var y: Float

  package init(x: Float, y: Float) {
    self.x = x
    self.y = y
  }
}

/// A body that the detector found.
package struct Detection<Frame: CoordinateFrame>: Sendable, Hashable {
  /// The detector's probability, 0...1.
  package var score: Float
  /// The box's corner nearest to the origin.
  package var lower: Point<Frame>
  /// The opposite corner.
  package var upper: Point<Frame>
  /// Four alignment points: the middle of the hips; a point on the circle round the whole body, in the direction
  /// of the head; the same two for the upper body.
  package var keypoints: [Point<Frame>]

  package init(
    score: Float, lower: Point<Frame>, upper: Point<Frame>, keypoints: [Point<Frame>]
  ) {
    self.score = score
    self.lower = lower
    self.upper = upper
    self.keypoints = keypoints
  }

  /// Overlap of the boxes: intersection over union, 0...1.
  package func overlap(with other: Self) -> Float {
    let width = min(upper.x, other.upper.x) - max(lower.x, other.lower.x)
    let height = min(upper.y, other.upper.y) - max(lower.y, other.lower.y)
    guard width > 0, height > 0 else { return 0 }
    let union = area + other.area - width * height
    return union > 0 ? width * height / union : 0
  }

  private var area: Float { (upper.x - lower.x) * (upper.y - lower.y) }
}

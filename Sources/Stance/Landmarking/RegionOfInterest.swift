import Glibc
package import PixelKernels

/// The turned square of the picture that holds one body, in pixels of the upright picture.
package struct RegionOfInterest: Sendable, Hashable {
  /// The square's centre.
  package var center: Point<Pixels>
  /// The square's side in pixels.
  package var side: Float
  /// By how much the body is turned: radians, clockwise as seen, -π..<π; 0 is upright.
  package var rotation: Float

  /// A square of the given place.
  package init(center: Point<Pixels>, side: Float, rotation: Float) {
    self.center = center
    self.side = side
    self.rotation = rotation
  }

  /// The circle that two alignment points describe, made larger: MediaPipe's `AlignmentPointsRectsCalculator` and
  /// `RectTransformationCalculator` as `pose_detection_to_roi.pbtxt` sets them.
  ///
  /// - Parameters:
  ///   - hips: the middle of the hips: the square's centre.
  ///   - rim: a point on the circle round the whole body, in the direction of the head.
  /// - Returns: nil where the points say nothing: both in one place, or not finite.
  package init?(hips: Point<Pixels>, rim: Point<Pixels>) {
    let (dx, dy) = (rim.x - hips.x, rim.y - hips.y)
    let radius = (dx * dx + dy * dy).squareRoot()
    guard radius > 0, radius.isFinite, hips.x.isFinite, hips.y.isFinite else { return nil }
    // Upright, the direction of the head is a quarter turn from the x axis.
    let rotation = .pi / 2 - atan2(-dy, dx)
    self.init(
      center: hips, side: 2 * radius * Self.expansion, rotation: Self.normalized(rotation))
  }

  /// The region of a detected body.
  package init?(_ detection: Detection<Pixels>) {
    guard detection.keypoints.count >= 2 else { return nil }
    self.init(hips: detection.keypoints[0], rim: detection.keypoints[1])
  }

  /// How much larger the square is than the circle round the body.
  package static let expansion: Float = 1.25

  /// The side of the body itself, in pixels: what distances between joints are measured in.
  package var bodySize: Float { side / Self.expansion }

  /// The same angle in -π..<π.
  private static func normalized(_ angle: Float) -> Float {
    angle - 2 * .pi * ((angle + .pi) / (2 * .pi)).rounded(.down)
  }

  /// From pixels of a square crop to pixels of the picture, corner on corner.
  ///
  /// The corners are rounded to 32-bit floats as OpenCV's `RotatedRect::points` has them, so that the crop is
  /// MediaPipe's to the last grey level.
  package func map(toSide cropSide: Int) -> AffineMap {
    let angle = Double(rotation)
    let (a, b) = (Float(sin(angle)) * 0.5, Float(cos(angle)) * 0.5)
    let lowerLeft = Point<Pixels>(
      x: center.x - a * side - b * side, y: center.y + b * side - a * side)
    let upperLeft = Point<Pixels>(
      x: center.x + a * side - b * side, y: center.y - b * side - a * side)
    let upperRight = Point<Pixels>(x: 2 * center.x - lowerLeft.x, y: 2 * center.y - lowerLeft.y)
    let length = Double(cropSide)
    return AffineMap(
      ux: (Double(upperRight.x) - Double(upperLeft.x)) / length,
      uy: (Double(lowerLeft.x) - Double(upperLeft.x)) / length, u0: Double(upperLeft.x),
      vx: (Double(upperRight.y) - Double(upperLeft.y)) / length,
      vy: (Double(lowerLeft.y) - Double(upperLeft.y)) / length, v0: Double(upperLeft.y))
  }

  /// The same region in a picture that is `scale` times as large.
  package func scaled(x: Float, y: Float) -> RegionOfInterest {
    RegionOfInterest(
      center: Point(x: center.x * x, y: center.y * y), side: side * (x + y) / 2, rotation: rotation)
  }

  /// Whether two detections that gave these regions are most likely of one body.
  func isOfSameBody(as other: RegionOfInterest) -> Bool {
    isNear(other, within: 0.15, scale: 1.3, turn: 0.35)
  }

  /// Whether another region is nearly the same.
  ///
  /// - Parameters:
  ///   - distance: of the centres, in sides of the smaller region.
  ///   - scale: how many times as large one may be as the other.
  ///   - turn: radians; above π any.
  func isNear(
    _ other: RegionOfInterest, within distance: Float, scale: Float, turn: Float
  ) -> Bool {
    let smaller = min(side, other.side)
    return hypot(center.x - other.center.x, center.y - other.center.y) < distance * smaller
      && max(side, other.side) < scale * smaller
      && abs(remainder(rotation - other.rotation, 2 * .pi)) < turn
  }
}

import Images
import Stance

/// How thick one person's bones are, and how big their joints, in pixels.
struct StrokeSizes: Hashable {
  /// Width of a bone.
  var thickness: Double
  /// Radius of a joint of the trunk or a limb.
  var radius: Double
  /// Radius of a joint of hands and feet, which lie close together.
  var smallRadius: Double
  /// Width of a bone in the face.
  var faceThickness: Double
  /// Radius of a joint in the face, where the eye's corners are 15 mm apart.
  var faceRadius: Double
  /// Height of the labels' letters.
  var fontSize: Double

  /// What the style asks for; what it leaves open follows the person, within bounds that follow the picture.
  init(for person: Person, in size: ImageSize, style: DrawingStyle) {
    // The side of the square that has as many pixels: the same look at any resolution.
    let side = Double(size.pixelCount).squareRoot()
    let scale = Self.pixelsPerMetre(of: person, in: size) ?? side / 2

    let suited = Self.clamp(scale * Self.boneWidth, 1.25...max(1.25, side * Self.maxPart))
    let thickness = Self.asked(style.thickness) ?? suited
    let asked = Self.asked(style.radius)
    let radius = asked ?? thickness * Self.radiusToThickness
    self.thickness = thickness
    self.radius = radius
    smallRadius = asked ?? max(radius * Self.smallToLarge, min(radius, 1))
    let faceRadius = Self.clamp(scale * Self.faceJointRadius, 1...max(1, smallRadius))
    self.faceRadius = asked ?? faceRadius
    faceThickness =
      Self.asked(style.thickness) ?? min(thickness, max(1, faceRadius * Self.faceBoneToRadius))
    fontSize = Self.clamp(scale * Self.letterHeight, 11...max(11, side * 0.022))
  }

  // Chosen by looking at photos of 300 px to 12 megapixels with people of 40 to 4000 px.

  /// Metres, on the person's own scale.
  private static let boneWidth = 0.021
  /// Metres, on the person's own scale.
  private static let faceJointRadius = 0.0095
  /// Metres, on the person's own scale.
  private static let letterHeight = 0.1
  /// Most of the picture's side that a bone may take.
  private static let maxPart = 0.0065
  private static let radiusToThickness = 1.3
  private static let smallToLarge = 0.72
  private static let faceBoneToRadius = 0.9

  /// Width of the dark edge round a stroke of `width` pixels.
  static func outline(of width: Double) -> Double {
    width > 0 ? clamp(width * 0.2, 0.5...8) : 0
  }

  private static func asked(_ pixels: Float?) -> Double? {
    guard let pixels, pixels.isFinite else { return nil }
    return clamp(Double(pixels), 0...Double(DrawingStyle.maxStroke))
  }

  private static func clamp(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }

  /// The person's size in the picture: how far the landmarks spread from their centre, compared with how far the
  /// world landmarks do. Unlike the height of a box it holds for people who sit, crouch or are cut by the edge.
  ///
  /// - Returns: nil when the landmarks have no extent, or world landmarks are missing.
  static func pixelsPerMetre(of person: Person, in size: ImageSize) -> Double? {
    let pixels = person.landmarks.pixels(in: size).map { (Double($0.x), Double($0.y)) }
    let metres = person.worldLandmarks.map { (Double($0.x), Double($0.y)) }
    let ratio = spread(pixels) / spread(metres)
    return ratio.isFinite && ratio > 0 ? ratio : nil
  }

  private static func spread(_ points: [(x: Double, y: Double)]) -> Double {
    let count = Double(points.count)
    let centerX = points.reduce(0) { $0 + $1.x } / count
    let centerY = points.reduce(0) { $0 + $1.y } / count
    let squares = points.reduce(0) { sum, point in
      sum + (point.x - centerX) * (point.x - centerX) + (point.y - centerY) * (point.y - centerY)
    }
    return (squares / count).squareRoot()
  }
}

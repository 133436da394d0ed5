import Glibc
import Images

/// What a person wears, as colours of places on trunk and limbs: tells people apart where places don't.
package struct ColorSignature: Sendable, Hashable {
  /// Between which joints a colour is taken, and how far along.
  private static let places: [(from: LandmarkName, to: LandmarkName, part: Float)] = [
    (.leftShoulder, .rightHip, 0.3), (.leftShoulder, .rightHip, 0.7),
    (.rightShoulder, .leftHip, 0.3), (.rightShoulder, .leftHip, 0.7),
    (.leftHip, .leftKnee, 0.5), (.rightHip, .rightKnee, 0.5),
    (.leftShoulder, .leftElbow, 0.4), (.rightShoulder, .rightElbow, 0.4),
  ]
  /// A pixel and its neighbours on so many sides are averaged.
  private static let reach = 1
  /// How much a new frame counts.
  private static let newest: Float = 0.1

  /// Blue, green, red, 0...255; nil where the place is outside the picture.
  private var colors: [SIMD3<Float>?]

  /// The colours of one person in a picture.
  init(_ landmarks: Landmarks<Pixels>, in image: Image) {
    colors = image.withPixels { pixels in
      Self.places.map { place in
        let (from, to) = (landmarks[place.from], landmarks[place.to])
        return Self.color(
          x: from.x + place.part * (to.x - from.x), y: from.y + place.part * (to.y - from.y),
          pixels, image.size)
      }
    }
  }

  package init(_ colors: [SIMD3<Float>?]) { self.colors = colors }

  /// How many places there are.
  static let placeCount = places.count

  /// The colour at a place, if it was in the picture.
  func color(at place: Int) -> SIMD3<Float>? {
    colors.indices.contains(place) ? colors[place] : nil
  }

  private static func color(
    x: Float, y: Float, _ pixels: UnsafeBufferPointer<UInt8>, _ size: ImageSize
  ) -> SIMD3<Float>? {
    let (margin, width, height) = (Float(reach), Float(size.width), Float(size.height))
    guard x >= margin, y >= margin, x < width - margin, y < height - margin else { return nil }
    let (column, row) = (Int(x), Int(y))
    var sum = SIMD3<Float>.zero
    for y in row - reach...row + reach {
      for x in column - reach...column + reach {
        let start = Image.bytesPerPixel * (y * size.width + x)
        sum += SIMD3(
          Float(pixels[start]), Float(pixels[start + 1]), Float(pixels[start + 2]))
      }
    }
    let side = Float(2 * reach + 1)
    return sum / (side * side)
  }

  /// Takes in how the person looks now.
  mutating func update(_ now: ColorSignature) {
    for (index, color) in now.colors.enumerated() where colors.indices.contains(index) {
      guard let color else { continue }
      colors[index] = colors[index].map { $0 + Self.newest * (color - $0) } ?? color
    }
  }

  /// How different two people look: 0 alike, 1 black against white; nil when no place of both can be seen.
  package func difference(from other: ColorSignature) -> Float? {
    let differences = zip(colors, other.colors).compactMap { pair -> Float? in
      guard let a = pair.0, let b = pair.1 else { return nil }
      let d = a - b
      return ((d * d).sum() / 3).squareRoot() / 255
    }
    return differences.isEmpty ? nil : differences.median
  }
}

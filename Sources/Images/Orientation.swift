import PixelKernels

/// How a stored picture must be turned to be upright: the eight values of EXIF's orientation tag.
enum Orientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored = 2
  case turnedHalf = 3
  case flipped = 4
  case transposed = 5
  /// Stored so that a quarter turn clockwise makes it upright: a phone held upright.
  case turnedLeft = 6
  case transversed = 7
  /// Stored so that a quarter turn counterclockwise makes it upright.
  case turnedRight = 8

  /// Whether width and height change places.
  var swapsSides: Bool { rawValue >= 5 }

  /// The upright size of a picture stored with this one.
  func upright(_ stored: ImageSize) -> ImageSize {
    swapsSides ? ImageSize(width: stored.height, height: stored.width) : stored
  }

  /// Which stored pixel comes where.
  private func walk(_ stored: ImageSize) -> Conversion.Walk {
    let width = stored.width
    let last = stored.pixelCount - 1
    return switch self {
    case .upright: Conversion.Walk(origin: 0, right: 1, down: width)
    case .mirrored: Conversion.Walk(origin: width - 1, right: -1, down: width)
    case .turnedHalf: Conversion.Walk(origin: last, right: -1, down: -width)
    case .flipped: Conversion.Walk(origin: last + 1 - width, right: 1, down: -width)
    case .transposed: Conversion.Walk(origin: 0, right: width, down: 1)
    case .turnedLeft: Conversion.Walk(origin: last + 1 - width, right: -width, down: 1)
    case .transversed: Conversion.Walk(origin: last, right: -width, down: -1)
    case .turnedRight: Conversion.Walk(origin: width - 1, right: width, down: -1)
    }
  }

  /// The picture turned upright; itself when it is so already.
  func apply(to image: Image) -> Image {
    if self == .upright { return image }
    let size = upright(image.size)
    return Image(
      size: size,
      filledBy: { target in
        image.withPixels {
          Conversion.turn($0, into: target, targetWidth: size.width, walk: walk(image.size))
        }
      })
  }
}

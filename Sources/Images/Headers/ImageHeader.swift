/// What a picture's header says of it.
struct ImageHeader: Sendable {
  /// The size of the stored picture, before it is turned upright; nil for HEIC and AVIF.
  var stored: ImageSize?
  /// How the stored picture must be turned to be upright.
  var orientation = Orientation.upright
  /// Several frames: only the first is decoded.
  var isAnimated = false

  /// The size of the upright picture.
  var upright: ImageSize? { stored.map(orientation.upright) }
}

extension ImageFormat {
  /// The name that people write: "JPEG", "WebP".
  var title: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .gif: "GIF"
    case .tiff: "TIFF"
    case .bmp: "BMP"
    case .heic: "HEIC"
    case .avif: "AVIF"
    }
  }

  /// Reads a header of this format.
  ///
  /// - Throws: `ImageError` when it is damaged, ends too early or tells of a kind that is not read.
  func readHeader(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    switch self {
    case .jpeg: try JPEGHeader.read(bytes)
    case .png: try PNGHeader.read(bytes)
    case .webp: try WebPHeader.read(bytes)
    case .gif: try GIFHeader.read(bytes)
    case .tiff: try TIFFHeader.read(bytes)
    case .bmp: try BMPHeader.read(bytes)
    case .heic, .avif: try HEIFHeader.read(bytes, format: self)
    }
  }

  func truncated(_ place: String) -> ImageError {
    ImageError(.truncated, "\(title) ends too early, \(place)")
  }

  func corrupt(_ reason: String) -> ImageError {
    ImageError(.corrupt, "damaged \(title): \(reason)")
  }
}

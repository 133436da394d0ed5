/// Pictures and masks as bytes.
public enum ImageEncoder {
  /// The formats that can be written.
  public static let formats: [ImageFormat] = [.jpeg, .png, .webp]

  /// Encodes a picture.
  ///
  /// - Parameter quality: 1...100, for JPEG (with 4:2:0 colour) and WebP; PNG is lossless.
  /// - Throws: `ImageError`: `.unsupportedFormat` for a format not in ``formats``, `.encodingFailed` when the
  ///   picture has a side too long for the format (JPEG 65535, WebP 16383).
  public static func encode(
    _ image: Image, as format: ImageFormat, quality: Int = 90
  ) throws -> [UInt8] {
    guard formats.contains(format) else {
      throw ImageError(.unsupportedFormat, "\(format.title) is not written; JPEG, PNG and WebP are")
    }
    try checkQuality(quality)
    switch format {
    case .jpeg: return try JPEGEncoder.encode(image, quality: quality)
    case .webp: return try WebPEncoder().encode(image, quality: quality)
    default: return try PNGEncoder.encode(image)
    }
  }

  /// The formats that can hold transparency.
  public static let transparentFormats: [ImageFormat] = [.png, .webp]

  /// Encodes a picture with its transparency.
  ///
  /// - Parameter quality: 1...100, for WebP's colours; its opacity and PNG are lossless.
  /// - Throws: `ImageError`: `.unsupportedFormat` for a format not in ``transparentFormats``, `.encodingFailed` when
  ///   the picture has a side too long for the format.
  public static func encode(
    _ image: TransparentImage, as format: ImageFormat, quality: Int = 90
  ) throws -> [UInt8] {
    try checkQuality(quality)
    switch format {
    case .png: return try PNGEncoder.encode(image)
    case .webp: return try WebPEncoder().encode(image, quality: quality)
    default:
      throw ImageError(
        .unsupportedFormat, "\(format.title) holds no transparency; PNG and WebP do")
    }
  }

  /// Encodes a mask as an 8-bit grey PNG.
  ///
  /// - Throws: `ImageError` with `.encodingFailed`.
  public static func png(_ mask: Mask) throws -> [UInt8] { try PNGEncoder.encode(mask) }

  private static func checkQuality(_ quality: Int) throws(ImageError) {
    guard (1...100).contains(quality) else {
      throw ImageError(.encodingFailed, "quality \(quality); 1 to 100 is wanted")
    }
  }
}

extension ImageFormat {
  /// - Throws: `.encodingFailed` when a side is longer than the format can say.
  func checkSides(_ size: ImageSize, atMost longest: Int) throws(ImageError) {
    guard max(size.width, size.height) <= longest else {
      throw ImageError(
        .encodingFailed, "\(size) pixels; a \(title) has at most \(longest) on either side")
    }
  }
}

/// Pictures and masks as bytes.
public enum ImageEncoder {
  /// The formats that can be written.
  public static let formats: [ImageFormat] = [.jpeg, .png, .webp]

  /// Encodes a picture.
  ///
  /// - Parameter quality: 1...100, for JPEG and WebP; PNG is lossless.
  /// - Throws: `ImageError` with `.unsupportedFormat` for a format not in ``formats``.
  public static func encode(
    _ image: Image, as format: ImageFormat, quality: Int = 90
  ) throws -> [UInt8] {
    throw ImageError(.unsupportedFormat, "not built yet")
  }

  /// Encodes a mask as an 8-bit grey PNG.
  public static func png(_ mask: Mask) throws -> [UInt8] {
    throw ImageError(.unsupportedFormat, "not built yet")
  }
}

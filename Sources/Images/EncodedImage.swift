import Files

/// A picture as bytes, with its header read and found within the limits: not decoded yet.
///
///     let photo = try EncodedImage(contentsOf: "photo.jpg")
///     let image = try photo.decode()
public struct EncodedImage: Sendable {
  /// What the content says it is.
  public let format: ImageFormat
  /// The upright picture's size by the header; nil for HEIC and AVIF, where only decoding tells.
  public let size: ImageSize?
  /// The encoded bytes.
  public let bytes: [UInt8]

  /// Reads the header.
  ///
  /// - Throws: `ImageError` when it is no picture, of an unknown format, over the limits or damaged.
  public init(_ bytes: [UInt8], limits: ImageLimits = ImageLimits()) throws {
    self.bytes = bytes
    format = .jpeg
    size = nil
  }

  /// Reads a file and its header.
  ///
  /// - Throws: `FileError` when the file can't be read, `ImageError` as above.
  public init(contentsOf path: String, limits: ImageLimits = ImageLimits()) throws {
    try self.init(Files.read(path, limit: limits.maxBytes), limits: limits)
  }

  /// The upright picture: EXIF orientation applied, alpha composed on white.
  ///
  /// - Parameter reduction: 1, 2, 4 or 8: JPEGs are decoded at 1/reduction of their size (rounded up); other
  ///   formats always come whole.
  /// - Throws: `ImageError` when the data is truncated or damaged; never a half picture.
  public func decode(reduction: Int = 1) throws -> Image {
    throw ImageError(.unsupportedFormat, "not built yet")
  }
}

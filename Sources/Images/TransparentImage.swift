/// An upright picture in memory with an opacity of each pixel: 8-bit sRGB.
///
/// A pixel is four bytes, blue, green, red and alpha (0 invisible, 255 opaque), the opacity not multiplied into the
/// colours; rows run top down without padding.
public struct TransparentImage: Sendable, Hashable {
  /// Width and height in pixels.
  public let size: ImageSize
  /// `4 * width * height` bytes: B, G, R, alpha.
  package let bgra: [UInt8]

  /// Takes over pixels that are already in the picture's own layout.
  ///
  /// - Precondition: `bgra.count == 4 * size.pixelCount`, both sides at least 1.
  public init(size: ImageSize, bgra: [UInt8]) {
    precondition(size.width > 0 && size.height > 0, "a picture has at least one pixel")
    precondition(
      bgra.count == Image.bytesPerPixel * size.pixelCount,
      "\(bgra.count) bytes for a picture of \(size)")
    self.size = size
    self.bgra = bgra
  }

  /// Lends the pixels for reading.
  public func withPixels<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bgra.withUnsafeBufferPointer(body)
  }
}

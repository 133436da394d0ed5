/// Bounds that hold before anything is allocated.
public struct ImageLimits: Sendable, Hashable {
  /// Most pixels of a picture. 64 megapixels by default.
  public var maxPixels: Int
  /// Most bytes of an encoded picture. 256 MiB by default.
  public var maxBytes: Int
  /// How long a decoder in a process of its own may take. 20 s by default.
  public var maxDecodingTime: Duration

  /// Limits; each has a default.
  public init(
    maxPixels: Int = 64_000_000, maxBytes: Int = 256 << 20, maxDecodingTime: Duration = .seconds(20)
  ) {
    self.maxPixels = maxPixels
    self.maxBytes = maxBytes
    self.maxDecodingTime = maxDecodingTime
  }
}

extension ImageLimits {
  /// Whatever the limit: a row of four bytes a pixel must fit the codecs' 32-bit numbers.
  private static let mostPixelsEver = 1 << 28

  /// Pixels that a picture may have.
  var pixelBound: Int { min(max(maxPixels, 0), Self.mostPixelsEver) }

  /// - Throws: `ImageError` when a side is zero or the picture has too many pixels.
  func check(_ size: ImageSize) throws(ImageError) {
    guard size.width > 0, size.height > 0 else {
      throw ImageError(.invalidDimensions, "a picture of \(size) pixels has no pixel")
    }
    let (count, overflow) = size.width.multipliedReportingOverflow(by: size.height)
    guard !overflow, count <= pixelBound else {
      throw ImageError(
        .tooLarge,
        "\(size) pixels; at most \(pixelBound) are read (\(pixelBound / 1_000_000) megapixels)")
    }
  }
}

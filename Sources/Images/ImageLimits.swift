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

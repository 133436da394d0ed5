import PixelKernels

/// The width and height of a picture in pixels.
public struct ImageSize: Sendable, Hashable, CustomStringConvertible {
  /// Pixels from left to right.
  public var width: Int
  /// Pixels from top to bottom.
  public var height: Int

  /// A size of `width` × `height` pixels.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// All pixels of a picture of this size.
  public var pixelCount: Int { width * height }

  /// For messages: "640x480".
  public var description: String { "\(width)x\(height)" }
}

/// An upright picture in memory: 8-bit sRGB.
///
/// A pixel is four bytes, blue, green, red and one unused (255); rows run top down without padding. That is
/// what libjpeg-turbo, libwebp and ffmpeg write and what Cairo draws on, so no stage converts another's pixels.
public struct Image: Sendable, Hashable {
  /// Bytes from one pixel to the next.
  public static let bytesPerPixel = 4

  /// Width and height in pixels.
  public let size: ImageSize
  /// `4 * width * height` bytes: B, G, R, unused.
  package private(set) var bgrx: [UInt8]

  /// Pixels from left to right.
  public var width: Int { size.width }
  /// Pixels from top to bottom.
  public var height: Int { size.height }

  /// Takes over pixels that are already in the picture's own layout.
  ///
  /// - Precondition: `bgrx.count == 4 * size.pixelCount`, both sides at least 1.
  public init(size: ImageSize, bgrx: [UInt8]) {
    precondition(size.width > 0 && size.height > 0, "a picture has at least one pixel")
    precondition(
      bgrx.count == Self.bytesPerPixel * size.pixelCount,
      "\(bgrx.count) bytes for a picture of \(size)")
    self.size = size
    self.bgrx = bgrx
  }

  /// Copies packed RGB, three bytes a pixel, rows top down without padding.
  ///
  /// - Precondition: `rgb.count == 3 * size.pixelCount`, both sides at least 1.
  public init(size: ImageSize, rgb: [UInt8]) {
    precondition(rgb.count == 3 * size.pixelCount, "\(rgb.count) bytes for a picture of \(size)")
    self.init(
      size: size,
      filledBy: { target in
        rgb.withUnsafeBufferPointer { Conversion.toBGRX(rgb: $0, into: target) }
      })
  }

  /// A mask as a grey picture: black where nobody is, white where somebody surely is.
  public init(_ mask: Mask) {
    self.init(
      size: mask.size,
      filledBy: { target in
        mask.values.withUnsafeBufferPointer { Conversion.toBGRX(grey: $0, into: target) }
      })
  }

  /// A picture whose pixels `fill` writes, all of them, into memory that holds anything.
  init(size: ImageSize, filledBy fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows
  {
    let byteCount = Self.bytesPerPixel * size.pixelCount
    let bgrx = try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<byteCount]))
      count = byteCount
    }
    self.init(size: size, bgrx: bgrx)
  }

  /// Lends the pixels for reading.
  public func withPixels<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bgrx.withUnsafeBufferPointer(body)
  }

  /// Lends the pixels for drawing on them in place.
  package mutating func withMutablePixels<Result>(
    _ body: (UnsafeMutableBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bgrx.withUnsafeMutableBufferPointer { try body($0) }
  }
}

/// A grey picture that says how much each pixel belongs to a person: 0 not at all, 255 surely.
public struct Mask: Sendable, Hashable {
  /// Width and height in pixels: those of the picture it belongs to.
  public let size: ImageSize
  /// One byte a pixel, rows top down without padding.
  public let values: [UInt8]

  /// - Precondition: `values.count == size.pixelCount`.
  public init(size: ImageSize, values: [UInt8]) {
    precondition(values.count == size.pixelCount, "\(values.count) bytes for a mask of \(size)")
    self.size = size
    self.values = values
  }
}

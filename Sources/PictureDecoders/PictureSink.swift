/// What comes before the pixels.
package struct PictureHead: Sendable, Hashable {
  /// Pixels from left to right.
  package let width: Int
  /// Pixels from top to bottom.
  package let height: Int
  /// Bytes a pixel: 3 for RGB, 4 for RGBA with colours not multiplied by alpha.
  package let channels: Int
  /// How the picture must be turned to be upright, as EXIF numbers it, by the container's own word for it; 1 where the
  /// decoder has turned it or somebody else reads the header.
  package let orientation: Int

  package init(width: Int, height: Int, channels: Int, orientation: Int = 1) {
    self.width = width
    self.height = height
    self.channels = channels
    self.orientation = orientation
  }
}

/// Where a decoder puts its picture.
package protocol PictureSink {
  /// Most pixels that are taken.
  var maxPixels: Int { get }

  /// Comes before any pixel is decoded: so many were announced.
  func expect(pixels: Int) throws(Failure)

  /// Comes before the rows.
  func begin(_ head: PictureHead) throws(Failure)

  /// `width * channels` bytes, rows top down.
  func write(row: UnsafeRawBufferPointer) throws(Failure)
}

extension PictureSink {
  /// The number of pixels.
  ///
  /// - Throws: when a side is not positive or the picture is larger than is taken.
  func count(width: Int, height: Int) throws(Failure) -> Int {
    guard width > 0, height > 0 else { throw Failure(.corrupt, "no size in its header") }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= maxPixels else {
      throw Failure(.tooLarge, "\(width)x\(height) pixels; at most \(maxPixels) are read")
    }
    return pixels
  }

  /// Rows that lie `stride` bytes apart.
  func write(
    rows: UnsafeRawPointer, stride: Int, _ head: PictureHead
  ) throws(Failure) {
    for y in 0..<head.height {
      try write(
        row: UnsafeRawBufferPointer(start: rows + y * stride, count: head.channels * head.width))
    }
  }
}

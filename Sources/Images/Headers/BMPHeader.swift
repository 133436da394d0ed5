/// The two headers of a BMP, as Windows documents BITMAPFILEHEADER and BITMAPINFOHEADER.
enum BMPHeader {
  static func read(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    guard bytes.count >= 26, let headerSize = bytes.number(14, width: 4, .little) else {
      throw ImageFormat.bmp.truncated("in its header")
    }
    if headerSize <= 16 {
      guard headerSize == 12 else {
        throw ImageError(.unsupportedFormat, "a BMP of OS/2's second version is not read")
      }
      return ImageHeader(
        stored: ImageSize(
          width: bytes.number(18, width: 2, .little) ?? 0,
          height: bytes.number(20, width: 2, .little) ?? 0))
    }
    guard let width = bytes.number(18, width: 4, .little),
      let height = bytes.number(22, width: 4, .little), bytes.count >= 14 + headerSize
    else { throw ImageFormat.bmp.truncated("in its header") }
    // A negative height means that rows run top down.
    let rows = Int(Int32(truncatingIfNeeded: height).magnitude)
    return ImageHeader(
      stored: ImageSize(width: Int(Int32(truncatingIfNeeded: width)), height: rows))
  }

  /// The pixels are all there, where their number of bytes is known: in files that are not compressed.
  static func checkComplete(_ bytes: HeaderBytes, size: ImageSize) throws(ImageError) {
    let isCore = bytes.number(14, width: 4, .little) == 12
    let compression = isCore ? 0 : bytes.number(30, width: 4, .little)
    guard let start = bytes.number(10, width: 4, .little),
      let bits = bytes.number(isCore ? 24 : 28, width: 2, .little),
      // 0 plain, 3 and 6 with channel masks.
      let compression, [0, 3, 6].contains(compression)
    else { return }
    let row = (size.width * bits + 31) / 32 * 4
    guard bits <= 32, start + row * size.height <= bytes.count else {
      throw ImageFormat.bmp.truncated("with \(bytes.count) of \(start + row * size.height) bytes")
    }
  }
}

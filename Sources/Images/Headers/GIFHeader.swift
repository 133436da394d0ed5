/// The blocks of a GIF up to the end of its first picture: GIF89a specification.
enum GIFHeader {
  /// The screen's size, or what its first picture needs where that is more: browsers let the screen grow.
  static func read(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    guard bytes.count >= 13, var width = bytes.number(6, width: 2, .little),
      var height = bytes.number(8, width: 2, .little)
    else { throw ImageFormat.gif.truncated("in its header") }
    let picture = try firstPicture(bytes)
    let numbers = (0..<4).map { bytes.number(picture + 1 + 2 * $0, width: 2, .little) ?? 0 }
    width = max(width, numbers[0] + numbers[2])
    height = max(height, numbers[1] + numbers[3])
    return ImageHeader(stored: ImageSize(width: width, height: height))
  }

  /// The first picture is there to its last block; what follows does not count.
  static func checkComplete(_ bytes: HeaderBytes) throws(ImageError) {
    let picture = try firstPicture(bytes)
    guard let flags = bytes[picture + 9] else { throw early }
    // The descriptor, its colours and the code size come before the data.
    _ = try afterBlocks(bytes, picture + 10 + colourTable(flags) + 1)
  }

  private static var early: ImageError {
    ImageFormat.gif.truncated("before the end of its first picture")
  }

  /// Where the first picture's descriptor stands.
  private static func firstPicture(_ bytes: HeaderBytes) throws(ImageError) -> Int {
    var offset = 13 + colourTable(bytes[10])
    while let kind = bytes[offset] {
      switch kind {
      case 0x21: offset = try afterBlocks(bytes, offset + 2)
      case 0x2c: return offset
      case 0x3b: throw ImageFormat.gif.corrupt("no picture inside")
      default: throw ImageFormat.gif.corrupt("a block of unknown kind \(kind)")
      }
    }
    throw early
  }

  /// Bytes of the colour table that these flags announce.
  private static func colourTable(_ flags: UInt8?) -> Int {
    guard let flags, flags & 0x80 != 0 else { return 0 }
    return 3 << (Int(flags & 7) + 1)
  }

  private static func afterBlocks(_ bytes: HeaderBytes, _ start: Int) throws(ImageError) -> Int {
    var offset = start
    while let length = bytes[offset] {
      offset += 1 + Int(length)
      if length == 0 { return offset }
    }
    throw early
  }
}

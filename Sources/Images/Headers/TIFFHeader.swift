/// The first directory of a TIFF: TIFF revision 6.
enum TIFFHeader {
  private enum Tag {
    static let subfileType = 254
    static let width = 256
    static let height = 257
    static let stripOffsets = 273
    static let orientation = 274
    static let stripByteCounts = 279
    static let tileOffsets = 324
    static let tileByteCounts = 325
    static let subdirectories = 330
    static let dngVersion = 50706
  }

  static func read(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    guard let directory = TIFFDirectory(bytes) else {
      throw ImageFormat.tiff.truncated("before its directory")
    }
    if directory.values(Tag.dngVersion) != nil { throw raw("DNG") }
    let isReduced = (directory.value(Tag.subfileType) ?? 0) & 1 == 1
    if isReduced, directory.values(Tag.subdirectories) != nil { throw raw("NEF, ARW or alike") }
    guard let width = directory.value(Tag.width), let height = directory.value(Tag.height) else {
      throw ImageFormat.tiff.corrupt("its directory tells no size")
    }
    return ImageHeader(
      stored: ImageSize(width: width, height: height),
      orientation: directory.value(Tag.orientation).flatMap(Orientation.init(rawValue:)) ?? .upright
    )
  }

  /// Every strip or tile lies inside the file.
  static func checkComplete(_ bytes: HeaderBytes) throws(ImageError) {
    guard let directory = TIFFDirectory(bytes) else { return }
    let parts = [
      (Tag.stripOffsets, Tag.stripByteCounts), (Tag.tileOffsets, Tag.tileByteCounts),
    ]
    for (offsets, counts) in parts {
      guard let starts = directory.values(offsets), let lengths = directory.values(counts) else {
        continue
      }
      for (start, length) in zip(starts, lengths) where start + length > bytes.count {
        throw ImageFormat.tiff.truncated("with \(bytes.count) of \(start + length) bytes")
      }
    }
  }

  private static func raw(_ name: String) -> ImageError {
    ImageError(.unsupportedFormat, "a camera's raw file (\(name)) is not read")
  }
}

/// The first list of tagged values in a TIFF, which is how EXIF data is laid out too.
struct TIFFDirectory {
  private let bytes: HeaderBytes
  private let order: HeaderBytes.Order
  /// Where the first entry stands; an entry is 12 bytes: tag, type, count, value or offset.
  private let start: Int
  private let entryCount: Int

  /// Nil when the bytes are no TIFF or end before the directory does.
  init?(_ bytes: HeaderBytes) {
    if bytes.has([0x49, 0x49, 42, 0]) {
      order = .little
    } else if bytes.has([0x4d, 0x4d, 0, 42]) {
      order = .big
    } else {
      return nil
    }
    guard let offset = bytes.number(4, width: 4, order),
      let count = bytes.number(offset, width: 2, order),
      bytes.part(offset + 2, length: 12 * count) != nil
    else { return nil }
    self.bytes = bytes
    start = offset + 2
    entryCount = count
  }

  /// The first of an entry's whole numbers.
  func value(_ tag: Int) -> Int? { values(tag)?.first }

  /// All of an entry's whole numbers; nil when the entry is missing, of another type or leaves the data.
  ///
  /// Not an array: it would take eight times the bytes of the file that claims so many.
  func values(_ tag: Int) -> LazyMapSequence<Range<Int>, Int>? {
    for index in 0..<entryCount {
      let entry = start + 12 * index
      guard bytes.number(entry, width: 2, order) == tag else { continue }
      guard let type = bytes.number(entry + 2, width: 2, order),
        let count = bytes.number(entry + 4, width: 4, order),
        let width = [1: 1, 3: 2, 4: 4][type]
      else { return nil }
      let offset =
        count * width <= 4 ? entry + 8 : bytes.number(entry + 8, width: 4, order) ?? bytes.count
      guard let content = bytes.part(offset, length: count * width) else { return nil }
      return (0..<count).lazy.map { content.number(width * $0, width: width, order) ?? 0 }
    }
    return nil
  }
}

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
      for (start, length) in zip(starts, lengths) where length > 0 && start + length > bytes.count {
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
  /// How wide the numbers of a layout are.
  private struct Layout {
    let countOfEntries: Int
    let entry: Int
    /// An entry's count, and its value or the place of it.
    let number: Int

    /// An entry is 12 bytes: tag, type, count, value or offset.
    static let classic = Layout(countOfEntries: 2, entry: 12, number: 4)
    /// BigTIFF, for files above 4 GiB: the same with longer numbers.
    static let big = Layout(countOfEntries: 8, entry: 20, number: 8)
  }

  private let bytes: HeaderBytes
  private let order: HeaderBytes.Order
  private let layout: Layout
  /// Where the first entry stands.
  private let start: Int
  private let entryCount: Int

  /// Nil when the bytes are no TIFF or end before the directory does.
  init?(_ bytes: HeaderBytes) {
    if bytes.has([0x49, 0x49]) {
      order = .little
    } else if bytes.has([0x4d, 0x4d]) {
      order = .big
    } else {
      return nil
    }
    switch bytes.number(2, width: 2, order) {
    case 42: layout = .classic
    case 43: layout = .big
    default: return nil
    }
    guard
      let offset = Self.number(bytes, layout.number, width: layout.number, order),
      let count = Self.number(bytes, offset, width: layout.countOfEntries, order),
      count <= bytes.count / layout.entry,
      bytes.part(offset + layout.countOfEntries, length: layout.entry * count) != nil
    else { return nil }
    self.bytes = bytes
    start = offset + layout.countOfEntries
    entryCount = count
  }

  /// A number of up to eight bytes; nil as well when it is too large for any file.
  private static func number(
    _ bytes: HeaderBytes, _ offset: Int, width: Int, _ order: HeaderBytes.Order
  ) -> Int? {
    guard width == 8 else { return bytes.number(offset, width: width, order) }
    guard let first = bytes.number(offset, width: 4, order),
      let second = bytes.number(offset + 4, width: 4, order)
    else { return nil }
    let (high, low) = order == .big ? (first, second) : (second, first)
    return high < 1 << 16 ? high << 32 | low : nil
  }

  /// The first of an entry's whole numbers.
  func value(_ tag: Int) -> Int? { values(tag)?.first }

  /// All of an entry's whole numbers; nil when the entry is missing, of another type or leaves the data.
  ///
  /// Not an array: it would take eight times the bytes of the file that claims so many.
  func values(_ tag: Int) -> LazyMapSequence<Range<Int>, Int>? {
    for index in 0..<entryCount {
      let entry = start + layout.entry * index
      guard bytes.number(entry, width: 2, order) == tag else { continue }
      guard let type = bytes.number(entry + 2, width: 2, order),
        let count = Self.number(bytes, entry + 4, width: layout.number, order),
        let width = [1: 1, 3: 2, 4: 4, 16: 8][type], count <= bytes.count / width
      else { return nil }
      let place = entry + 4 + layout.number
      let offset =
        count * width <= layout.number
        ? place : Self.number(bytes, place, width: layout.number, order) ?? bytes.count
      guard let content = bytes.part(offset, length: count * width) else { return nil }
      let order = order
      return (0..<count).lazy.map {
        // A number that is too large for any file lies behind the end of every one.
        Self.number(content, width * $0, width: width, order) ?? 1 << 48
      }
    }
    return nil
  }
}

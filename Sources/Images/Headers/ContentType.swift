/// What the first bytes say the content is, whatever the file's name.
enum ContentType: Equatable {
  /// A format that is read.
  case image(ImageFormat)
  /// A known kind of file that is not read, by the name that people know.
  case unread(String)
  /// None of these.
  case unknown

  init(_ bytes: HeaderBytes) {
    if let format = Self.format(bytes) {
      self = .image(format)
    } else if let name = Self.unreadName(bytes) {
      self = .unread(name)
    } else {
      self = .unknown
    }
  }

  private static func format(_ bytes: HeaderBytes) -> ImageFormat? {
    if bytes.has([0xff, 0xd8, 0xff]) { return .jpeg }
    if bytes.has([0x89, 0x50, 0x4e, 0x47]) { return .png }
    if bytes.has("RIFF"), bytes.has("WEBP", at: 8) { return .webp }
    if bytes.has("GIF87a") || bytes.has("GIF89a") { return .gif }
    if isTIFF(bytes) { return .tiff }
    if isBMP(bytes) { return .bmp }
    return heifFormat(bytes)
  }

  private static func isTIFF(_ bytes: HeaderBytes) -> Bool {
    // Canon's CR2 has its own mark where a plain TIFF has its first data.
    (bytes.has([0x49, 0x49, 42, 0]) && !bytes.has("CR", at: 8)) || bytes.has([0x4d, 0x4d, 0, 42])
      // BigTIFF.
      || bytes.has([0x49, 0x49, 43, 0, 8, 0, 0, 0]) || bytes.has([0x4d, 0x4d, 0, 43, 0, 8, 0, 0])
  }

  /// "BM" alone begins many a text: the two reserved numbers and the size of the second header must fit too.
  private static func isBMP(_ bytes: HeaderBytes) -> Bool {
    guard bytes.has("BM"), bytes.has([0, 0, 0, 0], at: 6) else { return false }
    guard let size = bytes.number(14, width: 4, .little) else { return true }
    return [12, 16, 40, 52, 56, 64, 108, 124].contains(size)
  }

  /// By the brands of the file type box, ISO/IEC 23008-12 and the AV1 image file format.
  private static func heifFormat(_ bytes: HeaderBytes) -> ImageFormat? {
    guard bytes.has("ftyp", at: 4), let length = bytes.number(0, width: 4, .big) else { return nil }
    let last = min(length, bytes.count, 512)
    // The major brand, its version, then the compatible brands.
    let offsets = [8] + Array(stride(from: 16, to: max(last - 3, 16), by: 4))
    let brands = offsets.map { bytes.text($0, length: 4) }
    if brands.contains(where: ["avif", "avis"].contains) { return .avif }
    let heic = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"]
    return brands.contains(where: heic.contains) ? .heic : nil
  }

  private static func unreadName(_ bytes: HeaderBytes) -> String? {
    for (name, marks) in marksOfUnread where marks.contains(where: { bytes.has($0) }) {
      return name
    }
    if bytes.has("RIFF"), bytes.has("AVI ", at: 8) { return "an AVI video" }
    if bytes.has("ftyp", at: 4) {
      return bytes.has("crx ", at: 8) ? "a camera's raw file (CR3)" : "a video (MP4 or QuickTime)"
    }
    if bytes.has([0x49, 0x49, 42, 0]) { return "a camera's raw file (CR2)" }
    return isSVG(bytes) ? "SVG" : nil
  }

  /// Each name with the bytes that such files begin with.
  private static let marksOfUnread: [(String, [[UInt8]])] = [
    ("JPEG 2000", [[0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20], [0xff, 0x4f, 0xff, 0x51]]),
    ("JPEG XL", [[0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20], [0xff, 0x0a]]),
    ("JPEG XR", [[0x49, 0x49, 0xbc]]),
    (
      "a camera's raw file",
      [
        Array("IIRO".utf8), Array("IIRS".utf8), Array("MMOR".utf8), [0x49, 0x49, 0x55, 0],
        Array("FUJIFILMCCD-RAW".utf8), [0] + Array("MRM".utf8), Array("FOVb".utf8),
      ]
    ),
    ("PDF", [Array("%PDF-".utf8)]),
    ("PostScript", [Array("%!PS".utf8)]),
    ("a ZIP archive", [[0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6]]),
    ("a gzip archive", [[0x1f, 0x8b, 8]]),
    ("Photoshop", [Array("8BPS".utf8)]),
    ("an icon (ICO)", [[0, 0, 1, 0], [0, 0, 2, 0]]),
    ("OpenEXR", [[0x76, 0x2f, 0x31, 1]]),
    ("Radiance HDR", [Array("#?RADIANCE".utf8), Array("#?RGBE".utf8)]),
    ("DDS", [Array("DDS ".utf8)]),
    ("QOI", [Array("qoif".utf8)]),
    ("a Matroska or WebM video", [[0x1a, 0x45, 0xdf, 0xa3]]),
    ("PNM", "123456".utf8.flatMap { kind in "\n ".utf8.map { [0x50, kind, $0] } }),
    ("PAM", [Array("P7\n".utf8)]),
  ]

  /// The first element of the text is `<svg`, after a declaration, comments and a document type.
  private static func isSVG(_ bytes: HeaderBytes) -> Bool {
    var rest = Substring(bytes.text(0, length: 4096))
    if rest.hasPrefix("\u{feff}") { rest = rest.dropFirst() }
    while true {
      rest = rest.drop(while: \.isWhitespace)
      if rest.hasPrefix("<svg") { return true }
      guard rest.hasPrefix("<?") || rest.hasPrefix("<!"), let end = rest.firstIndex(of: ">") else {
        return false
      }
      rest = rest[rest.index(after: end)...]
    }
  }
}

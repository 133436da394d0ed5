/// The segments of a JPEG up to its first scan: ITU-T T.81, annex B.
enum JPEGHeader {
  static func read(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    var header = ImageHeader()
    var sawEXIF = false
    var offset = 2
    while true {
      let segment = try nextSegment(bytes, &offset)
      switch segment.marker {
      case 0xc4, 0xdb, 0xdd:
        break
      case 0xc0...0xcf where segment.marker != 0xc8 && segment.marker != 0xcc:
        guard header.stored == nil else { throw ImageFormat.jpeg.corrupt("two frame headers") }
        header.stored = try frameSize(segment)
      case 0xf7:
        throw ImageError(.unsupportedFormat, "JPEG-LS is not read")
      case 0xe1 where !sawEXIF && segment.body.has([0x45, 0x78, 0x69, 0x66, 0, 0]):
        sawEXIF = true
        header.orientation = segment.body.from(6).map(EXIF.orientation) ?? .upright
      case 0xda:
        guard header.stored != nil else { throw ImageFormat.jpeg.corrupt("no frame header") }
        return header
      case 0xd9:
        throw ImageFormat.jpeg.corrupt("no picture between its first and last marker")
      default:
        break
      }
    }
  }

  /// The same picture without the padding that sloppy writers leave between the segments up to its first scan: libjpeg
  /// passes it over too, but warns of it as of damage. Other bytes there may be a damaged segment; they stay.
  static func withoutGaps(_ bytes: [UInt8]) throws(ImageError) -> [UInt8] {
    let view = HeaderBytes(bytes)
    var tidy = Array(bytes.prefix(2))
    var offset = 2
    var marker: UInt8 = 0
    while marker != 0xda {
      let gap = offset
      let segment = try nextSegment(view, &offset)
      marker = segment.marker
      guard isPadding(bytes[gap..<(offset - segment.length)]) else { return bytes }
      tidy += bytes[(offset - segment.length)..<offset]
    }
    return tidy.count == offset ? bytes : tidy + bytes[offset...]
  }

  static func isPadding(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.allSatisfy { $0 == 0 || $0 == 0xff }
  }

  /// Where the marker stands that ends the picture.
  static func endMarker(of bytes: HeaderBytes) throws(ImageError) -> Int {
    var offset = 2
    while try nextSegment(bytes, &offset).marker != 0xd9 {}
    return offset - 2
  }

  private struct Segment {
    let marker: UInt8
    let body: HeaderBytes
    /// Bytes of the whole segment, its marker included.
    let length: Int
  }

  private static func nextSegment(
    _ bytes: HeaderBytes, _ offset: inout Int
  ) throws(ImageError) -> Segment {
    let inHeader = ImageFormat.jpeg.truncated("in its header")
    // Like libjpeg: bytes that are no marker are passed over, and 0xff may be repeated.
    var marker: UInt8 = 0
    repeat {
      while let byte = bytes[offset], byte != 0xff { offset += 1 }
      while let byte = bytes[offset], byte == 0xff { offset += 1 }
      guard let byte = bytes[offset] else { throw inHeader }
      marker = byte
      offset += 1
    } while marker == 0
    if marker == 0xd9 || marker == 0x01 || (0xd0...0xd8).contains(marker) {
      guard let none = bytes.part(offset, length: 0) else { throw inHeader }
      return Segment(marker: marker, body: none, length: 2)
    }
    guard let length = bytes.number(offset, width: 2, .big) else { throw inHeader }
    guard length >= 2, length <= longest(marker) else {
      throw ImageFormat.jpeg.corrupt("a segment of \(length) bytes")
    }
    guard let body = bytes.part(offset + 2, length: length - 2) else { throw inHeader }
    offset += length
    return Segment(marker: marker, body: body, length: 2 + length)
  }

  /// The most that a segment of tables can need: four of each kind, and twice that for writers who repeat them.
  private static func longest(_ marker: UInt8) -> Int {
    switch marker {
    case 0xdb: 2 + 8 * 129
    case 0xc4: 2 + 16 * (17 + 256)
    case 0xdd: 4
    case 0xc0...0xcf: 8 + 3 * 255
    case 0xda: 6 + 2 * 4
    default: 65535
    }
  }

  private static func frameSize(_ segment: Segment) throws(ImageError) -> ImageSize {
    // 0, 1, 2: baseline, extended and progressive with Huffman codes; 9, 10: the same with arithmetic codes.
    guard [0xc0, 0xc1, 0xc2, 0xc9, 0xca].contains(segment.marker) else {
      throw ImageError(.unsupportedFormat, "lossless and hierarchical JPEGs are not read")
    }
    guard let precision = segment.body[0], let height = segment.body.number(1, width: 2, .big),
      let width = segment.body.number(3, width: 2, .big)
    else { throw ImageFormat.jpeg.corrupt("its frame header is too short") }
    guard precision == 8 else {
      throw ImageError(.unsupportedFormat, "a JPEG with \(precision) bits a sample is not read")
    }
    return ImageSize(width: width, height: height)
  }
}

/// The segments of a JPEG up to its first scan: ITU-T T.81, annex B.
enum JPEGHeader {
  static func read(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    var header = ImageHeader()
    var tags = OrientationTags()
    var offset = 2
    while true {
      let segment = try nextSegment(bytes, &offset)
      switch segment.marker {
      case _ where isFrame(segment.marker):
        guard header.stored == nil else { throw ImageFormat.jpeg.corrupt("two frame headers") }
        header.stored = try frameSize(segment)
      case 0xf7:
        throw ImageError(.unsupportedFormat, "JPEG-LS is not read")
      case 0xe1:
        tags.add(application: segment.body)
      case 0xda:
        guard header.stored != nil else { throw ImageFormat.jpeg.corrupt("no frame header") }
        header.orientation = tags.orientation
        return header
      case 0xd9:
        throw ImageFormat.jpeg.corrupt("no picture between its first and last marker")
      default:
        break
      }
    }
  }

  /// Whether all components are in one scan, without progression.
  static func isSequential(_ bytes: [UInt8]) throws(ImageError) -> Bool {
    let view = HeaderBytes(bytes)
    var offset = 2
    var components: UInt8?
    while true {
      let segment = try nextSegment(view, &offset)
      if isFrame(segment.marker) {
        guard segment.marker != 0xc2, segment.marker != 0xca else { return false }
        components = segment.body[5]
      } else if segment.marker == 0xda {
        return segment.body[0] == components
      }
    }
  }

  /// Makes the frame header tell another height.
  static func set(height: Int, in bytes: inout [UInt8]) throws(ImageError) {
    let view = HeaderBytes(bytes)
    var offset = 2
    var segment = try nextSegment(view, &offset)
    while !isFrame(segment.marker) { segment = try nextSegment(view, &offset) }
    // Behind one byte of precision.
    let place = offset - segment.body.count + 1
    bytes[place] = UInt8(truncatingIfNeeded: height >> 8)
    bytes[place + 1] = UInt8(truncatingIfNeeded: height)
  }

  private static func isFrame(_ marker: UInt8) -> Bool {
    (0xc0...0xcf).contains(marker) && ![0xc4, 0xc8, 0xcc].contains(marker)
  }

  private struct Segment {
    let marker: UInt8
    let body: HeaderBytes
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
      return Segment(marker: marker, body: none)
    }
    guard let length = bytes.number(offset, width: 2, .big) else { throw inHeader }
    guard length >= 2, length <= longest(marker) else {
      throw ImageFormat.jpeg.corrupt("a segment of \(length) bytes")
    }
    guard let body = bytes.part(offset + 2, length: length - 2) else { throw inHeader }
    offset += length
    return Segment(marker: marker, body: body)
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

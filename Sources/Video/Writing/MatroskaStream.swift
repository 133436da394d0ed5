import Images

/// The least Matroska that carries pictures with exact times through a pipe: one track of raw BGRA, a cluster a picture, times
/// in nanoseconds (RFC 9559).
struct MatroskaStream {
  let size: ImageSize
  /// About how many pictures a second there are.
  let frameRate: Double

  /// The bytes before the first picture.
  var header: [UInt8] {
    let video =
      Self.number([0xb0], size.width) + Self.number([0xba], size.height)
      + Self.element([0x2e, 0xb5, 0x24], Array("BGRA".utf8))  // UncompressedFourCC
    let track =
      Self.number([0xd7], 1) + Self.number([0x73, 0xc5], 1)  // TrackNumber, TrackUID
      + Self.number([0x83], 1) + Self.number([0x9c], 0)  // TrackType video, no FlagLacing
      + Self.number([0x23, 0xe3, 0x83], Int(1e9 / frameRate))  // DefaultDuration
      + Self.element([0x86], Array("V_UNCOMPRESSED".utf8)) + Self.element([0xe0], video)
    return Self.element(
      [0x1a, 0x45, 0xdf, 0xa3], Self.element([0x42, 0x82], Array("matroska".utf8)))
      + [0x18, 0x53, 0x80, 0x67, 0x01] + [UInt8](repeating: 0xff, count: 7)  // Segment, end not known
      + Self.element([0x15, 0x49, 0xa9, 0x66], Self.number([0x2a, 0xd7, 0xb1], 1))  // TimestampScale 1 ns
      + Self.element([0x16, 0x54, 0xae, 0x6b], Self.element([0xae], track))
  }

  /// The bytes before a picture's own.
  func pictureHeader(nanoseconds: Int64) -> [UInt8] {
    let byteCount = Image.bytesPerPixel * size.pixelCount
    let time = Self.number([0xe7], Int(nanoseconds))
    // SimpleBlock: track 1, at the cluster's time, a key frame.
    let block = [0xa3] + Self.length(byteCount + 4) + [0x81, 0, 0, 0x80]
    return [0x1f, 0x43, 0xb6, 0x75] + Self.length(time.count + block.count + byteCount) + time
      + block
  }

  private static func element(_ id: [UInt8], _ body: [UInt8]) -> [UInt8] {
    id + length(body.count) + body
  }

  private static func number(_ id: [UInt8], _ value: Int) -> [UInt8] {
    element(id, bigEndian(value))
  }

  /// Always in eight bytes.
  private static func length(_ value: Int) -> [UInt8] { bigEndian(value | 1 << 56) }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}

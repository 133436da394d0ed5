import Images

/// The least Matroska that carries pictures with exact times through a pipe: one track of raw BGRA, a cluster a picture, times
/// in nanoseconds (RFC 9559).
struct MatroskaStream {
  let size: ImageSize
  /// About how many pictures a second there are.
  let frameRate: Double

  /// The bytes before the first picture.
  var header: [UInt8] {
    let name = Self.element(
      [0x1a, 0x45, 0xdf, 0xa3], Self.element([0x42, 0x82], Array("matroska".utf8)))
    let segmentWithoutEnd = [0x18, 0x53, 0x80, 0x67, 0x01] + [UInt8](repeating: 0xff, count: 7)
    let nanosecond = Self.number([0x2a, 0xd7, 0xb1], 1)
    return name + segmentWithoutEnd + Self.element([0x15, 0x49, 0xa9, 0x66], nanosecond)
      + Self.element([0x16, 0x54, 0xae, 0x6b], track)
  }

  private var track: [UInt8] {
    let (number, identifier) = (Self.number([0xd7], 1), Self.number([0x73, 0xc5], 1))
    let (video, withoutLacing) = (Self.number([0x83], 1), Self.number([0x9c], 0))
    // Of a rate that no number of nanoseconds tells, it is not said.
    let duration = Int(exactly: (1e9 / frameRate).rounded()).map {
      Self.number([0x23, 0xe3, 0x83], max(1, $0))
    }
    let codec = Self.element([0x86], Array("V_UNCOMPRESSED".utf8))
    let shape = Self.number([0xb0], size.width) + Self.number([0xba], size.height)
    let layout = Self.element([0x2e, 0xb5, 0x24], Array("BGRA".utf8))
    return Self.element(
      [0xae],
      number + identifier + video + withoutLacing + (duration ?? []) + codec
        + Self.element([0xe0], shape + layout))
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

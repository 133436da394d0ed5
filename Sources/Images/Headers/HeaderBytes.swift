import Glibc

/// A window on encoded bytes whose reads can't leave it: outside is nil.
struct HeaderBytes {
  /// The order of the bytes in a number.
  enum Order { case big, little }

  private let bytes: [UInt8]
  private let range: Range<Int>

  /// All of `bytes`.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    range = 0..<bytes.count
  }

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    self.range = range
  }

  /// Bytes in the window.
  var count: Int { range.count }

  /// The byte at `offset` from the window's start.
  subscript(_ offset: Int) -> UInt8? {
    offset >= 0 && offset < count ? bytes[range.lowerBound + offset] : nil
  }

  /// The part from `offset` of `length` bytes, nil when it is not all there.
  func part(_ offset: Int, length: Int) -> HeaderBytes? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    let start = range.lowerBound + offset
    return HeaderBytes(bytes, start..<(start + length))
  }

  /// The part from `offset` to the end.
  func from(_ offset: Int) -> HeaderBytes? { part(offset, length: count - offset) }

  /// The number of `width` bytes (at most 4) at `offset`.
  func number(_ offset: Int, width: Int, _ order: Order) -> Int? {
    guard width <= 4, let part = part(offset, length: width) else { return nil }
    var value = 0
    for index in 0..<width {
      let place = order == .big ? index : width - 1 - index
      value = value << 8 | Int(bytes[part.range.lowerBound + place])
    }
    return value
  }

  /// Whether the bytes at `offset` are these.
  func has(_ expected: [UInt8], at offset: Int = 0) -> Bool {
    guard let part = part(offset, length: expected.count) else { return false }
    return bytes[part.range].elementsEqual(expected)
  }

  /// Whether the bytes at `offset` are the ASCII of `text`.
  func has(_ text: StaticString, at offset: Int = 0) -> Bool {
    guard let part = part(offset, length: text.utf8CodeUnitCount) else { return false }
    return text.withUTF8Buffer { bytes[part.range].elementsEqual($0) }
  }

  /// Where these bytes stand next, from `start` on.
  func offset(of wanted: [UInt8], from start: Int = 0) -> Int? {
    guard let first = wanted.first else { return nil }
    return withBytes { window in
      guard let base = UnsafeRawPointer(window.baseAddress) else { return nil }
      var offset = start
      while offset >= 0, offset < window.count,
        let found = memchr(base + offset, Int32(first), window.count - offset)
      {
        offset = UnsafeRawPointer(found) - base
        if has(wanted, at: offset) { return offset }
        offset += 1
      }
      return nil
    }
  }

  /// Up to `length` bytes at `offset` as text.
  func text(_ offset: Int, length: Int) -> String {
    let start = range.lowerBound + min(max(offset, 0), count)
    return String(decoding: bytes[start..<min(start + length, range.upperBound)], as: UTF8.self)
  }

  /// Lends the window's bytes.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
  }
}

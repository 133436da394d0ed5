/// Base64 (RFC 4648, section 4), with padding.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let length = (bytes.count + 2) / 3 * 4
    return [UInt8](unsafeUninitializedCapacity: length) { target, count in
      var place = 0
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let second = start + 1 < bytes.count ? bytes[start + 1] : 0
        let third = start + 2 < bytes.count ? bytes[start + 2] : 0
        let group = Int(bytes[start]) << 16 | Int(second) << 8 | Int(third)
        target[place] = digits[group >> 18]
        target[place + 1] = digits[group >> 12 & 63]
        target[place + 2] = start + 1 < bytes.count ? digits[group >> 6 & 63] : UInt8(ascii: "=")
        target[place + 3] = start + 2 < bytes.count ? digits[group & 63] : UInt8(ascii: "=")
        place += 4
      }
      count = length
    }
  }
}

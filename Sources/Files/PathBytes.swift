import Glibc

// A path is a `String` here, but to the system it is bytes, which need not be UTF-8. Where they are not, each byte from
// 0x80 on becomes a private-use scalar of its own, and a byte again at the system's door, as Python does (PEP 383). A
// path that holds such a scalar by itself is written so too: no two paths become the same text. But one path may have two
// texts, by how it was put together: compare bytes.

extension String {
  private static let firstByteScalar: UInt32 = 0x10_fe00
  private static let byteScalars = firstByteScalar + 0x80...firstByteScalar + 0xff

  /// The path of these bytes.
  package init(pathBytes bytes: some Collection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: { Self.byteScalars.contains($0.value) })
    {
      self = text
      return
    }
    var scalars = UnicodeScalarView()
    for byte in bytes {
      let scalar = byte < 0x80 ? nil : Unicode.Scalar(Self.firstByteScalar + UInt32(byte))
      scalars.append(scalar ?? Unicode.Scalar(byte))
    }
    self.init(scalars)
  }

  /// The path of a C string.
  package init(path: UnsafePointer<CChar>) {
    self.init(
      pathBytes: UnsafeBufferPointer(start: path, count: strlen(path)).map(UInt8.init(bitPattern:)))
  }

  /// The bytes of this path.
  package var pathBytes: [UInt8] {
    unicodeScalars.flatMap { scalar in
      Self.byteScalars.contains(scalar.value)
        ? [UInt8(scalar.value - Self.firstByteScalar)] : Array(scalar.utf8)
    }
  }

  /// The C string of this path.
  package var cPath: [CChar] { pathBytes.map(CChar.init(bitPattern:)) + [0] }

  /// This path for people and other programs: with U+FFFD for what is no UTF-8.
  package var shownPath: String { String(decoding: pathBytes, as: UTF8.self) }
}

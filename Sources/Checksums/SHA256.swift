import CCrypto

/// SHA-256 (FIPS 180-4), by OpenSSL.
public enum SHA256 {
  /// The digest as 64 lower-case hexadecimal digits.
  public static func hexDigest(of bytes: [UInt8]) -> String { hexadecimal(digest(of: bytes)) }

  static func hexadecimal(_ digest: [UInt8]) -> String {
    digest.map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// The digest's 32 bytes.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { digest(of: $0) }
  }

  /// The digest's 32 bytes.
  public static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { target, count in
      _ = CCrypto.SHA256(bytes.baseAddress, bytes.count, target.baseAddress)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }
}

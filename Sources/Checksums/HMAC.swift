import CCrypto

/// HMAC (RFC 2104), by OpenSSL.
package enum HMAC {
  /// HMAC-SHA-256 as 64 lower-case hexadecimal digits.
  package static func sha256(of bytes: [UInt8], key: [UInt8]) -> String {
    var length: UInt32 = 0
    let code = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
      CCrypto.HMAC(
        EVP_sha256(), key, Int32(key.count), bytes, bytes.count, buffer.baseAddress, &length)
      count = Int(length)
    }
    return SHA256.hexadecimal(code)
  }
}

import CCrypto

extension SHA256 {
  /// A digest of bytes that come in pieces.
  package struct Stream: ~Copyable, Sendable {
    // Used by whoever owns the value, and by nobody else at the same time.
    private nonisolated(unsafe) let context: OpaquePointer?

    /// Of no bytes yet.
    package init() {
      context = EVP_MD_CTX_new()
      EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes in what comes next.
    package mutating func update(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { buffer in
        _ = EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
      }
    }

    /// The digest of all that came, as 64 lower-case hexadecimal digits; called once.
    package mutating func hexDigest() -> String {
      let digest = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) {
        buffer, count in
        EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
        count = Int(SHA256_DIGEST_LENGTH)
      }
      return SHA256.hexadecimal(digest)
    }
  }
}

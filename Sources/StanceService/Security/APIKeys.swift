import Checksums
import Files
import HTTPServer

/// The keys of which a caller must show one.
struct APIKeys: Sendable {
  /// Of each key its SHA-256: equally long, so that comparing takes the same time whatever is given.
  private let digests: [[UInt8]]

  /// No key is asked for.
  static let none = APIKeys(digests: [])

  private init(digests: [[UInt8]]) { self.digests = digests }

  /// These keys.
  init(_ keys: [String]) { digests = keys.map { SHA256.digest(of: Array($0.utf8)) } }

  /// The keys in a file, one a line; empty lines and those that begin with # are none.
  ///
  /// - Throws: `FileError`; `ServiceError` when the file holds no key, which would let nobody in, or everybody.
  init(contentsOf path: String) throws {
    let bytes = try Files.read(path, limit: 1 << 20)
    let keys = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { line in line.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } }
      .filter { !$0.isEmpty && $0.first != UInt8(ascii: "#") }
      .map { String(decoding: $0, as: UTF8.self) }
    guard !keys.isEmpty else { throw ServiceError("\(path): holds no key") }
    self.init(keys)
  }

  /// - Throws: `Problem` with `unauthorized`.
  func check(_ request: HTTPRequest) throws(Problem) {
    guard !digests.isEmpty else { return }
    let words = (request.headers["Authorization"] ?? "").split(separator: " ")
    let given = words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : ""
    guard matches(given) else {
      throw Problem(
        .unauthorized,
        "wanted is the field \"Authorization: Bearer KEY\" with a key of this service",
        headers: [("WWW-Authenticate", "Bearer")])
    }
  }

  /// Compares with every key and every byte: the time tells nothing of how near a guess was.
  func matches(_ given: String) -> Bool {
    let digest = SHA256.digest(of: Array(given.utf8))
    var isKnown = false
    for known in digests {
      var difference: UInt8 = 0
      for (left, right) in zip(known, digest) { difference |= left ^ right }
      isKnown = isKnown || difference == 0
    }
    return isKnown
  }
}

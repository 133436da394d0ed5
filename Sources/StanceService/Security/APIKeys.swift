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

  /// The keys in a file, one a line; a word that begins with # begins a comment.
  ///
  /// - Throws: `FileError`; `ServiceError` when a key has spaces, which no caller could send, or when the file holds no
  ///   key, which would let nobody in, or everybody.
  init(contentsOf path: String) throws {
    let text = String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var keys: [String] = []
    for (index, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace).prefix { !$0.hasPrefix("#") }
      guard words.count <= 1 else {
        throw ServiceError("\(path): line \(index + 1) has a space within its key")
      }
      keys += words.map(String.init)
    }
    guard !keys.isEmpty else { throw ServiceError("\(path): holds no key") }
    self.init(keys)
  }

  /// Whether one is asked for.
  var areAsked: Bool { !digests.isEmpty }

  /// - Throws: `Problem` with `unauthorized`.
  func check(_ request: HTTPRequest) throws(Problem) {
    guard areAsked else { return }
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

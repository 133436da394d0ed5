import Checksums
import Files
import HTTPServer

/// The keys of which a caller must show one.
struct APIKeys: Sendable {
  private struct Key {
    /// Its SHA-256: equally long, so that comparing takes the same time whatever is given.
    let digest: [UInt8]
    /// Whose it is. Keys of one name have the same owner.
    let name: String
  }

  private let keys: [Key]

  /// No key is asked for.
  static let none = APIKeys(named: [])

  /// These keys, of which each is its own owner.
  init(_ keys: [String]) { self.init(named: keys.map { ($0, "") }) }

  /// - Parameter keys: without a name a key is called by the beginning of its checksum, which doesn't tell it.
  private init(named keys: [(text: String, name: String)]) {
    self.keys = keys.map { text, name in
      let hex = SHA256.hexDigest(of: Array(text.utf8))
      return Key(
        digest: SHA256.digest(of: Array(text.utf8)),
        name: name.isEmpty ? "key-\(hex.prefix(Self.unnamedDigits))" : name)
    }
  }

  private static let unnamedDigits = 16
  /// Bytes.
  private static let maxName = 200

  /// The keys in a file, one a line; a word that begins with # begins a comment, which names the key's owner.
  ///
  /// - Throws: `FileError`; `ServiceError` when a key has spaces, which no caller could send, or when the file holds no
  ///   key, which would let nobody in, or everybody.
  init(contentsOf path: String) throws {
    let text = String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var keys: [(text: String, name: String)] = []
    for (index, line) in lines.enumerated() {
      let all = line.split(whereSeparator: \.isWhitespace)
      let words = all.prefix { !$0.hasPrefix("#") }
      guard words.count <= 1 else {
        throw ServiceError("\(path): line \(index + 1) has a space within its key")
      }
      let comment = all.dropFirst(words.count).joined(separator: " ").drop { $0 == "#" }
      let name = String(comment.drop { $0 == " " })
      guard name.utf8.count <= Self.maxName else {
        throw ServiceError(
          "\(path): line \(index + 1) names its key with more than \(Self.maxName) bytes")
      }
      keys += words.map { (String($0), name) }
    }
    guard !keys.isEmpty else { throw ServiceError("\(path): holds no key") }
    self.init(named: keys)
  }

  /// Whether one is asked for.
  var areAsked: Bool { !keys.isEmpty }

  /// - Throws: `Problem` with `unauthorized`.
  func check(_ request: HTTPRequest) throws(Problem) { _ = try owner(of: request) }

  /// The name of the key that was shown; empty where none is asked for.
  ///
  /// - Throws: `Problem` with `unauthorized`.
  func owner(of request: HTTPRequest) throws(Problem) -> String {
    try owner(of: request.headers)
  }

  func owner(of headers: HTTPHeaders) throws(Problem) -> String {
    guard areAsked else { return "" }
    let words = (headers["Authorization"] ?? "").split(separator: " ")
    let given = words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : ""
    guard let name = name(of: given) else {
      throw Problem(
        .unauthorized,
        "wanted is the field \"Authorization: Bearer KEY\" with a key of this service",
        headers: [("WWW-Authenticate", "Bearer")])
    }
    return name
  }

  func matches(_ given: String) -> Bool { name(of: given) != nil }

  /// Compares with every key and every byte: the time tells nothing of how near a guess was.
  private func name(of given: String) -> String? {
    let digest = SHA256.digest(of: Array(given.utf8))
    var known: String?
    for key in keys {
      var difference: UInt8 = 0
      for (left, right) in zip(key.digest, digest) { difference |= left ^ right }
      if difference == 0, known == nil { known = key.name }
    }
    return known
  }
}

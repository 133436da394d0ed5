/// A server's address in its parts: `scheme://[user[:password]@]place[/path][?query]` (RFC 3986).
///
/// Errors say what is wrong with which part and never quote the address: what was meant as a password could be anywhere in one
/// that is written wrongly.
struct AddressParts {
  let scheme: String
  let user: String?
  let password: Secret?
  /// The password as it was written, with what stands for other characters.
  let rawPassword: Secret?
  /// As written: a host with or without port, several, or nothing.
  let place: String
  /// Decoded, with its slash; empty if there is none.
  let path: String
  /// Decoded, in their order.
  let query: [(name: String, value: String)]

  init(_ text: String) throws(ConnectionError) {
    guard let colon = text.firstRange(of: "://") else {
      throw Self.wrong("there is no :// in it")
    }
    guard !text.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value == 0x7f }) else {
      throw Self.wrong("there is a space or a control character in it")
    }
    guard !text.contains("#") else { throw Self.wrong(Self.inPassword) }
    scheme = text[..<colon.lowerBound].lowercased()
    let rest = text[colon.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let pieces = authority.split(separator: "@", omittingEmptySubsequences: false)
    // One after the host belongs to a password with a slash or another such character.
    guard pieces.count <= 2, !rest[authority.endIndex...].contains("@") else {
      throw Self.wrong(Self.inPassword)
    }
    place = pieces.last.map(String.init) ?? ""
    if pieces.count == 2 {
      let name = pieces[0].prefix { $0 != ":" }
      let secret = pieces[0].dropFirst(name.count)
      user = name.isEmpty ? nil : try Self.decoded(name)
      password = secret.isEmpty ? nil : Secret(try Self.decoded(secret.dropFirst()))
      rawPassword = secret.isEmpty ? nil : Secret(String(secret.dropFirst()))
    } else {
      user = nil
      password = nil
      rawPassword = nil
    }
    let tail = rest[authority.endIndex...]
    let path = tail.prefix { $0 != "?" }
    self.path = try Self.decoded(path)
    var query: [(String, String)] = []
    for pair in tail.dropFirst(path.count + 1).split(separator: "&") {
      let name = pair.prefix { $0 != "=" }
      query.append((try Self.decoded(name), try Self.decoded(pair.dropFirst(name.count + 1))))
    }
    self.query = query
  }

  /// An address that can't be used.
  static func wrong(_ reason: String) -> ConnectionError {
    ConnectionError(.badAddress, "the store's address is wrong: \(reason)")
  }

  private static let inPassword =
    "characters such as @ : / ? # are written %40 %3A %2F %3F %23 in a user's name or password"

  private static func decoded(_ text: Substring) throws(ConnectionError) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2,
        digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), value != 0
      else { throw wrong("a % is not followed by two hexadecimal digits; % itself is written %25") }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw wrong("a part of it is not UTF-8")
    }
    return text
  }
}

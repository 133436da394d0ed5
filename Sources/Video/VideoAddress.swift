/// The address of a stream: `rtsp://`, `rtsps://`, `http://` or `https://`. As text it never shows the user, the password or
/// the query, which may hold one.
public struct VideoAddress: Sendable, Hashable, CustomStringConvertible,
  CustomDebugStringConvertible,
  CustomReflectable
{
  enum Scheme: String { case rtsp, rtsps, http, https }

  let scheme: Scheme
  /// All of it, with its secrets, without the fragment.
  let text: String
  /// "rtsp://host:554/path", and "?…" where it has a query.
  public let description: String
  /// What must not be seen, the longest first.
  private let secrets: [String]

  /// The same.
  public var debugDescription: String { description }
  /// Nothing but the description.
  public var customMirror: Mirror { Mirror(self, children: [:]) }

  /// ffmpeg takes no more than 4096 bytes of an address and of what it makes of it.
  private static let longest = 2048

  /// Takes an address apart.
  ///
  /// - Throws: `VideoError` when it is none, or not of these schemes; the message does not repeat it.
  public init(_ text: String) throws(VideoError) {
    guard let separator = text.firstRange(of: "://"),
      let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
    else {
      throw VideoError(.unsupported, "it is no address by rtsp, rtsps, http or https")
    }
    guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      throw VideoError(
        .unsupported,
        "the address has a space or a control character in it, or more than \(Self.longest) bytes")
    }
    let whole = text.prefix { $0 != "#" }
    let parts = Parts(whole[separator.upperBound...])
    // An @ behind the # is a password's end, and what is before the # its beginning.
    guard parts.hasHost, !text[whole.endIndex...].contains("@") else {
      throw VideoError(
        .unsupported,
        "the address names no host, or no port; in a password / ? # and @ are written %2F %3F %23 and %40"
      )
    }
    self.scheme = scheme
    self.text = "\(scheme.rawValue)://\(whole[separator.upperBound...])"
    description = "\(scheme.rawValue)://\(parts.shown)"
    let password = parts.user.firstIndex(of: ":").map { parts.user[parts.user.index(after: $0)...] }
    let plain = PercentCoding.decoded(password ?? "")
    // What is shorter stands in addresses only, and those are hidden as a whole.
    secrets = [String(parts.user), String(password ?? ""), plain, String(parts.query)]
      .filter { $0.count >= 3 }.sorted { $0.count > $1.count }
  }

  /// A text of ffmpeg's without this address's secrets, and without those of any other address in it.
  func hiding(in text: String) -> String {
    var text = text.replacing(self.text, with: description)
    for secret in secrets { text = text.replacing(secret, with: "…") }
    return Self.hidingSecrets(in: text)
  }

  /// The text without users and queries in whatever looks like an address.
  package static func hidingSecrets(in text: String) -> String {
    var result = ""
    var rest = text[...]
    while let separator = rest.firstRange(of: "://") {
      let tail = rest[separator.upperBound...]
      let end = tail.firstIndex { $0.isWhitespace || "'\"".contains($0) } ?? tail.endIndex
      // What a sentence adds.
      var address = tail[..<end]
      while let last = address.last, ".,:;!)".contains(last) { address.removeLast() }
      result += rest[..<separator.upperBound] + Parts(address).shown
      rest = tail[address.endIndex...]
    }
    return result + rest
  }
}

/// What follows "scheme://".
private struct Parts {
  let user: Substring
  let host: Substring
  let path: Substring
  let query: Substring
  private let hasUser: Bool

  init(_ text: Substring) {
    let authority = text.prefix { !"/?#".contains($0) }
    let at = authority.lastIndex(of: "@")
    hasUser = at != nil
    user = at.map { authority[..<$0] } ?? ""
    host = at.map { authority[authority.index(after: $0)...] } ?? authority
    let rest = text[authority.endIndex...]
    path = rest.prefix { $0 != "?" }
    query = rest[path.endIndex...].dropFirst()
  }

  /// A name or number, and perhaps a port.
  var hasHost: Bool {
    let afterNumbers = host.lastIndex(of: "]") ?? host.startIndex
    let colon = host[afterNumbers...].firstIndex(of: ":") ?? host.endIndex
    let port = host[colon...].dropFirst()
    return colon > host.startIndex && (colon == host.endIndex || UInt16(port) != nil)
  }

  /// Without user and query. An @ that comes later may end a password with a / in it.
  var shown: String {
    if !hasUser, path.contains("@") || query.contains("@") { return "…" }
    return host + path + (query.isEmpty ? "" : "?…")
  }
}

/// The second word of a request, taken apart: `/v1/pose?complexity=2`, or the absolute form that is
/// made for proxies and has to be taken by everybody, `http://host/v1/pose?complexity=2` (RFC 9112, 3.2).
struct RequestTarget {
  /// Still percent-encoded, without the query.
  let path: String
  /// Decoded; what is no valid encoding stays as it was sent.
  let query: [(name: String, value: String)]
  /// Of the absolute form: stands for the Host field.
  let authority: String?

  init(_ target: String) {
    let (authority, origin) = Self.authority(of: target)
    self.authority = authority
    let cut = origin.firstIndex(of: "?") ?? origin.endIndex
    path = origin[..<cut].isEmpty && authority != nil ? "/" : String(origin[..<cut])
    query = origin[cut...].dropFirst().split(separator: "&").map { pair in
      let cut = pair.firstIndex(of: "=") ?? pair.endIndex
      return (Self.decoded(pair[..<cut]), Self.decoded(pair[cut...].dropFirst()))
    }
  }

  private static func authority(of target: String) -> (authority: String?, origin: Substring) {
    for scheme in ["http://", "https://"]
    where target.prefix(scheme.count).equalsIgnoringCase(scheme) {
      let rest = target.dropFirst(scheme.count)
      let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
      return (String(rest[..<end]), rest[end...])
    }
    return (nil, target[...])
  }

  private static func decoded(_ text: Substring) -> String {
    let spaced = text.contains("+") ? String(text.map { $0 == "+" ? " " : $0 }) : String(text)
    return spaced.percentDecoded ?? spaced
  }
}

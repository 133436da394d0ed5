import HTTPServer
import Options

/// The names under which the service may be asked.
///
/// A name of an attacker's that is made to lead to this machine (DNS rebinding) lets a page of theirs ask us as if it were our own:
/// the browser sees one origin. Only the `Host` field tells. At a loopback address nobody has reason to use another name than
/// the machine's own, or one that the operator listed; elsewhere any name may be right.
struct AllowedHosts: Sendable {
  /// Nil: any.
  private let names: Set<String>?

  /// - Parameters:
  ///   - listening: the address or name that is listened at.
  ///   - names: others that are right at a loopback address.
  /// - Throws: `UsageError` for what is no host's name.
  init(listening: String, names: [String]) throws(UsageError) {
    for name in names where name.wholeMatch(of: /[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]/) == nil {
      throw UsageError(
        "--allowed-host: \"\(name)\" is no host such as pose.example: a name or an address without port and path"
      )
    }
    self.names = Self.isLoopback(listening.lowercased()) ? Set(names.map { $0.lowercased() }) : nil
  }

  /// - Throws: `Problem` with `misdirected_request`. A request without the field is from no browser.
  func check(_ request: HTTPRequest) throws(Problem) {
    guard let names, let host = request.headers["Host"] else { return }
    let name = Self.withoutPort(host.lowercased())
    guard Self.isLoopback(name) || names.contains(name) else {
      throw Problem(
        .misdirected,
        "Host is \"\(host.prefix(80))\"; this service listens for its own machine alone, and takes localhost, 127.0.0.1, "
          + "[::1] and what --allowed-host names (behind a proxy: the name that it passes on)")
    }
  }

  private static func withoutPort(_ host: String) -> String {
    guard let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber),
      !host.hasPrefix("[") || host[..<colon].hasSuffix("]")
    else { return host }
    return String(host[..<colon])
  }

  /// `localhost` and what is below it lead nowhere else (RFC 6761, section 6.3).
  private static func isLoopback(_ name: String) -> Bool {
    let name = name.hasSuffix(".") ? String(name.dropLast()) : name
    return name == "localhost" || name.hasSuffix(".localhost") || name == "::1" || name == "[::1]"
      || name.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
  }
}

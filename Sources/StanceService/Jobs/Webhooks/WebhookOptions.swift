package import Options

/// Whom the service may tell of jobs' ends.
package struct WebhookOptions: Sendable {
  /// "HOST" (port 443) or "HOST:PORT"; none: nobody.
  package var hosts: [WebhookHost] = []
  /// A file with the secret that messages are signed with.
  package var secretFile: String?
  /// A PEM file of who is trusted, instead of those that the system trusts.
  package var authorities: String?

  package init() {}
}

/// A host that may be told, and its port.
package struct WebhookHost: Sendable, Hashable, OptionValue {
  /// In small letters; an IPv6 address without brackets.
  let host: String
  let port: Int

  package static var kind: ValueKind { .text }

  package init?(optionText: String) {
    self.init(authority: optionText)
  }

  /// "pose.example", "10.0.0.5:8443", "[fd00::5]".
  init?(authority: some StringProtocol) {
    let text = authority.lowercased()
    guard let found = text.wholeMatch(of: /(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::([0-9]{1,5}))?/)
    else { return nil }
    let host = found.output.1 ?? found.output.2 ?? ""
    let port = found.output.3.map { Int($0) ?? 0 } ?? Self.usualPort
    guard !host.isEmpty, (1...65_535).contains(port) else { return nil }
    (self.host, self.port) = (String(host), port)
  }

  package var optionText: String {
    let shown = host.contains(":") ? "[\(host)]" : host
    return port == Self.usualPort ? shown : "\(shown):\(port)"
  }

  private static let usualPort = 443
}

/// The rows of ``WebhookOptions``.
package enum WebhookRows {
  package static let all: [OptionRow<WebhookOptions>] = [
    .list(
      "webhook-host", \.hosts,
      "Let jobs have this host told of their end (webhook=https://…): a name or an address. Private addresses must be given as addresses",
      placeholder: "HOST[:PORT]"),
    .option(
      "webhook-secret", \.secretFile, "A file with the secret that such messages are signed with",
      kind: .file),
    .option(
      "webhook-authorities", \.authorities,
      "A PEM file of the authorities that such hosts' certificates may come from; unset: the system's",
      kind: .file),
  ]
}

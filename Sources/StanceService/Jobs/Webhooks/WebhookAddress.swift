/// Where a message about a job goes: an https address of an allowed host.
struct WebhookAddress: Sendable, Hashable {
  let text: String
  let host: WebhookHost

  /// - Throws: `Problem` with `bad_parameter`.
  init(_ text: String, allowed: [WebhookHost]) throws(Problem) {
    let shape = /https:\/\/([^\/?#@\\]+)(?:[\/?][^#]*)?/
    let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isPlain, let found = text.wholeMatch(of: shape),
      let host = WebhookHost(authority: found.output.1)
    else {
      throw Problem(
        .badParameter,
        "webhook: wanted is an https address without user, password and fragment, such as https://hooks.example/done"
      )
    }
    guard allowed.contains(host) else {
      throw Problem(
        .badParameter,
        "webhook: \(host.optionText) is none of the hosts that this service may tell (--webhook-host)"
      )
    }
    (self.text, self.host) = (text, host)
  }
}

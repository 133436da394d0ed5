/// What a caller would like, and need not get (RFC 7240).
package struct Preferences: Sendable {
  /// `wait=N`: so many seconds may pass before the answer.
  package let wait: Int?

  /// What all `Prefer` fields say; of a preference that is named twice, the first counts.
  package init(_ headers: HTTPHeaders) {
    let all = headers.fields.filter { $0.name.equalsIgnoringCase("Prefer") }
      .flatMap { $0.value.split(separator: ",") }
    let wait = all.lazy.compactMap { preference -> String? in
      let halves = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
      guard halves.count == 2, halves[0].trimmed.equalsIgnoringCase("wait") else { return nil }
      let value = halves[1].trimmed
      return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 1
        ? String(value.dropFirst().dropLast()) : String(value)
    }.first
    self.wait = wait.flatMap { text in
      let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
      return isNumber ? Int(text) ?? Int.max : nil
    }
  }
}

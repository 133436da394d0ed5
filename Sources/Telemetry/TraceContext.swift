/// Which request this is, across programs: W3C Trace Context, https://www.w3.org/TR/trace-context/.
package struct TraceContext: Sendable, Hashable {
  /// The request: 32 lower-case hexadecimal digits, the same in every program that it passes.
  package let traceID: String
  /// The caller's part, nil when there is none.
  package let parentID: String?

  /// Takes the caller's `traceparent` over, or begins a trace when it is absent or malformed.
  package init(traceparent: String?) {
    if let parts = traceparent.flatMap(Self.parse) {
      (traceID, parentID) = (parts.trace, parts.parent)
    } else {
      (traceID, parentID) = (Self.randomHex(words: 2), nil)
    }
  }

  private static func parse(_ text: String) -> (trace: String, parent: String)? {
    let fields = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    // A later version may have more fields, but version ff is none.
    guard fields.count >= 4, fields[0] != "ff", fields[0] != "00" || fields.count == 4 else {
      return nil
    }
    for (field, length) in zip(fields, [2, 32, 16, 2]) {
      guard field.utf8.count == length, field.utf8.allSatisfy(isHexDigit) else { return nil }
    }
    guard fields[1].contains(where: { $0 != "0" }), fields[2].contains(where: { $0 != "0" }) else {
      return nil
    }
    return (fields[1], fields[2])
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  private static func randomHex(words: Int) -> String {
    (0..<words).map { _ in
      let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

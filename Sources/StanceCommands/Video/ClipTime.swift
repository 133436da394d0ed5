package import Options

/// A time in a clip, or a length of one: "12.5" or "12.5s" seconds, "1:30" minutes, "1:02:03.5" hours.
package struct ClipTime: Sendable, Hashable, OptionValue {
  /// Not negative.
  package let seconds: Double

  package static var kind: ValueKind { .clipTime }

  package init?(optionText: String) {
    if let duration = Duration(optionText: optionText) {
      seconds = duration / .seconds(1)
      return
    }
    let parts = optionText.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var seconds = 0.0
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      // Digits alone, so that neither "-1" nor "1e9" nor "nan" is a time.
      guard part.first?.isASCII == true, let number = Double(part),
        part.allSatisfy({ ("0"..."9").contains($0) || $0 == "." && isLast }),
        place == 0 || number < 60
      else { return nil }
      seconds = 60 * seconds + number
    }
    guard seconds <= 1e9 else { return nil }
    self.seconds = seconds
  }

  package var optionText: String { seconds.optionText }
}

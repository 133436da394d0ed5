/// A time in a clip, or a length of one.
package struct ClipTime: Sendable, Hashable {
  /// Not negative, at most 10^9.
  package let seconds: Double

  /// Nil outside these bounds.
  package init?(seconds: Double) {
    guard (0...1e9).contains(seconds) else { return nil }
    self.seconds = seconds
  }

  /// Hours and minutes before seconds: "1:30", "1:02:03.5", or seconds alone, "12.5"; nil for anything else.
  package init?(clock text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
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
    self.init(seconds: seconds)
  }
}

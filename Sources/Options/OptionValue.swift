/// A type that an option can have: read from one word of text and shown as one.
///
/// `optionText` read back gives the same value.
package protocol OptionValue: Sendable {
  /// What help and errors call it.
  static var kind: ValueKind { get }
  /// The value that the word says, nil when it says none.
  init?(optionText: String)
  /// The value as one word.
  var optionText: String { get }
}

extension String: OptionValue {
  package static var kind: ValueKind { .text }
  package init?(optionText: String) {
    guard !optionText.isEmpty else { return nil }
    self = optionText
  }
  package var optionText: String { self }
}

extension Int: OptionValue {
  package static var kind: ValueKind { .integer }
  package init?(optionText: String) { self.init(optionText) }
  package var optionText: String { description }
}

extension Double: OptionValue {
  package static var kind: ValueKind { .number }
  package init?(optionText: String) {
    guard let value = Double(optionText), value.isFinite else { return nil }
    self = value
  }
  package var optionText: String {
    self == rounded() && abs(self) < 1e9 ? "\(Int(self))" : description
  }
}

extension Float: OptionValue {
  package static var kind: ValueKind { .number }
  package init?(optionText: String) {
    guard let value = Float(optionText), value.isFinite else { return nil }
    self = value
  }
  package var optionText: String {
    self == rounded() && abs(self) < 1e9 ? "\(Int(self))" : description
  }
}

extension Bool: OptionValue {
  package static var kind: ValueKind { .flag }
  package init?(optionText: String) {
    switch optionText.lowercased() {
    case "yes", "true", "1", "on": self = true
    case "no", "false", "0", "off": self = false
    default: return nil
    }
  }
  package var optionText: String { self ? "yes" : "no" }
}

/// "250ms", "30s", "5m", "2h"; at most about thirty years, never negative.
extension Duration: OptionValue {
  package static var kind: ValueKind { .duration }
  package init?(optionText: String) {
    let digits = optionText.prefix { ("0"..."9").contains($0) || $0 == "." }
    let secondsPerUnit = ["ms": 0.001, "s": 1, "m": 60, "h": 3600]
    guard let number = Double(digits),
      let scale = secondsPerUnit[String(optionText.dropFirst(digits.count))],
      number * scale <= 1e9  // `Duration.seconds` traps far above this.
    else { return nil }
    self = .seconds(number * scale)
  }
  package var optionText: String {
    let seconds = self / .seconds(1)
    return seconds < 1 ? "\((seconds * 1000).optionText)ms" : "\(seconds.optionText)s"
  }
}

/// An enumeration is one of its raw values: `extension Precision: OptionValue {}`.
extension OptionValue
where Self: RawRepresentable & CaseIterable, RawValue: LosslessStringConvertible {
  package static var kind: ValueKind { .choice(allCases.map(\.rawValue.description)) }
  package init?(optionText: String) {
    guard let value = Self.allCases.first(where: { $0.rawValue.description == optionText }) else {
      return nil
    }
    self = value
  }
  package var optionText: String { rawValue.description }
}

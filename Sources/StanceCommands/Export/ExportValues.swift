package import Options
package import PoseFormats

/// The name of one of the formats.
package struct FormatName: Sendable, Hashable, OptionValue {
  /// Known by ``PoseFormat/named(_:)``.
  package let name: String

  package static var kind: ValueKind { .choice(PoseFormat.all.map(\.name)) }

  package init?(optionText: String) {
    guard PoseFormat.named(optionText) != nil else { return nil }
    name = optionText
  }

  package var optionText: String { name }
}

/// "1.75", or of one person "2=1.75".
extension BodyHeight: OptionValue {
  package static var kind: ValueKind { .bodyHeight }

  package init?(optionText: String) {
    let parts = optionText.split(separator: "=", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let text = parts.last, let metres = Float(text),
      Self.range.contains(metres)
    else { return nil }
    if parts.count == 1 {
      self.init(metres: metres)
      return
    }
    guard let id = Int(parts[0]), id >= 1 else { return nil }
    self.init(id: id, metres: metres)
  }

  package var optionText: String {
    (id.map { "\($0)=" } ?? "") + metres.description
  }
}

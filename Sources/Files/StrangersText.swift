extension String {
  /// A stranger's words for a person to read: what would have a terminal do things, break a line or turn text about is U+FFFD.
  package var withoutControls: String {
    guard unicodeScalars.contains(where: Self.isControl) else { return self }
    var shown = UnicodeScalarView()
    for scalar in unicodeScalars { shown.append(Self.isControl(scalar) ? "\u{fffd}" : scalar) }
    return String(shown)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    // Those that choose a direction; others of this kind join emoji and letters.
    case .format: scalar.properties.isBidiControl
    default: false
    }
  }
}

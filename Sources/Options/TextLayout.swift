/// Lines for a terminal of 80 columns.
enum TextLayout {
  static let columns = 80

  /// Breaks a text between words.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return lines + (line.isEmpty ? [] : [line])
  }

  /// Two columns; a left cell wider than `width` stands on a line of its own.
  static func twoColumns(_ rows: [(left: String, right: String)], leftWidth width: Int) -> String {
    rows.map { left, right in
      let lines = wrap(right, width: columns - width - 4)
      let indent = String(repeating: " ", count: width + 4)
      let head =
        left.count <= width
        ? "  " + padded(left, width) + "  " + (lines.first ?? "")
        : "  " + left + "\n" + indent + (lines.first ?? "")
      return ([head] + lines.dropFirst().map { indent + $0 }).joined(separator: "\n") + "\n"
    }.joined()
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// ffprobe's output format `flat`: a line `key=number` or `key="text"` each.
struct FlatText {
  private let values: [String: String]

  init(_ bytes: [UInt8]) {
    var values: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      guard let equals = line.firstIndex(of: "=") else { continue }
      var value = line[line.index(after: equals)...]
      if value.count >= 2, value.first == "\"", value.last == "\"" {
        value = value.dropFirst().dropLast()
      }
      guard value != "N/A", value != "unknown" else { continue }
      values[String(line[..<equals])] = String(value)
    }
    self.values = values
  }

  /// A text as it is; none of those that are asked for needs escapes.
  func text(_ key: String) -> String? { values[key] }

  func integer(_ key: String) -> Int? { values[key].flatMap { Int($0) } }

  func number(_ key: String) -> Double? {
    values[key].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }
}

import FoundationEssentials

/// A JSON object of option values: `{"maxPeople": 2, "jointColor": "#ff0000"}`.
///
/// One file serves all commands, so keys of any command are taken, and checked.
struct ConfigurationFile {
  private let path: String
  private let values: [String: JSONWords]

  /// Reads the file.
  init(_ path: String, _ readFile: (String) throws -> [UInt8]) throws(UsageError) {
    self.path = path
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch {
      // A `FileError` names the path itself.
      let text = "\(error)"
      throw UsageError(text.hasPrefix(path) ? text : "\(path): \(text)")
    }
    do {
      values = try JSONDecoder().decode([String: JSONWords].self, from: Data(bytes))
    } catch let error as JSONWords.Refusal {
      throw UsageError("\(path): \(error.key): \(error.message)")
    } catch {
      throw UsageError("\(path): not a JSON object of options")
    }
  }

  /// Sets every value that the file holds.
  func apply<Root>(_ rows: [OptionRow<Root>], to root: inout Root) throws(UsageError) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      guard let row = rows.first(where: { $0.key == key }) else {
        let suggestion = Suggestion.text(for: key, among: rows.map(\.key))
        throw UsageError("\(path): unknown key \"\(key)\"\(suggestion)")
      }
      try UsageError.naming("\(path): \(key)") { () throws(UsageError) in
        if value.isList, !row.repeats { throw UsageError("takes one value, not a list") }
        try row.set(&root, from: value.words)
      }
    }
  }
}

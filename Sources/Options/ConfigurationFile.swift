import FoundationEssentials

/// A JSON object of option values: `{"maxPeople": 2, "jointColor": "#ff0000"}`.
///
/// One file serves all commands, so keys of any command are taken, and checked.
struct ConfigurationFile {
  private let path: String
  private let values: [String: ConfigurationValue]

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
      values = try JSONDecoder().decode([String: ConfigurationValue].self, from: Data(bytes))
    } catch let error as ConfigurationValue.Refusal {
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

/// A value of the file, as the words that an option would get.
private struct ConfigurationValue: Decodable {
  struct Refusal: Error {
    let key: String
    let message: String
  }

  let words: [String]
  let isList: Bool

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let word = Self.word(value) {
      (words, isList) = ([word], false)
      return
    }
    // Elements of a list are single words: no lists in lists.
    guard var list = try? decoder.unkeyedContainer() else {
      let key = decoder.codingPath.first?.stringValue ?? ""
      throw Refusal(key: key, message: "is no text, number, true, false or list of them")
    }
    var words: [String] = []
    while !list.isAtEnd { words.append(try list.decode(ConfigurationWord.self).text) }
    (self.words, isList) = (words, true)
  }

  static func word(_ value: any SingleValueDecodingContainer) -> String? {
    if let flag = try? value.decode(Bool.self) { return flag.optionText }
    if let whole = try? value.decode(Int.self) { return whole.optionText }
    if let number = try? value.decode(Double.self) { return number.optionText }
    return try? value.decode(String.self)
  }
}

/// One element of a list.
private struct ConfigurationWord: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    guard let text = ConfigurationValue.word(try decoder.singleValueContainer()) else {
      let key = decoder.codingPath.first?.stringValue ?? ""
      throw ConfigurationValue.Refusal(key: key, message: "a list holds only texts and numbers")
    }
    self.text = text
  }
}

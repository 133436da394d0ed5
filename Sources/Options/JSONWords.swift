/// A JSON value as the words that an option would get on the command line.
package struct JSONWords: Decodable, Sendable {
  /// A value that is no option's.
  package struct Refusal: Error {
    /// The option's key.
    package let key: String
    /// What is wrong with it.
    package let message: String
  }

  /// One, or a list's.
  package let words: [String]
  /// Whether they were a list.
  package let isList: Bool

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let word = Self.word(value) {
      (words, isList) = ([word], false)
      return
    }
    // Elements of a list are single words: no lists in lists.
    guard var list = try? decoder.unkeyedContainer() else {
      let key = decoder.codingPath.last { $0.intValue == nil }?.stringValue ?? ""
      throw Refusal(key: key, message: "is no text, number, true, false or list of them")
    }
    var words: [String] = []
    while !list.isAtEnd { words.append(try list.decode(JSONWord.self).text) }
    (self.words, isList) = (words, true)
  }

  fileprivate static func word(_ value: any SingleValueDecodingContainer) -> String? {
    if let flag = try? value.decode(Bool.self) { return flag.optionText }
    if let whole = try? value.decode(Int.self) { return whole.optionText }
    if let number = try? value.decode(Double.self) { return number.optionText }
    return try? value.decode(String.self)
  }
}

/// One element of a list.
private struct JSONWord: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    guard let text = JSONWords.word(try decoder.singleValueContainer()) else {
      let key = decoder.codingPath.last { $0.intValue == nil }?.stringValue ?? ""
      throw JSONWords.Refusal(key: key, message: "a list holds only texts and numbers")
    }
    self.text = text
  }
}

/// The words after a command, sorted into options and operands; no value is read yet.
struct CommandLineWords {
  /// All words given to each option, by the row's name.
  private(set) var options: [String: [String]] = [:]
  /// What is no option, in order.
  private(set) var operands: [String] = []
  /// The file of `--config`.
  private(set) var configuration: String?
  /// Whether `--help` or `-h` is among the words.
  private(set) var asksForHelp = false

  /// Sorts the words. `--` ends the options; `-` alone is an operand.
  init<Root>(_ words: ArraySlice<String>, of command: CommandRow<Root>) throws(UsageError) {
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        return
      }
      if word == "--help" || word == "-h" {
        asksForHelp = true
        return
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let option = try WrittenOption(word, of: command)
      let value: String
      if let written = option.value {
        value = written
      } else {
        value = try Self.nextValue(for: option, from: &rest)
      }
      switch option.target {
      case .configuration: configuration = value
      case .row(let name): options[name, default: []].append(value)
      }
    }
  }

  private static func nextValue(
    for option: WrittenOption, from rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard option.takesValue else { return true.optionText }
    guard let next = rest.popFirst() else { throw UsageError("\(option.shown) needs a value") }
    // `-o --json` is a forgotten value, not a file named --json.
    guard !next.hasPrefix("--") else {
      throw UsageError(
        "\(option.shown) needs a value, but \(next) follows; a value that begins with -- is written "
          + "after an equals sign")
    }
    return next
  }
}

/// One option as it was typed.
private struct WrittenOption {
  enum Target { case row(String), configuration }

  let target: Target
  /// The value that is part of the word: `--a=VALUE`, `-aVALUE`, `--no-a`.
  let value: String?
  /// The option without its value, for errors.
  let shown: String
  let takesValue: Bool

  init<Root>(_ word: String, of command: CommandRow<Root>) throws(UsageError) {
    self =
      word.hasPrefix("--")
      ? try Self(long: word.dropFirst(2), of: command) : try Self(short: word, of: command)
  }

  private init(target: Target, value: String?, shown: String, takesValue: Bool) {
    self.target = target
    self.value = value
    self.shown = shown
    self.takesValue = takesValue
  }

  /// `-o`, `-oVALUE`. Letters of several flags in one word are refused: too easily a misspelt `--option`.
  private init<Root>(short word: String, of command: CommandRow<Root>) throws(UsageError) {
    let letter = word.dropFirst().prefix(1)
    if command.rows.contains(where: { $0.name == word.dropFirst() && $0.name.count > 1 }) {
      throw UsageError("unknown option \(word), did you mean -\(word)?")
    }
    guard let row = command.rows.first(where: { $0.short.map { String($0) } == String(letter) })
    else {
      let suggestion = Suggestion.text(
        for: String(word.dropFirst()), among: command.rows.map(\.name), prefix: "--")
      throw UsageError("unknown option \(word)\(suggestion)")
    }
    let tail = word.dropFirst(2)
    guard tail.isEmpty || row.placeholder != nil else {
      throw UsageError("-\(letter) takes no value")
    }
    self.init(
      target: .row(row.name), value: tail.isEmpty ? nil : String(tail), shown: "-\(letter)",
      takesValue: row.placeholder != nil)
  }

  private init<Root>(long word: Substring, of command: CommandRow<Root>) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let value = parts.count > 1 ? String(parts[1]) : nil
    let shown = "--" + name
    if name == "config" {
      self.init(target: .configuration, value: value, shown: shown, takesValue: true)
    } else if let row = command.rows.first(where: { $0.name == name }) {
      self.init(
        target: .row(name), value: value, shown: shown, takesValue: row.placeholder != nil)
    } else if name.hasPrefix("no-"),
      let row = command.rows.first(where: { $0.name == name.dropFirst(3) && $0.kind == .flag })
    {
      guard value == nil else { throw UsageError("\(shown) takes no value") }
      self.init(
        target: .row(row.name), value: false.optionText, shown: shown, takesValue: false)
    } else {
      let names = command.rows.map(\.name) + ["config", "help"]
      throw UsageError(
        "unknown option \(shown)\(Suggestion.text(for: name, among: names, prefix: "--"))")
    }
  }
}

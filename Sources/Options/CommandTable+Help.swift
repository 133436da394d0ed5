extension CommandTable {
  /// What `help` prints: every command with its summary.
  package var overview: String {
    let rows =
      commands.map { (left: $0.name, right: $0.summary) }
      + [(left: "help", right: "Tells of a command and its options")]
    let width = rows.map(\.left.count).max() ?? 0
    let examples = commands.first?.examples.first.map { "\nExample:\n  \($0.line)\n" } ?? ""
    return """
      \(summary)

      Usage: \(program) COMMAND [OPTION…]

      Commands:
      \(TextLayout.twoColumns(rows, leftWidth: width))\(examples)
      "\(program) help COMMAND" tells of a command's options.
      "\(program) --version" tells the version.

      """
  }

  /// What `help COMMAND` and `COMMAND --help` print.
  package func help(for command: CommandRow<Root>) -> String {
    var text = "\(command.summary)\n\nUsage: \(usage(of: command))\n"
    if !command.discussion.isEmpty {
      text +=
        "\n"
        + TextLayout.wrap(command.discussion, width: TextLayout.columns)
        .joined(separator: "\n") + "\n"
    }
    text += "\nExamples:\n"
    for example in command.examples { text += "  \(example.line)\n      \(example.meaning)\n" }
    for group in command.groups {
      text += "\n\(group.title):\n"
      text += TextLayout.twoColumns(
        group.rows.map { (spelling(of: $0), meaning(of: $0)) }, leftWidth: 32)
    }
    text += "\nGeneral:\n"
    text += TextLayout.twoColumns(
      [
        (
          "    --config FILE", "Read options from this JSON file (or from the one in STANCE_CONFIG)"
        ),
        ("-h, --help", "Show this help"),
      ], leftWidth: 32)
    if let row = command.rows.first(where: { $0.name.contains("-") }) ?? command.rows.first {
      let hint =
        "Every option is also a variable and a key of the configuration file (--\(row.name): "
        + "\(row.variable), \(row.key)); the command line wins over variables, these over the file."
      text += "\n" + TextLayout.wrap(hint, width: TextLayout.columns).joined(separator: "\n") + "\n"
    }
    return text
  }

  /// "stance detect [OPTION…] PHOTO…".
  func usage(of command: CommandRow<Root>) -> String {
    let operands = command.operands.placeholder
    return "\(program) \(command.name) [OPTION…]" + (operands.isEmpty ? "" : " " + operands)
  }

  private func spelling(of row: OptionRow<Root>) -> String {
    (row.short.map { "-\($0), " } ?? "    ") + option(row)
      + (row.placeholder.map { " " + $0 } ?? "")
  }

  /// "--name"; "--[no-]name" where only the taking back makes a difference.
  func option(_ row: OptionRow<Root>) -> String {
    let isOn = row.kind == .flag && row.text(in: defaults) == true.optionText
    return (isOn ? "--[no-]" : "--") + row.name
  }

  private func meaning(of row: OptionRow<Root>) -> String {
    var notes: [String] = []
    if let bounds = row.bounds { notes.append("\(bounds.minimum) to \(bounds.maximum)") }
    if let text = row.text(in: defaults), !(row.kind == .flag && text == false.optionText) {
      notes.append("default \(text)")
    }
    if row.repeats { notes.append("may be repeated") }
    return row.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
  }
}

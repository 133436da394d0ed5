extension CommandTable {
  /// The documentation's page of all commands and options.
  package var markdown: String {
    var text = """
      # Commands and options

      This page is the output of `\(program) help --markdown`; a test compares them.

      One option has three spellings: on the command line, as a variable, and as a key of the configuration
      file (a JSON object, named by `--config FILE` or `STANCE_CONFIG`). The command line wins over variables,
      variables over the file, the file over the defaults. A list is replaced whole; in a variable its words stand
      between commas, its rectangles between semicolons. A flag can be taken back: `--no-json`. Wrong usage ends with status \(UsageError.exitStatus).

      """
    for command in commands {
      text += "\n## \(program) \(command.name)\n\n\(command.summary).\n"
      if !command.discussion.isEmpty { text += "\n\(command.discussion)\n" }
      text += "\n    \(usage(of: command))\n"
      for example in command.examples {
        text += "\n    # \(example.meaning)\n    \(example.line)\n"
      }
      let titles = command.groups.map { "[\($0.title)](#\(anchor($0.title)))" }
      if !titles.isEmpty { text += "\nOptions: \(titles.joined(separator: ", ")).\n" }
    }
    for group in groups {
      text += "\n## \(group.title)\n\n"
      text += "| Option | Variable | Key | Values | Default | Meaning |\n"
      text += "| --- | --- | --- | --- | --- | --- |\n"
      for row in group.rows { text += line(of: row) }
    }
    return text
  }

  private func line(of row: OptionRow<Root>) -> String {
    let option =
      "`\(option(row))" + (row.placeholder.map { " " + $0 } ?? "") + "`"
      + (row.short.map { ", `-\($0)`" } ?? "")
    let values =
      row.bounds.map { "\($0.minimum) to \($0.maximum)" } ?? row.kind.expectation
    let cells = [
      option, "`\(row.variable)`", "`\(row.key)`", values, row.text(in: defaults) ?? "", row.help,
    ]
    return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
  }

  /// GitHub's anchor of a heading.
  private func anchor(_ title: String) -> String {
    String(title.lowercased().compactMap { $0 == " " ? "-" : $0.isLetter || $0 == "-" ? $0 : nil })
  }
}

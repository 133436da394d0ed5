/// What a command line asks for.
package enum Invocation<Root: Sendable>: Sendable {
  /// A command with all its options set.
  case run(command: String, settings: Root, operands: [String])
  /// This text was asked for.
  case print(String)
  /// `--version`.
  case version
}

extension CommandTable {
  /// Reads a command line, without the program's own name.
  ///
  /// A later source wins over an earlier one: defaults, configuration file (`--config`, else `STANCE_CONFIG`),
  /// variables, command line. A variable that is empty counts as not set.
  ///
  /// - Throws: `UsageError`, naming the source; what `readFile` throws is told as one.
  package func parse(
    _ arguments: [String], environment: [String: String], readFile: (String) throws -> [UInt8]
  ) throws(UsageError) -> Invocation<Root> {
    guard let word = arguments.first else {
      throw UsageError("no command; \"\(program) help\" lists them")
    }
    switch word {
    case "help", "--help", "-h": return .print(try helpText(arguments.dropFirst()))
    case "--version": return .version
    default: break
    }
    let command = try command(named: word)
    let line = try CommandLineWords(arguments.dropFirst(), of: command)
    if line.asksForHelp { return .print(help(for: command)) }
    try check(line.operands, of: command)

    var root = defaults
    if let path = line.configuration
      ?? environment["STANCE_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 })
    {
      try ConfigurationFile(path, readFile).apply(rows, to: &root)
    }
    for row in command.rows {
      if let text = environment[row.variable], !text.isEmpty {
        let words =
          row.repeats ? text.split(separator: row.kind.separator).map(String.init) : [text]
        try UsageError.naming(row.variable) { () throws(UsageError) in
          try row.set(&root, from: words)
        }
      }
      if let words = line.options[row.name] {
        try UsageError.naming("--" + row.name) { () throws(UsageError) in
          try row.set(&root, from: words)
        }
      }
    }
    return .run(command: command.name, settings: root, operands: line.operands)
  }

  private func helpText(_ words: ArraySlice<String>) throws(UsageError) -> String {
    guard let topic = words.first else { return overview }
    switch topic {
    case "--markdown": return markdown
    case "help", "--help", "-h": return overview
    default: return help(for: try command(named: topic))
    }
  }

  private func check(_ operands: [String], of command: CommandRow<Root>) throws(UsageError) {
    let wanted = command.operands
    if operands.count > wanted.count.upperBound {
      let extra = operands[wanted.count.upperBound]
      throw UsageError(
        wanted.count.upperBound == 0
          ? "\(command.name) takes no operand, but got \"\(extra)\""
          : "\(command.name) takes one \(wanted.placeholder), but got \"\(extra)\" too")
    }
    guard operands.count >= wanted.count.lowerBound else {
      throw UsageError(
        "\(command.name) needs \(wanted.placeholder); \"\(program) help \(command.name)\" says more"
      )
    }
    guard case .choice(let words) = wanted.kind else { return }
    for operand in operands where !words.contains(operand) {
      let suggestion = Suggestion.text(for: operand, among: words)
      throw UsageError(
        "\(command.name): \"\(operand)\" is not \(wanted.kind.expectation)\(suggestion)")
    }
  }
}

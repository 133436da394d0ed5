/// The one table of a program's commands and options.
package struct CommandTable<Root: Sendable>: Sendable {
  /// The program's name.
  package let program: String
  /// What the program does, one sentence.
  package let summary: String
  /// The values that hold until a source gives others.
  package let defaults: Root
  /// The commands in the order of the help.
  package let commands: [CommandRow<Root>]

  /// A table of commands.
  package init(
    _ program: String, _ summary: String, defaults: Root, _ commands: [CommandRow<Root>]
  ) {
    self.program = program
    self.summary = summary
    self.defaults = defaults
    self.commands = commands
  }

  /// Every group once, in the order of the table.
  package var groups: [OptionGroup<Root>] {
    var seen: Set<String> = []
    return commands.flatMap(\.groups).filter { seen.insert($0.title).inserted }
  }

  /// Every option once, in the order of the table.
  package var rows: [OptionRow<Root>] {
    var seen: Set<String> = []
    return commands.flatMap(\.rows).filter { seen.insert($0.name).inserted }
  }

  /// The command of that name.
  ///
  /// - Throws: `UsageError` with the nearest name, if one is near.
  package func command(named word: String) throws(UsageError) -> CommandRow<Root> {
    if let command = commands.first(where: { $0.name == word }) { return command }
    let suggestion = Suggestion.text(for: word, among: commands.map(\.name) + ["help"])
    throw UsageError("unknown command \"\(word)\"\(suggestion); \"\(program) help\" lists them")
  }
}

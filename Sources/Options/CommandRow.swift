/// Options that belong together, under one heading of the help.
package struct OptionGroup<Root>: Sendable {
  /// The heading: "Drawing". One title stands for one list of rows wherever it is used.
  package let title: String
  /// The rows in the order of the help.
  package let rows: [OptionRow<Root>]

  /// A group of rows.
  package init(_ title: String, _ rows: [OptionRow<Root>]) {
    self.title = title
    self.rows = rows
  }
}

/// What follows a command's options.
package struct Operands: Sendable, Hashable {
  /// What stands for them in help: "PHOTO…".
  package let placeholder: String
  /// What they are, for completion and checks.
  package let kind: ValueKind
  /// How many there may be.
  package let count: ClosedRange<Int>

  /// Operands of a kind.
  package init(_ placeholder: String, _ kind: ValueKind, count: ClosedRange<Int>) {
    self.placeholder = placeholder
    self.kind = kind
    self.count = count
  }

  /// No operand is taken.
  package static let none = Operands("", .text, count: 0...0)
}

/// An example of a command, with what it does.
package struct Example: Sendable, Hashable {
  /// The line to type.
  package let line: String
  /// What it does.
  package let meaning: String

  /// An example.
  package init(_ line: String, _ meaning: String) {
    self.line = line
    self.meaning = meaning
  }
}

/// A command of the program: its options, what follows them, and how it is used.
package struct CommandRow<Root>: Sendable {
  /// The word that calls it.
  package let name: String
  /// One sentence without a full stop.
  package let summary: String
  /// More sentences for the help, may be empty.
  package let discussion: String
  /// What follows the options.
  package let operands: Operands
  /// At least one.
  package let examples: [Example]
  /// The options under their headings.
  package let groups: [OptionGroup<Root>]

  /// A command.
  package init(
    _ name: String, _ summary: String, discussion: String = "", operands: Operands = .none,
    examples: [Example], _ groups: [OptionGroup<Root>] = []
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.operands = operands
    self.examples = examples
    self.groups = groups
  }

  /// All rows of all groups.
  package var rows: [OptionRow<Root>] { groups.flatMap(\.rows) }
}

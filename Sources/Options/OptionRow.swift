/// The smallest and the largest value of an option, as text.
package struct OptionBounds: Sendable, Hashable {
  /// The smallest value that is taken.
  package let minimum: String
  /// The largest value that is taken.
  package let maximum: String

  init<Value: OptionValue>(_ range: ClosedRange<Value>) {
    minimum = range.lowerBound.optionText
    maximum = range.upperBound.optionText
  }
}

/// One row of the table of options.
///
/// The row alone makes the option `--max-people`, the variable `STANCE_MAX_PEOPLE`, the key `maxPeople` of the
/// configuration file and of queries, their checks, the help text, the completion and the documentation.
package struct OptionRow<Root>: Sendable {
  /// The words of the option without its dashes: "max-people".
  package let name: String
  /// The letter of the short spelling, `-o`.
  package let short: Character?
  /// One sentence without a full stop.
  package let help: String
  /// What kind of value it takes.
  package let kind: ValueKind
  /// What stands for the value in help; nil for a flag, which takes no word.
  package let placeholder: String?
  /// The range of its values, nil when there is none.
  package let bounds: OptionBounds?
  /// Whether it may be given many times.
  package let repeats: Bool

  private let assign: @Sendable (inout Root, [String]) throws(UsageError) -> Void
  private let show: @Sendable (Root) -> String?

  init(
    _ name: String, short: Character?, help: String, kind: ValueKind, placeholder: String?,
    bounds: OptionBounds? = nil, repeats: Bool = false,
    assign: @escaping @Sendable (inout Root, [String]) throws(UsageError) -> Void,
    show: @escaping @Sendable (Root) -> String?
  ) {
    self.name = name
    self.short = short
    self.help = help
    self.kind = kind
    self.placeholder = kind == .flag ? nil : placeholder ?? kind.placeholder
    self.bounds = bounds
    self.repeats = repeats
    self.assign = assign
    self.show = show
  }

  /// "STANCE_MAX_PEOPLE".
  package var variable: String {
    "STANCE_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
  }

  /// "maxPeople".
  package var key: String {
    let words = name.split(separator: "-")
    return words.prefix(1).joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// Sets the value from all the words that one source gave; the last one counts where one is wanted.
  ///
  /// - Throws: `UsageError` without the source's name.
  package func set(_ root: inout Root, from words: [String]) throws(UsageError) {
    try assign(&root, words)
  }

  /// The value that `root` has, nil when it is unset.
  package func text(in root: Root) -> String? { show(root) }

  /// The same row for a value that holds this row's: rows of `PoseOptions` serve every command's settings.
  package func lifted<Outer>(
    to path: any WritableKeyPath<Outer, Root> & Sendable
  ) -> OptionRow<Outer> {
    let (assign, show) = (assign, show)
    return OptionRow<Outer>(
      name, short: short, help: help, kind: kind, placeholder: placeholder, bounds: bounds,
      repeats: repeats,
      assign: { (outer: inout Outer, words: [String]) throws(UsageError) in
        try assign(&outer[keyPath: path], words)
      },
      show: { show($0[keyPath: path]) })
  }

  /// The same row for two values at once, which an option sets alike though their defaults differ; the first one's is
  /// told as the default.
  package func lifted<Outer>(
    to path: any WritableKeyPath<Outer, Root> & Sendable,
    and other: any WritableKeyPath<Outer, Root> & Sendable
  ) -> OptionRow<Outer> {
    let (assign, first) = (assign, lifted(to: path))
    return OptionRow<Outer>(
      name, short: short, help: help, kind: kind, placeholder: placeholder, bounds: bounds,
      repeats: repeats,
      assign: { (outer: inout Outer, words: [String]) throws(UsageError) in
        try assign(&outer[keyPath: path], words)
        try assign(&outer[keyPath: other], words)
      },
      show: { first.text(in: $0) })
  }
}

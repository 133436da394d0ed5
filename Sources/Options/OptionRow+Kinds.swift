// The ways to write a row. `kind` is given where the type says too little: a text that is a file's path.

extension OptionRow {
  /// An option that always has a value; a flag when it is a `Bool`.
  package static func option<Value: OptionValue>(
    _ name: String, short: Character? = nil, _ path: any WritableKeyPath<Root, Value> & Sendable,
    _ help: String, kind: ValueKind = Value.kind, placeholder: String? = nil
  ) -> Self {
    Self(
      name, short: short, help: help, kind: kind, placeholder: placeholder,
      assign: { (root: inout Root, words: [String]) throws(UsageError) in
        root[keyPath: path] = try parse(words.last ?? "", kind)
      },
      show: { $0[keyPath: path].optionText })
  }

  /// An option that always has a value of a range.
  package static func option<Value: OptionValue & Comparable>(
    _ name: String, short: Character? = nil, _ path: any WritableKeyPath<Root, Value> & Sendable,
    _ help: String, in range: ClosedRange<Value>, placeholder: String? = nil
  ) -> Self {
    Self(
      name, short: short, help: help, kind: Value.kind, placeholder: placeholder,
      bounds: OptionBounds(range),
      assign: { (root: inout Root, words: [String]) throws(UsageError) in
        root[keyPath: path] = try parse(words.last ?? "", in: range)
      },
      show: { $0[keyPath: path].optionText })
  }

  /// An option that may stay unset.
  package static func option<Value: OptionValue>(
    _ name: String, short: Character? = nil, _ path: any WritableKeyPath<Root, Value?> & Sendable,
    _ help: String, kind: ValueKind = Value.kind, placeholder: String? = nil
  ) -> Self {
    Self(
      name, short: short, help: help, kind: kind, placeholder: placeholder,
      assign: { (root: inout Root, words: [String]) throws(UsageError) in
        let value: Value = try parse(words.last ?? "", kind)
        root[keyPath: path] = value
      },
      show: { $0[keyPath: path]?.optionText })
  }

  /// An option of a range that may stay unset.
  package static func option<Value: OptionValue & Comparable>(
    _ name: String, short: Character? = nil, _ path: any WritableKeyPath<Root, Value?> & Sendable,
    _ help: String, in range: ClosedRange<Value>, placeholder: String? = nil
  ) -> Self {
    Self(
      name, short: short, help: help, kind: Value.kind, placeholder: placeholder,
      bounds: OptionBounds(range),
      assign: { (root: inout Root, words: [String]) throws(UsageError) in
        let value = try parse(words.last ?? "", in: range)
        root[keyPath: path] = value
      },
      show: { $0[keyPath: path]?.optionText })
  }

  /// An option that may be given many times (in a variable: words between commas; rectangles between semicolons). A source that gives
  /// it replaces what the sources before it gave.
  package static func list<Value: OptionValue>(
    _ name: String, short: Character? = nil, _ path: any WritableKeyPath<Root, [Value]> & Sendable,
    _ help: String, kind: ValueKind = Value.kind, placeholder: String? = nil
  ) -> Self {
    Self(
      name, short: short, help: help, kind: kind, placeholder: placeholder, repeats: true,
      assign: { (root: inout Root, words: [String]) throws(UsageError) in
        var values: [Value] = []
        for word in words { values.append(try parse(word, kind)) }
        root[keyPath: path] = values
      },
      show: {
        let words = $0[keyPath: path].map(\.optionText)
        return words.isEmpty ? nil : words.joined(separator: String(kind.separator))
      })
  }

  private static func parse<Value: OptionValue>(
    _ text: String, _ kind: ValueKind
  ) throws(UsageError) -> Value {
    guard let value = Value(optionText: text) else {
      throw UsageError("\"\(text)\" is not \(kind.expectation)")
    }
    return value
  }

  private static func parse<Value: OptionValue & Comparable>(
    _ text: String, in range: ClosedRange<Value>
  ) throws(UsageError) -> Value {
    let value: Value = try parse(text, Value.kind)
    guard range.contains(value) else {
      let bounds = OptionBounds(range)
      throw UsageError("\(text) is not from \(bounds.minimum) to \(bounds.maximum)")
    }
    return value
  }
}

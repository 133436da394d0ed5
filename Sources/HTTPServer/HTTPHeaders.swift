/// Header fields in order, repeated names kept; looked up in any case.
package struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
  package private(set) var fields: [(name: String, value: String)]

  package init(_ fields: [(String, String)] = []) { self.fields = fields }

  package init(dictionaryLiteral elements: (String, String)...) { fields = elements }

  /// Appends a field, whatever is there of the same name.
  package mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

  /// The first value of that name; setting it replaces all of them, nil removes them.
  package subscript(name: String) -> String? {
    get { fields.first { $0.name.equalsIgnoringCase(name) }?.value }
    set {
      fields.removeAll { $0.name.equalsIgnoringCase(name) }
      if let newValue { fields.append((name, newValue)) }
    }
  }

  /// Nobody can add a field of their own, or a whole response, through a name or a value.
  var areSafe: Bool {
    fields.allSatisfy { name, value in
      !name.isEmpty
        && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }
        && value.utf8.allSatisfy { $0 >= 32 && $0 != 127 || $0 == UInt8(ascii: "\t") }
    }
  }
}

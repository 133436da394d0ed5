import Options

/// Reads named values by a table of rows.
enum ParameterTable {
  /// Bytes of a value, of which the longest is a rectangle.
  static let maxValue = 256

  /// - Returns: the problem with a value of more bytes.
  static func tooLong(_ name: String) -> Problem {
    Problem(.badParameter, "\(name) has more than \(maxValue) bytes, the most taken")
  }

  /// Sets what a query, or a form's fields, name.
  ///
  /// - Throws: `Problem` with `bad_parameter` that names the parameter.
  static func read<Root>(
    _ query: [(name: String, value: String)], by rows: [OptionRow<Root>], into root: inout Root
  ) throws(Problem) {
    let names = Set(query.map(\.name)).sorted()
    try read(
      names.map { name in (name, query.filter { $0.name == name }.map(\.value)) }, by: rows,
      into: &root)
  }

  /// Sets each name's values, of which an option that is no list takes one.
  ///
  /// - Throws: `Problem` with `bad_parameter` that names the parameter.
  static func read<Root>(
    _ given: [(name: String, values: [String])], by rows: [OptionRow<Root>], into root: inout Root
  ) throws(Problem) {
    for (name, values) in given {
      guard let row = rows.first(where: { $0.key == name }) else {
        let known = rows.map(\.key).joined(separator: ", ")
        throw Problem(.badParameter, "there is no parameter \"\(name)\"; there are \(known)")
      }
      guard values.count == 1 || row.repeats else {
        throw Problem(.badParameter, "\(name) takes one value, not \(values.count)")
      }
      guard values.allSatisfy({ $0.utf8.count <= maxValue }) else { throw tooLong(name) }
      do throws(UsageError) { try row.set(&root, from: values) } catch {
        throw Problem(.badParameter, "\(name): \(error)")
      }
    }
  }
}

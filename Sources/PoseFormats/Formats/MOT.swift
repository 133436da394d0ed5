/// Named columns of numbers over time, for joint angles and the like, as OpenSim's motion and storage files (.mot, .sto).
///
///     var table = MotionTable(name: "squat", columns: ["leftKnee", "rightKnee"], inDegrees: true)
///     try table.append(time: 0.5, [92.5, nil])
///     try table.write { bytes in … }
///
/// Form: OpenSim's documentation, "Motion (.mot) Files" and "Storage (.sto) Files". A number that is missing is written as
/// NaN, OpenSim's own word for it; a row without any number is left out.
public struct MotionTable: Sendable {
  /// What it is called, on its first line.
  public let name: String
  /// The columns beside time, in order.
  public let columns: [String]
  /// Whether what turns is in degrees, not in radians.
  public let inDegrees: Bool

  private var times: [Double] = []
  /// Row after row; NaN for what is missing.
  private var values: [Double] = []

  /// A table without rows. White space in names, which would end them, becomes "_".
  ///
  /// - Precondition: no column twice, none without a name, and none called "time".
  public init(name: String, columns: [String], inDegrees: Bool) {
    func word(_ text: String) -> String { String(text.map { $0.isWhitespace ? "_" : $0 }) }
    self.name = word(name)
    self.columns = columns.map(word)
    self.inDegrees = inDegrees
    precondition(
      Set(self.columns + ["time", ""]).count == columns.count + 2,
      "columns need names of their own: \(columns)")
  }

  /// How many rows there are.
  public var rowCount: Int { times.count }

  /// Adds the numbers of a time, nil for those that are missing.
  ///
  /// - Parameters:
  ///   - time: in seconds, later than the last row's.
  ///   - row: one number a column.
  /// - Throws: `PoseFormatError` when a number is not finite, or the time does not come after the last one.
  /// - Precondition: one value a column.
  public mutating func append(time: Double, _ row: [Double?]) throws(PoseFormatError) {
    precondition(row.count == columns.count, "\(row.count) numbers for \(columns.count) columns")
    guard time.isFinite, time > times.last ?? -.infinity else {
      throw PoseFormatError(
        code: time.isFinite ? .unsuitable : .notFinite,
        message: "\(time) s does not come after \(times.last ?? 0) s")
    }
    for case let number? in row where !number.isFinite { throw .notFinite("value", "\(number)") }
    guard row.contains(where: { $0 != nil }) else { return }
    times.append(time)
    values += row.map { $0 ?? .nan }
  }

  /// The file's bytes, handed over piece by piece.
  ///
  /// - Throws: what `output` throws.
  public func write(to output: ([UInt8]) throws -> Void) throws {
    var rows = TextRows(separator: "\t", capacity: 1024)
    for line in [
      name, "version=1", "nRows=\(times.count)", "nColumns=\(columns.count + 1)",
      "inDegrees=\(inDegrees ? "yes" : "no")", "endheader",
    ] {
      rows.cell(line)
      rows.endRow()
    }
    for column in ["time"] + columns { rows.cell(column) }
    rows.endRow()
    try output(rows.bytes)
    for (row, time) in times.enumerated() {
      var rows = TextRows(separator: "\t", capacity: 16 * (columns.count + 1))
      rows.cell(time.description)
      for value in values[row * columns.count..<(row + 1) * columns.count] {
        rows.cell(value.isNaN ? "NaN" : value.description)
      }
      rows.endRow()
      try output(rows.bytes)
    }
  }
}

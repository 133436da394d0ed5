/// Rows of cells as bytes, for formats that are tables of text. "." is the decimal sign, "\n" the line's end.
struct TextRows {
  /// What has been written.
  private(set) var bytes: [UInt8] = []
  private let separator: UInt8
  private var isFirst = true

  /// No rows as yet.
  ///
  /// - Parameter separator: what stands between two cells.
  init(separator: Unicode.Scalar, capacity: Int = 0) {
    self.separator = UInt8(ascii: separator)
    bytes.reserveCapacity(capacity)
  }

  /// A cell without anything in it.
  mutating func empty() { separate() }

  mutating func cell(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
  }

  mutating func cell(_ number: Int) { cell(number.description) }

  mutating func cell(_ truth: Bool) { cell(truth ? "true" : "false") }

  /// The shortest digits that read back as the same number.
  ///
  /// - Throws: `PoseFormatError` when it is not finite; it says what the number is by `name`.
  mutating func cell<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ number: Number, _ name: StaticString
  ) throws(PoseFormatError) {
    guard number.isFinite else { throw .notFinite(name, "\(number)") }
    cell(number.description)
  }

  /// With six decimals, never with an exponent, which some readers don't take.
  ///
  /// - Precondition: finite, and below 10^12.
  mutating func fixed(_ number: Double) {
    precondition(number.magnitude < 1e12, "\(number) has no six decimals")
    let scaled = Int64((number * 1e6).rounded())
    let (whole, part) = scaled.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    let digits = part.description
    separate()
    if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.append(contentsOf: whole.description.utf8)
    bytes.append(UInt8(ascii: "."))
    for _ in digits.utf8.count..<6 { bytes.append(UInt8(ascii: "0")) }
    bytes.append(contentsOf: digits.utf8)
  }

  /// The end of the row.
  mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }

  private mutating func separate() {
    if !isFirst { bytes.append(separator) }
    isFirst = false
  }
}

extension PoseFormatError {
  /// A number that no format shows.
  static func notFinite(_ name: StaticString, _ number: String) -> PoseFormatError {
    PoseFormatError(
      code: .notFinite,
      message: "\"\(name)\" is \(number), and only finite numbers can be written")
  }
}

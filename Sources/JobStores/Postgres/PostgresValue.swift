/// A value of a statement or of a row.
package enum PostgresValue: Sendable, Hashable, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByNilLiteral, ExpressibleByBooleanLiteral
{
  case null
  case boolean(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  case bytes([UInt8])

  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }

  /// A text, or null.
  package static func text(_ text: String?) -> Self { text.map(Self.text) ?? .null }
  /// A number, or null.
  package static func integer(_ number: Int64?) -> Self { number.map(Self.integer) ?? .null }
  /// Bytes, or null.
  package static func bytes(_ bytes: [UInt8]?) -> Self { bytes.map(Self.bytes) ?? .null }

  package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  package var real: Double? { if case .real(let number) = self { number } else { nil } }
  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  package var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
  package var isNull: Bool { self == .null }

  // MARK: Binary form

  /// Numbers of the types in `pg_type`, which never change.
  private enum TypeNumber {
    static let boolean: UInt32 = 16
    static let bytes: UInt32 = 17
    static let name: UInt32 = 19
    static let integer8: UInt32 = 20
    static let integer2: UInt32 = 21
    static let integer4: UInt32 = 23
    static let text: UInt32 = 25
    static let real8: UInt32 = 701
    static let varchar: UInt32 = 1043
    static let void: UInt32 = 2278
  }

  /// The type's number and the bytes as the server sends and takes them; null has neither.
  var encoded: (type: UInt32, bytes: [UInt8]?) {
    switch self {
    case .null: (0, nil)
    case .boolean(let flag): (TypeNumber.boolean, [flag ? 1 : 0])
    case .integer(let number): (TypeNumber.integer8, Self.bigEndian(UInt64(bitPattern: number)))
    case .real(let number): (TypeNumber.real8, Self.bigEndian(number.bitPattern))
    // A text of PostgreSQL can hold anything but a zero.
    case .text(let text): (TypeNumber.text, Array(text.replacing("\0", with: "\u{FFFD}").utf8))
    case .bytes(let bytes): (TypeNumber.bytes, bytes)
    }
  }

  /// Nil for a type that is not known here, or a length that is not the type's.
  init?(type: UInt32, bytes: UnsafeRawBufferPointer) {
    func number(_ count: Int) -> UInt64? {
      bytes.count == count ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : nil
    }
    switch type {
    case TypeNumber.boolean:
      guard let flag = number(1) else { return nil }
      self = .boolean(flag != 0)
    case TypeNumber.integer2:
      guard let value = number(2) else { return nil }
      self = .integer(Int64(Int16(truncatingIfNeeded: value)))
    case TypeNumber.integer4:
      guard let value = number(4) else { return nil }
      self = .integer(Int64(Int32(truncatingIfNeeded: value)))
    case TypeNumber.integer8:
      guard let value = number(8) else { return nil }
      self = .integer(Int64(bitPattern: value))
    case TypeNumber.real8:
      guard let value = number(8) else { return nil }
      self = .real(Double(bitPattern: value))
    case TypeNumber.text, TypeNumber.varchar, TypeNumber.name:
      self = .text(String(decoding: bytes, as: UTF8.self))
    case TypeNumber.bytes: self = .bytes(Array(bytes))
    case TypeNumber.void: self = .null
    default: return nil
    }
  }

  private static func bigEndian(_ value: UInt64) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}

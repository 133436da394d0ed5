internal import CSQLite
internal import Glibc

/// What SQLite said went wrong.
struct DatabaseError: Error {
  /// SQLite's extended result code.
  let code: Int32
  let message: String

  /// Another connection holds the lock, or the disk is full for now.
  var isPassing: Bool {
    [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM].contains(code & 0xFF)
  }
}

/// A value of a column or a parameter.
enum DatabaseValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  static func integer(_ number: Int) -> Self { .integer(Int64(number)) }
  static func text(_ text: String?) -> Self { text.map(Self.text) ?? .null }
  static func real(_ number: Double?) -> Self { number.map(Self.real) ?? .null }
}

/// One row of an answer.
struct DatabaseRow {
  private let values: [DatabaseValue]

  init(_ values: [DatabaseValue]) { self.values = values }

  subscript(_ column: Int) -> DatabaseValue {
    values.indices.contains(column) ? values[column] : .null
  }

  func optionalInteger(_ column: Int) -> Int? {
    if case .integer(let number) = self[column] { Int(number) } else { nil }
  }
  /// 0 where there is no number.
  func integer(_ column: Int) -> Int { optionalInteger(column) ?? 0 }
  func real(_ column: Int) -> Double? {
    switch self[column] {
    case .real(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }
  func text(_ column: Int) -> String? {
    if case .text(let text) = self[column] { text } else { nil }
  }
  func blob(_ column: Int) -> [UInt8]? {
    if case .blob(let bytes) = self[column] { bytes } else { nil }
  }
}

/// One connection to an SQLite database, used by one thread at a time. Statements are prepared once and kept.
final class Database {
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// Opens the database, or makes it. A lock of another connection is waited for, `busy` at most.
  init(_ path: String, busy: Duration) throws(DatabaseError) {
    var handle: OpaquePointer?
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      sqlite3_close_v2(handle)
      throw DatabaseError(code: code, message: String(cString: sqlite3_errstr(code)))
    }
    self.handle = handle
    // SQLite's own waiting sleeps for up to a tenth of a second, in which a busy writer takes the lock again and again.
    let most = Int(busy / Self.lockPause)
    sqlite3_busy_handler(
      handle,
      { most, count in
        guard Int(count) < Int(bitPattern: most) else { return 0 }
        usleep(UInt32(Database.lockPause / .microseconds(1)))
        return 1
      }, UnsafeMutableRawPointer(bitPattern: most))
  }

  private static let lockPause = Duration.milliseconds(2)

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Runs statements without values: schemas and pragmas.
  func script(_ sql: String) throws(DatabaseError) {
    try check(sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// Runs one statement; every row it gives.
  @discardableResult
  func run(_ sql: String, _ values: DatabaseValue...) throws(DatabaseError) -> [DatabaseRow] {
    let statement = try prepared(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() {
      try bind(value, to: statement, at: Int32(index + 1))
    }
    var rows: [DatabaseRow] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append(
          DatabaseRow((0..<sqlite3_column_count(statement)).map { column(statement, $0) }))
      case SQLITE_DONE: return rows
      case let code:
        throw DatabaseError(code: code, message: String(cString: sqlite3_errmsg(handle)))
      }
    }
  }

  /// Rows that the last statement changed.
  var changes: Int { Int(sqlite3_changes64(handle)) }

  private func prepared(_ sql: String) throws(DatabaseError) -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    try check(
      sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
    guard let statement else {
      throw DatabaseError(code: SQLITE_MISUSE, message: "an empty statement")
    }
    statements[sql] = statement
    return statement
  }

  private func bind(_ value: DatabaseValue, to statement: OpaquePointer, at index: Int32)
    throws(DatabaseError)
  {
    // SQLITE_TRANSIENT, a cast that C's macros can't carry over: SQLite copies the bytes.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    let code =
      switch value {
      case .null: sqlite3_bind_null(statement, index)
      case .integer(let number): sqlite3_bind_int64(statement, index, number)
      case .real(let number): sqlite3_bind_double(statement, index, number)
      case .text(let text):
        sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), copied)
      // A null pointer would bind NULL.
      case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, index, 0)
      case .blob(let bytes):
        bytes.withUnsafeBytes {
          sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), copied)
        }
      }
    try check(code)
  }

  private func column(_ statement: OpaquePointer, _ index: Int32) -> DatabaseValue {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, index))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, index))
    case SQLITE_TEXT:
      .text(
        String(
          decoding: bytes(sqlite3_column_text(statement, index), statement, index), as: UTF8.self))
    case SQLITE_BLOB: .blob(Array(bytes(sqlite3_column_blob(statement, index), statement, index)))
    default: .null
    }
  }

  /// The column's bytes, which lie at `start` until the next step.
  private func bytes(_ start: UnsafeRawPointer?, _ statement: OpaquePointer, _ index: Int32)
    -> UnsafeRawBufferPointer
  {
    UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  private func check(_ code: Int32) throws(DatabaseError) {
    if code != SQLITE_OK {
      throw DatabaseError(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }
  }
}

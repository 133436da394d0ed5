import CPostgres
import Glibc

/// One connection to a PostgreSQL server, for one thread at a time. Every call has a bound.
package final class PostgresConnection {
  /// Bounds of time.
  package struct Limits: Sendable {
    /// For a connection with TLS and log-in, in whole seconds, to each of the addresses that are tried.
    package var connectSeconds = 5
    /// For a statement and its whole answer. The server itself ends a statement at four fifths of it.
    package var statement: Duration = .seconds(10)

    package init() {}
  }

  /// A message by NOTIFY.
  package struct Notification: Sendable, Hashable {
    package let channel: String
    package let payload: String
  }

  private let functions: stance_pq
  private let connection: UnsafeMutableRawPointer
  private let limits: Limits
  private let secrets: [Secret]
  private var isLost = false
  /// A bound for several statements together; nil for none.
  var callDeadline: Deadline?

  /// Connects and logs in. Of several hosts one that takes writes is looked for, unless the address says otherwise.
  package init(_ address: PostgresAddress, limits: Limits = Limits()) throws(ConnectionError) {
    var message = [CChar](repeating: 0, count: 256)
    guard let functions = stance_pq_load(&message, message.count)?.pointee else {
      let words = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      throw ConnectionError(
        .missingLibrary,
        "jobs in PostgreSQL need Debian's package libpq5: \(String(decoding: words, as: UTF8.self))"
      )
    }
    // What comes before the address can be overridden by it, what comes after can't.
    let settings: [(String, String?)] = [
      ("application_name", "stance"), ("target_session_attrs", "read-write"),
      ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "15000"),
      ("dbname", address.text.revealed),
      ("password", address.password?.revealed),
      ("connect_timeout", String(max(2, limits.connectSeconds))), ("client_encoding", "UTF8"),
    ]
    let beginning = ContinuousClock.now
    let connection = Self.withCStrings(settings.map(\.0)) { keywords in
      Self.withCStrings(settings.map(\.1)) { functions.PQconnectdbParams(keywords, $0, 1) }
    }
    guard let connection else { throw ConnectionError(.lost, "PostgreSQL: no memory") }
    self.functions = functions
    self.connection = connection
    self.limits = limits
    secrets = address.secrets
    guard functions.PQstatus(connection) == CInt(stance_pq_connection_ok) else {
      isLost = true
      throw connectionFailure(settings, after: ContinuousClock.now - beginning)
    }
    guard functions.PQsetnonblocking(connection, 1) == 0 else { throw failure("PostgreSQL") }
    withUnsafePointer(to: functions) { stance_pq_drop_notices($0, connection) }
    let milliseconds = Int(limits.statement / .milliseconds(1) * 0.8)
    // By statements, not by the address' options, which pgbouncer refuses.
    try script(
      """
      SET statement_timeout = \(milliseconds); SET idle_in_transaction_session_timeout = 60000;
      SET client_min_messages = warning; SET default_transaction_isolation = 'read committed'
      """)
  }

  deinit { functions.PQfinish(connection) }

  /// The server's version: 150018 for 15.18.
  package var serverVersion: Int { Int(functions.PQserverVersion(connection)) }

  /// Why there is no connection.
  ///
  /// libpq has no code for that. Its longest words have the server's, and are to be had only by connecting once more; where the
  /// first time was slow nobody answers, and a second would be as slow.
  private func connectionFailure(
    _ settings: [(String, String?)], after time: Duration
  ) -> ConnectionError {
    let failure = failure("can't connect to PostgreSQL")
    if functions.PQconnectionNeedsPassword(connection) == 1 {
      return ConnectionError(.refused(code: "28P01"), failure.message)
    }
    guard time < .seconds(1) else { return failure }
    let ping = Self.withCStrings(settings.map(\.0)) { keywords in
      Self.withCStrings(settings.map(\.1)) { functions.PQpingParams(keywords, $0, 1) }
    }
    if ping == CInt(stance_pq_ping_no_attempt) {
      return ConnectionError(.badAddress, failure.message)
    }
    guard ping == CInt(stance_pq_ping_ok) else { return failure }
    _ = functions.PQsetErrorVerbosity(connection, CInt(stance_pq_verbose))
    functions.PQreset(connection)
    let words = String(cString: functions.PQerrorMessage(connection))
    guard let code = Self.lasting.first(where: { words.contains(" \($0): ") }) else {
      return failure
    }
    return ConnectionError(.refused(code: code), failure.message)
  }

  /// Not let in, a wrong password, no such database.
  private static let lasting = ["28000", "28P01", "3D000"]

  // MARK: Statements

  /// Runs one statement with `$1`, `$2` and so on in it, and gives its rows.
  ///
  /// - Throws: with `.refused` or `.unavailable` for the server's error, after which the connection is as before; with `.lost`
  ///   when it is of no more use.
  @discardableResult
  package func run(
    _ statement: String, _ values: [PostgresValue] = [], within limit: Duration? = nil
  ) throws(ConnectionError) -> [[PostgresValue]] {
    let deadline = Deadline(after: limit ?? limits.statement).or(callDeadline)
    try checkLost()
    let encoded = values.map(\.encoded)
    let sent = Self.withPointers(encoded.map(\.bytes)) { pointers in
      functions.PQsendQueryParams(
        connection, statement, CInt(values.count), encoded.map(\.type), pointers,
        encoded.map { CInt($0.bytes?.count ?? 0) }, Array(repeating: 1, count: values.count), 1)
    }
    guard sent == 1 else { throw lost() }
    return try results(until: deadline)
  }

  /// Runs several statements without values, at once and as one transaction; their rows are dropped.
  package func script(_ statements: String, within limit: Duration? = nil) throws(ConnectionError) {
    let deadline = Deadline(after: limit ?? limits.statement).or(callDeadline)
    try checkLost()
    guard functions.PQsendQuery(connection, statements) == 1 else { throw lost() }
    _ = try results(until: deadline, areKept: false)
  }

  /// Runs `body` as one transaction, which is undone when it throws.
  ///
  /// - Parameters:
  ///   - beginning: statements to begin it with.
  ///   - ending: gives statements to end it with.
  /// - Throws: what `body` throws, and `ConnectionError`; with `.lost` at the end of it whether it was done is unknown.
  package func transaction<Result>(
    beginning: String = "", _ body: () throws -> Result, ending: (Result) -> String = { _ in "" }
  ) throws -> Result {
    do {
      try script("BEGIN; " + beginning)
      let result = try body()
      try script(ending(result) + "; COMMIT")
      return result
    } catch {
      // Where that can't be said either, the connection is given up, and the server undoes it by itself.
      do throws(ConnectionError) { if !isLost { try script("ROLLBACK") } } catch { isLost = true }
      throw error
    }
  }

  // MARK: Notifications

  /// Has messages on a channel sent here. They wake only: some are lost, as whenever the connection is.
  ///
  /// - Precondition: the channel is a plain name.
  package func listen(to channel: String) throws(ConnectionError) {
    precondition(channel.utf8.allSatisfy { $0 == 95 || 97...122 ~= $0 }, "a plain name")
    try script("LISTEN \(channel)")
  }

  /// Waits for messages; none when nothing came within `limit`.
  package func notifications(within limit: Duration) throws(ConnectionError) -> [Notification] {
    let deadline = Deadline(after: limit)
    try checkLost()
    while true {
      var all: [Notification] = []
      while let next = functions.PQnotifies(connection) {
        defer { functions.PQfreemem(next) }
        all.append(
          Notification(
            channel: String(cString: next.pointee.channel),
            payload: String(cString: next.pointee.payload)))
      }
      if !all.isEmpty { return all }
      guard try waitForInput(until: deadline) else { return [] }
    }
  }

  // MARK: Results

  /// Takes all results of what was sent.
  private func results(
    until deadline: Deadline, areKept: Bool = true
  ) throws(ConnectionError) -> [[PostgresValue]] {
    var rows: [[PostgresValue]] = []
    var refusal: ConnectionError?
    try flush(until: deadline)
    while true {
      while functions.PQisBusy(connection) != 0 {
        guard try waitForInput(until: deadline) else { throw tooSlow() }
      }
      guard let result = functions.PQgetResult(connection) else { break }
      defer { functions.PQclear(result) }
      do throws(ConnectionError) { rows += try self.rows(of: result, areKept) } catch {
        refusal = refusal ?? error
      }
    }
    if functions.PQstatus(connection) != CInt(stance_pq_connection_ok) { isLost = true }
    if let refusal { throw refusal }
    if isLost { throw lost() }
    return rows
  }

  private func flush(until deadline: Deadline) throws(ConnectionError) {
    while true {
      switch functions.PQflush(connection) {
      case 0: return
      case 1:
        let events = POLLIN | POLLOUT
        guard try deadline.wait(for: functions.PQsocket(connection), events) else {
          throw tooSlow()
        }
        guard functions.PQconsumeInput(connection) == 1 else { throw lost() }
      default: throw lost()
      }
    }
  }

  private func waitForInput(until deadline: Deadline) throws(ConnectionError) -> Bool {
    let socket = functions.PQsocket(connection)
    guard socket >= 0 else { throw lost() }
    if !holdsInput { guard try deadline.wait(for: socket, POLLIN) else { return false } }
    guard functions.PQconsumeInput(connection) == 1 else { throw lost() }
    return true
  }

  private var holdsInput: Bool {
    withUnsafePointer(to: functions) { stance_pq_holds_input($0, connection) }
  }

  private func rows(
    of result: UnsafeMutableRawPointer, _ areKept: Bool
  ) throws(ConnectionError) -> [[PostgresValue]] {
    switch Int(functions.PQresultStatus(result)) {
    case stance_pq_command_ok: return []
    case stance_pq_tuples_ok: break
    default: throw refusal(of: result)
    }
    // Those of statements without values are text.
    guard areKept else { return [] }
    let columns = functions.PQnfields(result)
    var rows: [[PostgresValue]] = []
    for row in 0..<functions.PQntuples(result) {
      var values: [PostgresValue] = []
      for column in 0..<columns {
        guard functions.PQgetisnull(result, row, column) == 0 else {
          values.append(.null)
          continue
        }
        let bytes = UnsafeRawBufferPointer(
          start: functions.PQgetvalue(result, row, column),
          count: Int(functions.PQgetlength(result, row, column)))
        let type = functions.PQftype(result, column)
        guard let value = PostgresValue(type: type, bytes: bytes) else {
          throw ConnectionError(
            .refused(code: "type"), "PostgreSQL: column \(column) has the unknown type \(type)")
        }
        values.append(value)
      }
      rows.append(values)
    }
    return rows
  }

  // MARK: Errors

  private func checkLost() throws(ConnectionError) {
    if isLost { throw ConnectionError(.lost, "the connection to PostgreSQL was lost before") }
  }

  private func tooSlow() -> ConnectionError {
    isLost = true
    return ConnectionError(.lost, "PostgreSQL did not answer in time")
  }

  private func lost() -> ConnectionError {
    isLost = true
    return failure("the connection to PostgreSQL was lost")
  }

  /// libpq's own words, in one line.
  private func failure(_ action: String) -> ConnectionError {
    let words = String(cString: functions.PQerrorMessage(connection))
    return ConnectionError(.lost, "\(action): \(clean(words))")
  }

  private func refusal(of result: UnsafeMutableRawPointer) -> ConnectionError {
    let state = functions.PQresultErrorField(result, CInt(stance_pq_field_state))
    let words = functions.PQresultErrorField(result, CInt(stance_pq_field_message))
    guard let state else { return lost() }
    let code = String(cString: state)
    let message = "PostgreSQL: \(clean(words.map { String(cString: $0) } ?? "an error")) (\(code))"
    // It ends, or no longer takes writes: another connection finds the new primary.
    if ["57P01", "57P02", "57P03", "25006"].contains(code) { isLost = true }
    return ConnectionError(
      Self.isPassing(code) ? .unavailable(code: code) : .refused(code: code), message)
  }

  /// Codes of https://www.postgresql.org/docs/15/errcodes-appendix.html: lost connections, deadlocks and the like, too few
  /// resources, statements that were ended, a server that starts or ends, one that only reads.
  private static func isPassing(_ code: String) -> Bool {
    ["08", "40", "53", "57"].contains(code.prefix(2)) || ["55P03", "25006"].contains(code)
  }

  private func clean(_ words: String) -> String {
    let line = words.split(whereSeparator: \.isNewline).joined(separator: " ")
    return secrets.reduce(line) { $1.removed(from: $0) }
  }

  // MARK: C arrays

  /// `strings` as a null-terminated array, a null for a nil among them.
  private static func withCStrings<Result>(
    _ strings: [String?], _ body: ([UnsafePointer<CChar>?]) -> Result
  ) -> Result {
    withPointers(strings.map { $0.map { Array($0.utf8) + [0] } }) { body($0 + [nil]) }
  }

  private static func withPointers<Result>(
    _ arrays: [[UInt8]?], _ body: ([UnsafePointer<CChar>?]) -> Result
  ) -> Result {
    // A value of no bytes needs an address all the same: without one it is null.
    let copies = arrays.map { bytes in
      bytes.map { bytes in
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
        copy.initialize(from: bytes, count: bytes.count)
        return copy
      }
    }
    defer { for copy in copies { copy?.deallocate() } }
    return body(
      copies.map { copy in
        copy.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
      })
  }
}

extension PostgresConnection: PooledConnection {
  package var isUsable: Bool {
    guard !isLost, functions.PQtransactionStatus(connection) == CInt(stance_pq_transaction_idle)
    else { return false }
    // Readable without a question: the server ended the connection, or says that it does.
    let socket = functions.PQsocket(connection)
    var polled = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return socket >= 0 && poll(&polled, 1, 0) == 0
  }
}

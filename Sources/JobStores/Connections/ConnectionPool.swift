internal import Dispatch
internal import StanceJobs
internal import Synchronization

/// A connection that a pool can keep.
protocol PooledConnection: AnyObject {
  /// Whether it can be used again: it did not fail and is not gone, as far as a look shows that waits for nothing.
  var isUsable: Bool { get }
  /// When the call that it is lent for must have ended.
  var callDeadline: Deadline? { get set }
}

/// A few connections, each lent to one thread at a time. Lost ones are replaced when one is needed again.
final class ConnectionPool<Connection: PooledConnection>: Sendable {
  typealias Connect = @Sendable (Deadline) throws(ConnectionError) -> Connection

  /// Sendable since a connection is in the pool or with one borrower, never both.
  private struct Idle: @unchecked Sendable { let connection: Connection }

  private let idle = Mutex<[Idle]>([])
  // Made with 0 and raised after: a semaphore may not be freed below the value it was made with.
  private let places = DispatchSemaphore(value: 0)
  private let limit: Duration
  private let connect: Connect

  /// - Parameters:
  ///   - count: how many connections there are at most.
  ///   - limit: for a whole call: waiting for a connection, making it, and all that is done by it.
  init(count: Int, limit: Duration, connect: @escaping Connect) {
    self.limit = limit
    self.connect = connect
    for _ in 0..<count { places.signal() }
  }

  /// Lends a connection to `body`.
  ///
  /// - Throws: `ConnectionError`, and what `body` throws.
  func withConnection<Result>(_ body: (Connection) throws -> Result) throws -> Result {
    let deadline = Deadline(after: limit)
    guard places.wait(timeout: .now() + .nanoseconds(Int(limit / .nanoseconds(1)))) == .success
    else {
      throw ConnectionError(.unavailable(code: "busy"), "all connections to the store are in use")
    }
    defer { places.signal() }
    let connection = try takeIdle() ?? connect(deadline)
    connection.callDeadline = deadline
    defer {
      if connection.isUsable {
        let returned = Idle(connection: connection)
        idle.withLock { $0.append(returned) }
      }
    }
    return try body(connection)
  }

  private func takeIdle() -> Connection? {
    while let next = idle.withLock({ $0.popLast() }) {
      if next.connection.isUsable { return next.connection }
    }
    return nil
  }
}

extension ConnectionPool {
  /// As ``withConnection(_:)``, with a store's errors.
  func call<Result>(_ body: (Connection) throws -> Result) throws(JobStoreError) -> Result {
    do {
      return try withConnection(body)
    } catch let error as JobStoreError {
      throw error
    } catch let error as ConnectionError {
      throw error.isPassing ? .unavailable(error.message) : .unusable(error.message)
    } catch {
      throw .unavailable("\(error)")
    }
  }
}

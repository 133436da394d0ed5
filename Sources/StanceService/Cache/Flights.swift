import Synchronization

/// Computations under way: whoever asks for one that is running waits for it instead of starting another.
///
/// A computation goes on while anybody waits for it, also when the one who began it has left; it is cancelled when
/// the last one has.
final class Flights<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Flight {
    let id: Int
    var task: Task<Void, Never>?
    var waiting: [Int: Waiter] = [:]
  }

  private struct Waiter {
    let continuation: CheckedContinuation<Value, any Error>
    let timeout: Task<Void, Never>
  }

  private struct State {
    var flights: [Key: Flight] = [:]
    /// Callers who were cancelled before they began to wait.
    var cancelled: Set<Int> = []
    var lastID = 0
  }

  private let state = Mutex(State())

  /// How many wait for the value of `key`.
  func callers(of key: Key) -> Int { state.withLock { $0.flights[key]?.waiting.count ?? 0 } }

  /// The value of `key`, by `compute` or by somebody else's computation of the same key.
  ///
  /// - Throws: `Problem` with `timeout` at the deadline; `CancellationError`; what the computation throws.
  func value(
    for key: Key, by deadline: Deadline, compute: @escaping @Sendable () async throws -> Value
  ) async throws -> (value: Value, isShared: Bool) {
    let caller = state.withLock { Self.nextID(&$0) }
    defer { state.withLock { _ = $0.cancelled.remove(caller) } }
    let isShared = Mutex(false)
    let value = try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let wasCancelled = state.withLock { state in
          guard !state.cancelled.contains(caller) else { return true }
          let waiter = Waiter(
            continuation: continuation, timeout: timeout(of: caller, key, at: deadline))
          if state.flights[key] != nil {
            isShared.withLock { $0 = true }
            state.flights[key]?.waiting[caller] = waiter
          } else {
            let id = Self.nextID(&state)
            let task = Task { self.land(key, id, with: await Self.outcome(of: compute)) }
            state.flights[key] = Flight(id: id, task: task, waiting: [caller: waiter])
          }
          return false
        }
        if wasCancelled { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      leave(caller, key, because: CancellationError(), orRemember: true)
    }
    return (value, isShared.withLock { $0 })
  }

  private static func outcome(
    of compute: @Sendable () async throws -> Value
  ) async -> Result<Value, any Error> {
    do { return .success(try await compute()) } catch { return .failure(error) }
  }

  private func land(_ key: Key, _ id: Int, with outcome: Result<Value, any Error>) {
    let flight = state.withLock { state -> Flight? in
      // The same key may fly again by now, when everybody had left this one.
      guard state.flights[key]?.id == id else { return nil }
      return state.flights.removeValue(forKey: key)
    }
    guard let flight else { return }
    for waiter in flight.waiting.values {
      waiter.timeout.cancel()
      waiter.continuation.resume(with: outcome)
    }
  }

  private func leave(_ caller: Int, _ key: Key, because reason: any Error, orRemember: Bool) {
    let (waiter, abandoned) = state.withLock { state -> (Waiter?, Task<Void, Never>?) in
      guard let waiter = state.flights[key]?.waiting.removeValue(forKey: caller) else {
        if orRemember { state.cancelled.insert(caller) }
        return (nil, nil)
      }
      guard state.flights[key]?.waiting.isEmpty == true else { return (waiter, nil) }
      return (waiter, state.flights.removeValue(forKey: key)?.task)
    }
    abandoned?.cancel()
    waiter?.timeout.cancel()
    waiter?.continuation.resume(throwing: reason)
  }

  private func timeout(
    of caller: Int, _ key: Key, at deadline: Deadline
  ) -> Task<Void, Never> {
    Task { [self] in
      do { try await Task.sleep(until: deadline.instant) } catch { return }
      let problem = Problem(.timeout, "the work was not done within \(deadline.time)")
      leave(caller, key, because: problem, orRemember: false)
    }
  }

  private static func nextID(_ state: inout State) -> Int {
    state.lastID += 1
    return state.lastID
  }
}

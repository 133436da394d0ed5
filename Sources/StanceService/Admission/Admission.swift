import Synchronization

/// Lends so many slots; whoever finds none waits, in order, in a queue with a length and a deadline.
///
/// There is a slot for each engine, and as many for drawing and writing: so the number of pictures in memory is
/// bounded too. Some of those who wait may be let in ahead, to wait where the work is done: they are part of the
/// queue, and under its deadline, until they begin.
final class Admission: Sendable {
  /// A place among those who are let in.
  final class Slot: Sendable {
    private enum Stage { case waiting, working(since: Duration), over }

    private let admission: Admission
    private let asked: Duration
    private let stage = Mutex(Stage.waiting)

    fileprivate init(of admission: Admission) {
      self.admission = admission
      asked = admission.time()
    }

    fileprivate var isWaiting: Bool {
      stage.withLock { if case .waiting = $0 { true } else { false } }
    }

    /// Its holder waits no longer.
    ///
    /// - Returns: how long the wait was, from the first question for a slot on.
    @discardableResult
    func begin() -> Duration {
      let now = admission.time()
      stage.withLock { stage in
        guard case .waiting = stage else { return }
        stage = .working(since: now)
        admission.state.withLock { $0.working += 1 }
      }
      return now - asked
    }

    /// The next in the queue gets it. More than once is the same as once.
    func giveBack() {
      let last = stage.withLock { stage in
        defer { stage = .over }
        return stage
      }
      switch last {
      case .waiting: admission.free(after: nil)
      case .working(let since): admission.free(after: admission.time() - since)
      case .over: break
      }
    }
  }

  private struct State {
    var lent = 0
    /// Of those that are lent, how many have begun.
    var working = 0
    var waiting: [Waiter] = []
    /// Requests that were cancelled before they began to wait.
    var cancelled: Set<Int> = []
    var nextWaiter = 0
    /// A moving average, for `Retry-After`.
    var secondsPerSlot = 0.05

    var depth: Int { waiting.count + lent - working }
  }

  private struct Waiter {
    let id: Int
    let continuation: CheckedContinuation<Void, any Error>
  }

  /// How many work at once.
  let slots: Int
  /// How many are let in at once: those that work, and those ahead.
  let admitted: Int
  /// How many may wait, those ahead among them.
  let maxWaiting: Int
  private let longestWait: Duration?
  private let time: TimeSource
  private let state = Mutex(State())

  /// - Parameter longestWait: nil for whose callers have a deadline of their own, at which they are cancelled.
  init(
    slots: Int, ahead: Int = 0, maxWaiting: Int, longestWait: Duration? = nil,
    time: @escaping TimeSource = machineTime
  ) {
    (self.slots, self.maxWaiting, self.longestWait) = (slots, maxWaiting, longestWait)
    admitted = slots + min(ahead, maxWaiting)
    self.time = time
  }

  /// Requests that wait.
  var depth: Int { state.withLock { $0.depth } }

  /// Slots that are lent.
  var busy: Int { state.withLock { $0.lent } }

  /// Slots whose holders have begun.
  var working: Int { state.withLock { $0.working } }

  /// - Throws: `Problem` with `overloaded` when one more could not even wait: before its body is read.
  func checkRoom() throws(Problem) {
    let full = state.withLock { isFull($0) ? $0 : nil }
    if let full { throw refusal(full) }
  }

  /// Runs `body` with a slot, which is given back at its end or when `body` does so.
  ///
  /// - Throws: as ``withSlotAhead(_:)``.
  func withSlot<Result: Sendable>(
    _ body: @escaping @Sendable (Slot) async throws -> Result
  ) async throws -> Result {
    try await withSlotAhead { slot in
      slot.begin()
      return try await body(slot)
    }
  }

  /// The same, but `body` waits on, and is cancelled at the queue's deadline, until it calls `begin`.
  ///
  /// - Throws: `Problem` with `overloaded` when the queue is full or the wait too long; `CancellationError` when
  ///   the task is cancelled while it waits; what `body` throws.
  func withSlotAhead<Result: Sendable>(
    _ body: @escaping @Sendable (Slot) async throws -> Result
  ) async throws -> Result {
    let slot = Slot(of: self)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask {
        try await self.take()
        defer { slot.giveBack() }
        return try await body(slot)
      }
      if let longestWait {
        group.addTask {
          try await Task.sleep(for: longestWait)
          return nil
        }
      }
      defer { group.cancelAll() }
      var lateness: Problem?
      do {
        while let ended = try await group.next() {
          if let result = ended { return result }
          // The deadline only cancels: a result that comes all the same counts.
          guard let longestWait, slot.isWaiting else { continue }
          lateness = .overloaded(
            "the request waited \(longestWait) for its turn",
            retryAfter: state.withLock { retryAfter($0) })
          group.cancelAll()
        }
      } catch is CancellationError {
        throw lateness ?? CancellationError()
      }
      throw CancellationError()
    }
  }

  private func take() async throws {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    defer { state.withLock { _ = $0.cancelled.remove(id) } }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if state.cancelled.contains(id) { return .failure(CancellationError()) }
          if isFull(state) { return .failure(refusal(state)) }
          if state.lent < admitted {
            state.lent += 1
            return .success(())
          }
          state.waiting.append(Waiter(id: id, continuation: continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      leave(id)
    }
  }

  private func leave(_ id: Int) {
    let waiter = state.withLock { state -> Waiter? in
      guard let place = state.waiting.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.waiting.remove(at: place)
    }
    waiter?.continuation.resume(throwing: CancellationError())
  }

  /// - Parameter time: how long its holder worked; nil when it never began.
  private func free(after time: Duration?) {
    let next = state.withLock { state -> Waiter? in
      if let time {
        state.working -= 1
        state.secondsPerSlot = 0.9 * state.secondsPerSlot + 0.1 * (time / .seconds(1))
      }
      guard !state.waiting.isEmpty else {
        state.lent -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.continuation.resume()
  }

  /// Those ahead who have begun all the same, as at a desk, take no place from who waits.
  private func isFull(_ state: State) -> Bool {
    state.lent + state.waiting.count >= max(slots, state.working) + maxWaiting
  }

  private func refusal(_ state: State) -> Problem {
    .overloaded(
      "\(maxWaiting) requests are waiting, the most allowed", retryAfter: retryAfter(state))
  }

  /// When the queue of now will have been worked off, in whole seconds, 1 at least.
  private func retryAfter(_ state: State) -> Int {
    let seconds = Double(state.depth + 1) * state.secondsPerSlot / Double(max(1, slots))
    return min(60, max(1, Int(seconds.rounded(.up))))
  }
}

import Synchronization

/// Lends so many slots; whoever finds none waits, in order, in a queue with a length and a deadline.
///
/// There is a slot for each engine, and as many for drawing and writing: so the number of pictures in memory is
/// bounded too.
final class Admission: Sendable {
  /// A slot that is lent.
  final class Slot: Sendable {
    /// How long its holder waited for it.
    let waited: Duration
    private let admission: Admission
    private let began: Duration
    private let isLent = Mutex(true)

    fileprivate init(of admission: Admission, askedFor asked: Duration) {
      self.admission = admission
      began = admission.time()
      waited = began - asked
    }

    /// The next in the queue gets it. More than once is the same as once.
    func giveBack() {
      let wasLent = isLent.withLock { isLent in
        defer { isLent = false }
        return isLent
      }
      if wasLent { admission.free(after: admission.time() - began) }
    }
  }

  private struct State {
    var free: Int
    var waiting: [Waiter] = []
    /// Requests that were cancelled before they began to wait.
    var cancelled: Set<Int> = []
    var nextWaiter = 0
    /// A moving average, for `Retry-After`.
    var secondsPerSlot = 0.05
  }

  private struct Waiter {
    let id: Int
    let continuation: CheckedContinuation<Void, any Error>
    let deadline: Task<Void, Never>
  }

  /// How many work at once.
  let slots: Int
  /// How many may wait.
  let maxWaiting: Int
  private let longestWait: Duration
  private let time: TimeSource
  private let state: Mutex<State>

  init(
    slots: Int, maxWaiting: Int, longestWait: Duration, time: @escaping TimeSource = machineTime
  ) {
    (self.slots, self.maxWaiting, self.longestWait) = (slots, maxWaiting, longestWait)
    self.time = time
    state = Mutex(State(free: slots))
  }

  /// Requests that wait.
  var depth: Int { state.withLock { $0.waiting.count } }

  /// Slots that are lent.
  var busy: Int { state.withLock { slots - $0.free } }

  /// - Throws: `Problem` with `overloaded` when one more could not even wait: before its body is read.
  func checkRoom() throws(Problem) {
    let full = state.withLock { $0.free == 0 && $0.waiting.count >= maxWaiting ? $0 : nil }
    if let full { throw refusal(full) }
  }

  /// Runs `body` with a slot, which is given back at its end or when `body` does so.
  ///
  /// - Throws: `Problem` with `overloaded` when the queue is full or the wait too long; `CancellationError` when
  ///   the task is cancelled while it waits; what `body` throws.
  func withSlot<Result>(_ body: (Slot) async throws -> Result) async throws -> Result {
    let asked = time()
    try await take()
    let slot = Slot(of: self, askedFor: asked)
    defer { slot.giveBack() }
    return try await body(slot)
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
          if state.free > 0 {
            state.free -= 1
            return .success(())
          }
          guard state.waiting.count < maxWaiting else { return .failure(refusal(state)) }
          state.waiting.append(
            Waiter(id: id, continuation: continuation, deadline: deadline(of: id)))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      if let waiter = remove(id, orRemember: true) {
        waiter.continuation.resume(throwing: CancellationError())
      }
    }
  }

  private func deadline(of id: Int) -> Task<Void, Never> {
    Task { [self] in
      do { try await Task.sleep(for: longestWait) } catch { return }
      guard let waiter = remove(id, orRemember: false) else { return }
      let seconds = state.withLock { retryAfter($0) }
      waiter.continuation.resume(
        throwing: Problem.overloaded(
          "the request waited \(longestWait) for its turn", retryAfter: seconds))
    }
  }

  private func remove(_ id: Int, orRemember: Bool) -> Waiter? {
    state.withLock { state in
      guard let place = state.waiting.firstIndex(where: { $0.id == id }) else {
        if orRemember { state.cancelled.insert(id) }
        return nil
      }
      let waiter = state.waiting.remove(at: place)
      waiter.deadline.cancel()
      return waiter
    }
  }

  private func free(after time: Duration) {
    let next = state.withLock { state -> Waiter? in
      state.secondsPerSlot = 0.9 * state.secondsPerSlot + 0.1 * (time / .seconds(1))
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.deadline.cancel()
    next?.continuation.resume()
  }

  private func refusal(_ state: State) -> Problem {
    .overloaded(
      "\(state.waiting.count) requests are waiting, the most allowed", retryAfter: retryAfter(state)
    )
  }

  /// When the queue of now will have been worked off, in whole seconds, 1 at least.
  private func retryAfter(_ state: State) -> Int {
    let seconds = Double(state.waiting.count + 1) * state.secondsPerSlot / Double(max(1, slots))
    return min(60, max(1, Int(seconds.rounded(.up))))
  }
}

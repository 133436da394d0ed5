import Dispatch
import Synchronization

/// Lends each engine to one caller at a time; the others wait in the order in which they came.
final class EnginePool: Sendable {
  private struct State {
    var idle: [Engine]
    var waiting: [Waiter] = []
    /// Tasks that were cancelled before they began to wait.
    var cancelled: Set<Int> = []
    var nextWaiter = 0
  }

  private enum Waiter {
    case thread(Seat)
    case task(Int, CheckedContinuation<Engine, any Error>)
  }

  /// Where a blocked thread finds the engine that was given to it.
  private final class Seat: Sendable {
    let ready = DispatchSemaphore(value: 0)
    let engine = Mutex<Engine?>(nil)
  }

  private let state: Mutex<State>
  private let maxWaiting: Int

  init(_ engines: [Engine], maxWaiting: Int) {
    state = Mutex(State(idle: engines))
    self.maxWaiting = maxWaiting
  }

  /// Runs `body` with an engine on the calling thread, which blocks until one is free.
  ///
  /// - Throws: `PoseError` with `.overloaded` when too many wait already; what `body` throws.
  func withEngine<Result>(_ body: (Engine) throws -> Result) throws -> Result {
    let engine = try takeBlocking()
    defer { giveBack(engine) }
    return try body(engine)
  }

  /// Runs `body` with an engine on the engine's own queue; the task waits without a thread.
  ///
  /// - Throws: as above; `CancellationError` when the task is cancelled while it waits.
  func withEngine<Result: Sendable>(
    _ body: @escaping @Sendable (Engine) throws -> Result
  ) async throws -> Result {
    let engine = try await take()
    defer { giveBack(engine) }
    return try await withCheckedThrowingContinuation { continuation in
      engine.queue.async { continuation.resume(with: Swift.Result { try body(engine) }) }
    }
  }

  private func takeBlocking() throws(PoseError) -> Engine {
    let (engine, seat) = try state.withLock { state throws(PoseError) -> (Engine?, Seat) in
      let seat = Seat()
      if let engine = state.idle.popLast() { return (engine, seat) }
      try admit(state)
      state.waiting.append(.thread(seat))
      return (nil, seat)
    }
    if let engine { return engine }
    while true {
      seat.ready.wait()
      if let engine = seat.engine.withLock({ $0 }) { return engine }
    }
  }

  private func take() async throws -> Engine {
    let waiter = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    defer { state.withLock { _ = $0.cancelled.remove(waiter) } }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Swift.Result<Engine, any Error>? in
          if state.cancelled.contains(waiter) { return .failure(CancellationError()) }
          if let engine = state.idle.popLast() { return .success(engine) }
          do throws(PoseError) { try admit(state) } catch { return .failure(error) }
          state.waiting.append(.task(waiter, continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      cancel(waiter)
    }
  }

  private func cancel(_ waiter: Int) {
    let continuation = state.withLock { state -> CheckedContinuation<Engine, any Error>? in
      let place = state.waiting.firstIndex {
        if case .task(waiter, _) = $0 { true } else { false }
      }
      guard let place, case .task(_, let continuation) = state.waiting.remove(at: place) else {
        state.cancelled.insert(waiter)
        return nil
      }
      return continuation
    }
    continuation?.resume(throwing: CancellationError())
  }

  private func giveBack(_ engine: Engine) {
    let next = state.withLock { state -> Waiter? in
      guard !state.waiting.isEmpty else {
        state.idle.append(engine)
        return nil
      }
      return state.waiting.removeFirst()
    }
    switch next {
    case .thread(let seat):
      seat.engine.withLock { $0 = engine }
      seat.ready.signal()
    case .task(_, let continuation): continuation.resume(returning: engine)
    case nil: break
    }
  }

  private func admit(_ state: State) throws(PoseError) {
    guard state.waiting.count < maxWaiting else {
      throw PoseError(
        .overloaded, "\(state.waiting.count) calls are waiting for an engine, the most allowed")
    }
  }
}

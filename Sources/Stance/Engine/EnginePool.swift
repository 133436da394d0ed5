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
    case task(Int, Job)
  }

  /// Where a blocked thread finds the engine that was given to it.
  private final class Seat: Sendable {
    let ready = DispatchSemaphore(value: 0)
    let engine = Mutex<Engine?>(nil)
  }

  /// What a task wants done, and how the task is told of its failure instead.
  private struct Job {
    let run: @Sendable (Engine) -> Void
    let fail: @Sendable (any Error) -> Void
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
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    defer { state.withLock { _ = $0.cancelled.remove(id) } }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let job = Job { engine in
          let result = Swift.Result { try body(engine) }
          self.giveBack(engine)
          continuation.resume(with: result)
        } fail: {
          continuation.resume(throwing: $0)
        }
        begin(job, id)
      }
    } onCancel: {
      cancel(id)
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

  private func begin(_ job: Job, _ id: Int) {
    do {
      let idle = try state.withLock { state -> Engine? in
        if state.cancelled.contains(id) { throw CancellationError() }
        if let engine = state.idle.popLast() { return engine }
        try admit(state)
        state.waiting.append(.task(id, job))
        return nil
      }
      if let idle { start(job, with: idle) }
    } catch {
      job.fail(error)
    }
  }

  private func start(_ job: Job, with engine: Engine) {
    engine.queue.async { job.run(engine) }
  }

  private func cancel(_ waiter: Int) {
    let job = state.withLock { state -> Job? in
      let place = state.waiting.firstIndex {
        if case .task(waiter, _) = $0 { true } else { false }
      }
      guard let place, case .task(_, let job) = state.waiting.remove(at: place) else {
        state.cancelled.insert(waiter)
        return nil
      }
      return job
    }
    job?.fail(CancellationError())
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
    // From the engine's own queue this goes on in its thread: none has to wake up.
    case .task(_, let job): start(job, with: engine)
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

import Dispatch
import Synchronization

/// Whose turn it is at the engines.
enum EngineTurn: Sendable {
  /// In the order in which they came.
  case prompt
  /// When no prompt caller waits; and at the tenth turn at the latest.
  case patient
}

/// Lends each engine to one caller at a time; the others wait in the order in which they came, those that are patient behind those
/// that are not.
final class EnginePool: Sendable {
  /// So many turns in a row go past who is patient.
  static let mostTurnsPassed = 9

  fileprivate struct State {
    var idle: [Engine]
    var waiting: [Waiter] = []
    var patient: [Waiter] = []
    /// Turns that went to others while the first of ``patient`` waited.
    var turnsPassed = 0
    /// Tasks that were cancelled before they began to wait.
    var cancelled: Set<Int> = []
    var nextWaiter = 0
  }

  fileprivate enum Waiter {
    case thread(Seat)
    case task(Int, Job)
  }

  /// Where a blocked thread finds the engine that was given to it.
  fileprivate final class Seat: Sendable {
    let ready = DispatchSemaphore(value: 0)
    let engine = Mutex<Engine?>(nil)
  }

  /// What a task wants done, and how the task is told of its failure instead.
  fileprivate struct Job {
    let run: @Sendable (Engine) -> Void
    let fail: @Sendable (any Error) -> Void
  }

  private let state: Mutex<State>
  private let maxWaiting: Int

  init(_ engines: [Engine], maxWaiting: Int) {
    state = Mutex(State(idle: engines))
    self.maxWaiting = maxWaiting
  }

  /// Callers who wait.
  var waitingCount: Int { state.withLock { $0.waiting.count + $0.patient.count } }

  /// Runs `body` with an engine on the calling thread, which blocks until one is free.
  ///
  /// - Throws: `PoseError` with `.overloaded` when too many wait already; what `body` throws.
  func withEngine<Result>(
    _ turn: EngineTurn = .prompt, _ body: (Engine) throws -> Result
  ) throws -> Result {
    let engine = try takeBlocking(turn)
    defer { giveBack(engine) }
    return try body(engine)
  }

  /// Runs `body` with an engine on the engine's own queue; the task waits without a thread.
  ///
  /// - Throws: as above; `CancellationError` when the task is cancelled while it waits.
  func withEngine<Result: Sendable>(
    _ turn: EngineTurn = .prompt, _ body: @escaping @Sendable (Engine) throws -> Result
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
        begin(job, id, turn)
      }
    } onCancel: {
      cancel(id)
    }
  }

  private func takeBlocking(_ turn: EngineTurn) throws(PoseError) -> Engine {
    let (engine, seat) = try state.withLock { state throws(PoseError) -> (Engine?, Seat) in
      let seat = Seat()
      if let engine = state.idle.popLast() { return (engine, seat) }
      try state.add(.thread(seat), turn, atMost: maxWaiting)
      return (nil, seat)
    }
    if let engine { return engine }
    while true {
      seat.ready.wait()
      if let engine = seat.engine.withLock({ $0 }) { return engine }
    }
  }

  private func begin(_ job: Job, _ id: Int, _ turn: EngineTurn) {
    do {
      let idle = try state.withLock { state -> Engine? in
        if state.cancelled.contains(id) { throw CancellationError() }
        if let engine = state.idle.popLast() { return engine }
        try state.add(.task(id, job), turn, atMost: maxWaiting)
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
      guard let job = state.remove(waiter) else {
        state.cancelled.insert(waiter)
        return nil
      }
      return job
    }
    job?.fail(CancellationError())
  }

  private func giveBack(_ engine: Engine) {
    let next = state.withLock { state -> Waiter? in
      guard let next = state.takeNext() else {
        state.idle.append(engine)
        return nil
      }
      return next
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
}

extension EnginePool.State {
  fileprivate mutating func add(
    _ waiter: EnginePool.Waiter, _ turn: EngineTurn, atMost limit: Int
  ) throws(PoseError) {
    // Each kind has a queue of its own, so that neither takes the other's places.
    let count = turn == .prompt ? waiting.count : patient.count
    guard count < limit else {
      throw PoseError(.overloaded, "\(count) calls are waiting for an engine, the most allowed")
    }
    if turn == .prompt { waiting.append(waiter) } else { patient.append(waiter) }
  }

  fileprivate mutating func takeNext() -> EnginePool.Waiter? {
    guard !patient.isEmpty else { return waiting.isEmpty ? nil : waiting.removeFirst() }
    if waiting.isEmpty || turnsPassed >= EnginePool.mostTurnsPassed {
      turnsPassed = 0
      return patient.removeFirst()
    }
    turnsPassed += 1
    return waiting.removeFirst()
  }

  /// The task of that number, which waits no longer.
  fileprivate mutating func remove(_ id: Int) -> EnginePool.Job? {
    func place(_ waiters: [EnginePool.Waiter]) -> Int? {
      waiters.firstIndex { if case .task(id, _) = $0 { true } else { false } }
    }
    let waiter =
      place(waiting).map { waiting.remove(at: $0) } ?? place(patient).map { patient.remove(at: $0) }
    if case .task(_, let job) = waiter { return job }
    return nil
  }
}

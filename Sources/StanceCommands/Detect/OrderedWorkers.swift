import Dispatch
import Processes
import Synchronization

/// Does work on OS threads and hands the outputs over in the order of the inputs.
///
/// Inputs begun and not yet handed over are at most `window`, so a slow consumer slows the workers down
/// instead of filling memory.
package struct OrderedWorkers: Sendable {
  private let threads: Int
  private let window: Int

  /// - Precondition: at least one thread, and a window of at least that many.
  package init(threads: Int, window: Int) {
    precondition(threads >= 1 && window >= threads, "\(threads) threads, a window of \(window)")
    self.threads = threads
    self.window = window
  }

  /// Works until all outputs are consumed, `consume` throws, or `shouldStop` says so; work that was begun
  /// is finished first.
  ///
  /// - Parameter work: called on the workers' threads, several at once.
  /// - Parameter consume: called on the calling thread, in the order of the inputs.
  /// - Throws: what `consume` throws, or `WorkerThread.StartError`.
  package func run<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], shouldStop: @escaping @Sendable () -> Bool = { false },
    work: @escaping @Sendable (Input) -> Output, consume: (Output) throws -> Void
  ) throws {
    let board = WorkBoard<Output>(count: inputs.count, window: window, shouldStop: shouldStop)
    var started: [WorkerThread] = []
    defer {
      board.stop(workers: started.count)
      for worker in started { worker.join() }
    }
    for _ in 0..<min(threads, inputs.count) {
      started.append(
        try WorkerThread {
          while let index = board.take() { board.put(work(inputs[index]), at: index) }
          board.leave()
        })
    }
    while let output = board.next() { try consume(output) }
  }
}

/// Which inputs are taken, and which outputs wait for their turn.
private final class WorkBoard<Output: Sendable>: Sendable {
  private struct State {
    var taken = 0
    var handedOver = 0
    var waiting: [Int: Output] = [:]
    var isStopped = false
  }

  private let count: Int
  private let shouldStop: @Sendable () -> Bool
  private let state = Mutex(State())
  // Made with 0 and raised after: a semaphore may not be freed below the value it was made with.
  private let places = DispatchSemaphore(value: 0)
  private let changes = DispatchSemaphore(value: 0)

  init(count: Int, window: Int, shouldStop: @escaping @Sendable () -> Bool) {
    self.count = count
    self.shouldStop = shouldStop
    for _ in 0..<window { places.signal() }
  }

  /// The next input for a worker, once there is a place for its output; nil when there is nothing to do.
  func take() -> Int? {
    places.wait()
    let index = state.withLock { state -> Int? in
      guard !state.isStopped, state.taken < count, !shouldStop() else { return nil }
      defer { state.taken += 1 }
      return state.taken
    }
    if index == nil { places.signal() }  // for the next worker to find nothing
    return index
  }

  func put(_ output: Output, at index: Int) {
    state.withLock { $0.waiting[index] = output }
    changes.signal()
  }

  /// A worker goes: the consumer looks again whether to go on.
  func leave() { changes.signal() }

  /// The next output in order, once it is there; nil at the end and when stopped.
  func next() -> Output? {
    while !shouldStop() {
      let (output, isEnd) = state.withLock { state -> (Output?, Bool) in
        guard state.handedOver < count else { return (nil, true) }
        guard let output = state.waiting.removeValue(forKey: state.handedOver) else {
          return (nil, false)
        }
        state.handedOver += 1
        return (output, false)
      }
      if isEnd { return nil }
      if let output {
        places.signal()
        return output
      }
      changes.wait()
    }
    return nil
  }

  func stop(workers: Int) {
    state.withLock { $0.isStopped = true }
    for _ in 0..<workers { places.signal() }
  }
}

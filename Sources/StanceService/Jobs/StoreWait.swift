import Dispatch
import Processes
import StanceJobs
import Synchronization
package import Telemetry

/// Waits for a store that does not answer yet: where a machine starts everything at once, the store may be the last.
package struct StoreWait: Sendable {
  /// From the first attempt on.
  var limit = Duration.seconds(30)
  /// After the first attempt; later ones are longer.
  var pause = Duration.seconds(1)
  private let isInterrupted: @Sendable () -> Bool
  private let log: Log

  /// - Parameters:
  ///   - isInterrupted: asked ten times a second whether to give up.
  ///   - log: told once, with the first error, that the store is waited for.
  package init(isInterrupted: @escaping @Sendable () -> Bool, log: Log) {
    (self.isInterrupted, self.log) = (isInterrupted, log)
  }

  /// Opens a store as soon as it answers. Blocks.
  ///
  /// - Throws: `CancellationError` when it was interrupted; the last `.unavailable` when the time is over; any other error of
  ///   `open` at once.
  func opened(_ open: @escaping @Sendable () throws -> any JobStore) throws -> any JobStore {
    let end = ContinuousClock.now + limit
    var pause = pause
    var isTold = false
    while true {
      do { return try attempt(open) } catch let error as JobStoreError {
        guard case .unavailable = error, ContinuousClock.now + pause < end else { throw error }
        if !isTold {
          log(.warning, "waiting for the job store", [(name: "error", value: .text("\(error)"))])
        }
        isTold = true
      }
      _ = try wait(for: DispatchSemaphore(value: 0), atMost: pause)
      pause = min(pause * 3 / 2, Self.longestPause)
    }
  }

  private static let longestPause = Duration.seconds(4)
  private static let look = Duration.milliseconds(100)

  /// On a thread of its own, so that an interruption need not wait for a server that is silent. What is left behind then ends
  /// with the call's own bound of time, or with the process.
  private func attempt(_ open: @escaping @Sendable () throws -> any JobStore) throws -> any JobStore
  {
    let outcome = Outcome()
    let thread = try WorkerThread {
      let result = Result { try open() }
      outcome.result.withLock { $0 = result }
      outcome.isThere.signal()
    }
    while try !wait(for: outcome.isThere, atMost: Self.look) {}
    thread.join()
    guard let result = outcome.result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }

  private final class Outcome: Sendable {
    let result = Mutex<Result<any JobStore, any Error>?>(nil)
    let isThere = DispatchSemaphore(value: 0)
  }

  /// - Returns: whether there was a signal before the time was over.
  private func wait(for signal: DispatchSemaphore, atMost time: Duration) throws -> Bool {
    let end = ContinuousClock.now + time
    while true {
      guard !isInterrupted() else { throw CancellationError() }
      let left = min(end - .now, Self.look)
      if signal.wait(timeout: .now() + .nanoseconds(max(0, Int(left / .nanoseconds(1)))))
        == .success
      {
        return true
      }
      if left <= .zero || .now >= end { return false }
    }
  }
}

import Dispatch

/// Where work that blocks or computes for long is done: Swift's own pool has one thread a core, and a server
/// whose pool decodes pictures answers nobody meanwhile.
struct WorkQueue: Sendable {
  private let queue = DispatchQueue(
    label: "stance.work", qos: .userInitiated, attributes: .concurrent)

  /// Runs `body` on a thread of the queue. Whoever calls bounds how many do so at once.
  func run<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try body() }) }
    }
  }

  /// Runs `body`, for which nobody waits.
  func start(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }
}

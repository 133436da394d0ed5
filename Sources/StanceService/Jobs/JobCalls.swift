/// Calls of the job store and of jobs' files. They block, so each has a thread of its own meanwhile; how many there are at once, and
/// how many wait, is bounded.
struct JobCalls: Sendable {
  private let work = WorkQueue()
  private let admission: Admission

  init(threads: Int, maxWaiting: Int) {
    admission = Admission(slots: threads, maxWaiting: maxWaiting)
  }

  /// - Throws: `Problem` with `overloaded` when too many wait; what `body` throws.
  func callAsFunction<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await admission.withSlot { [work] _ in try await work.run(body) }
  }
}

import StanceService

/// Jobs of a store that this machine reaches itself.
struct StoreJobs: JobsAccess {
  let jobs: DirectJobs
  let configuration: ServiceConfiguration

  func list(limit: Int) throws -> [UInt8] { try told { try jobs.list(limit: limit) } }

  func show(_ id: String) throws -> [UInt8] { try told { try jobs.show(id) } }

  func cancel(_ id: String) throws -> [UInt8]? { try told { try jobs.cancel(id) } }

  func retry(_ id: String) throws -> [UInt8] { try told { try jobs.retry(id) } }

  func submit(
    _ photos: [JobPhoto], parameters: [(name: String, value: String)], key: String,
    progress: @escaping @Sendable (Int) -> Void, isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> [UInt8] {
    try told {
      try jobs.submit(photos.map { ($0.path, $0.name) }, configuration, key: key) { bytes in
        progress(bytes)
        return !isInterrupted()
      }
    }
  }

  func result(of id: String, to take: ([UInt8]) throws -> Void) throws {
    try told { try jobs.result(of: id, to: take) }
  }

  /// A problem is told without what only programs need.
  private func told<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let problem as Problem { throw JobsFailure(problem.detail) }
  }
}

/// Where the jobs are that a command is about: a service, or a store.
protocol JobsAccess {
  /// The newest jobs, as JSON: `{"jobs": […]}`.
  func list(limit: Int) throws -> [UInt8]
  /// One of them, as JSON.
  func show(_ id: String) throws -> [UInt8]
  /// Cancels it, or forgets one that has ended.
  ///
  /// - Returns: how it stands now, as JSON; nil when it is forgotten.
  func cancel(_ id: String) throws -> [UInt8]?
  func retry(_ id: String) throws -> [UInt8]
  /// Hands photos over, or finds the job that the same photos and options made before.
  ///
  /// - Parameters:
  ///   - progress: told how many bytes were handed over.
  ///   - isInterrupted: asked now and then whether to give up.
  func submit(
    _ photos: [JobPhoto], parameters: [(name: String, value: String)], key: String,
    progress: @escaping @Sendable (Int) -> Void, isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> [UInt8]
  /// Writes the result, piece by piece.
  func result(of id: String, to take: ([UInt8]) throws -> Void) throws
}

/// A photo to hand over.
struct JobPhoto: Sendable, Hashable {
  let path: String
  /// Its path below the folder: results name it so.
  let name: String
  let bytes: Int
}

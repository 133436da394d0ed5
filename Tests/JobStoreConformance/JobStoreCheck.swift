package import StanceJobs

/// One promise of ``JobStore``, as a check that every store has to pass.
package struct JobStoreCheck: Sendable, CustomStringConvertible {
  /// Opens the store that the check is about, again and again the same one: as another process would.
  package typealias Opening = @Sendable (JobPolicy) throws -> any JobStore

  package let description: String
  private let body: @Sendable (@escaping Opening) throws -> Void

  package init(_ promise: String, _ body: @escaping @Sendable (@escaping Opening) throws -> Void) {
    description = promise
    self.body = body
  }

  /// Checks a store that holds nothing yet.
  package func run(_ open: @escaping Opening) throws { try body(open) }

  /// All promises.
  package static var all: [JobStoreCheck] {
    accepting + claiming + ending + losing + postponing + cancelling + keeping
  }
}

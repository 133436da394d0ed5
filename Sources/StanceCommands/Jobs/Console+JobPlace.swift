import StanceService
import Telemetry

extension Console {
  /// Where the jobs of a program are kept that goes on until a signal: a store that does not answer yet is waited for.
  ///
  /// - Returns: nil when no option and no `$STATE_DIRECTORY` says where.
  /// - Throws: as ``JobPlace/opened(_:stateDirectory:waiting:)``; `CancellationError` when a signal came meanwhile.
  func jobPlace(_ options: JobOptions, _ log: Log) throws -> JobPlace? {
    let interrupts = interrupts
    return try JobPlace.opened(
      options, stateDirectory: environment["STATE_DIRECTORY"],
      waiting: StoreWait(isInterrupted: { interrupts.signal() != nil }, log: log))
  }
}

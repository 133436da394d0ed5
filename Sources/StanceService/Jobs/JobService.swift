import Glibc
package import StanceJobs
package import Telemetry

/// The jobs of one process: where they are kept, and who works on them here.
package final class JobService: Sendable {
  package let place: JobPlace
  package let worker: JobWorker

  /// Nothing is begun yet.
  ///
  /// - Parameter configuration: the bounds of pictures and videos.
  package convenience init(
    _ place: JobPlace, finder: any JobPeopleFinder, _ configuration: ServiceConfiguration, log: Log
  ) {
    self.init(place, finder, configuration, ServiceMetrics(), log)
  }

  /// The same, counted among the service's own numbers.
  init(
    _ place: JobPlace, _ finder: any JobPeopleFinder, _ configuration: ServiceConfiguration,
    _ metrics: ServiceMetrics, _ log: Log
  ) {
    for caution in place.store.cautions {
      log(
        .warning, "the job store promises less than it could",
        [(name: "caution", value: .text(caution))])
    }
    self.place = place
    worker = JobWorker(
      place.store, place.files, PoseJobPerformer(place, finder, configuration, metrics, log),
      JobWorker.Options(name: Self.workerName, lanes: finder.engineCount)
    ) { JobLog(log: log).tell($0) }
  }

  /// Begins to work.
  ///
  /// - Throws: when the system has no thread left.
  package func start() throws { try worker.start() }

  /// Ends: what is nearly done is finished within that time, the rest handed back. Blocks.
  ///
  /// - Returns: whether all threads have ended.
  @discardableResult
  package func stop(within grace: Duration) -> Bool { worker.stop(within: grace) }

  /// "host:1234".
  private static var workerName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    return "\(String(decoding: bytes, as: UTF8.self)):\(getpid())"
  }
}

import StanceJobs
import Telemetry

/// What the log says of a worker.
struct JobLog: Sendable {
  let log: Log

  func tell(_ event: JobWorker.Event) {
    switch event {
    case .storeFailed(let error):
      log(.error, "the job store can't be used now", [(name: "error", value: .text("\(error)"))])
    case .storeWorks: log(.info, "the job store answers again")
    case .filesFailed(let error):
      log(.error, "the jobs' files can't be used now", [(name: "error", value: .text("\(error)"))])
    case .lost(let job):
      log(
        .warning, "work of a job did not count: others have it, or it was cancelled",
        [(name: "job", value: .text("\(job)"))])
    case .postponed(let job, let reason):
      log(
        .warning, "a job has to wait",
        [(name: "job", value: .text("\(job)")), (name: "reason", value: .text(reason))])
    case .ended(let job, let end):
      let (state, reason) =
        switch end {
        case .finished: ("done", nil as String?)
        case .failed(let reason, _): ("failed", reason)
        case .dead(let reason, _): ("dead", reason)
        }
      var fields: [(name: String, value: JSONValue)] = [
        (name: "job", value: .text("\(job)")), (name: "end", value: .text(state)),
      ]
      if let reason { fields.append((name: "reason", value: .text(reason))) }
      log(.info, "job ended", fields)
    case .swept(let count):
      log(.info, "old jobs removed", [(name: "jobs", value: .integer(count))])
    }
  }
}

import StanceJobs
import Telemetry

/// What the store and the files say of all jobs at one moment, for metrics.
struct JobNumbers: Sendable {
  /// Nil when the store can't be asked.
  let counts: JobCounts?
  let room: (used: Int, limit: Int)
  /// Callers that wait for a job's changes or its end.
  let watchers: Int

  var metrics: [any Metric] {
    var all: [any Metric] = [
      Gauge("stance_job_store_up", "Whether the job store answers.") {
        counts == nil ? 0 : 1
      },
      Gauge("stance_job_watchers", "Callers that wait for jobs: events, and Prefer: wait.") {
        Double(watchers)
      },
      Gauge("stance_job_file_bytes", "Bytes of all jobs' files, as last counted.") {
        Double(room.used)
      },
      Gauge("stance_job_file_limit_bytes", "Bytes that all jobs' files may have.") {
        Double(room.limit)
      },
    ]
    guard let counts else { return all }
    all += [
      Gauge("stance_jobs", "Jobs by state, in all services that share the store.") {
        JobState.allCases.map {
          MetricSample(
            Double(counts.jobs[$0] ?? 0), labels: [(name: "state", value: $0.rawValue)])
        }
      },
      Gauge(
        "stance_job_items_waiting", "Items of jobs that can be begun, now or later."
      ) { Double(counts.waitingItems) },
      Gauge(
        "stance_jobs_postponed", "Jobs that wait since they could not be worked on just now."
      ) { Double(counts.postponedJobs) },
      Gauge("stance_job_items_running", "Items of jobs that are worked on.") {
        Double(counts.runningItems)
      },
      Gauge("stance_job_oldest_seconds", "How long the oldest job that nobody began has waited.") {
        counts.oldestAge ?? 0
      },
      Gauge(
        "stance_job_leases_lost_total", "Workers' leases that ran out, since the store was made.",
        isCounter: true
      ) { Double(counts.lostLeases) },
    ]
    return all
  }
}

extension JobRoutes {
  /// Nil where jobs are off.
  func numbers() async -> JobNumbers? {
    guard let desk else { return nil }
    // Of a store that does not answer, its own metric tells.
    let counts = try? await calls { try desk.store.counts() }
    return JobNumbers(counts: counts, room: desk.files.room, watchers: watchers.count)
  }
}

extension ServiceMetrics {
  /// Counts and logs what becomes of messages about jobs' ends.
  func note(_ log: Log) -> @Sendable (JobID, WebhookSender.Event) -> Void {
    { job, event in
      webhooks.add(1, event.word)
      var fields: [(name: String, value: JSONValue)] = [
        (name: "job", value: .text(job.description)), (name: "result", value: .text(event.word)),
      ]
      switch event {
      case .told: log(.info, "webhook", fields)
      case .failed(let reason), .givenUp(let reason):
        fields.append((name: "reason", value: .text(reason)))
        log(.warning, "webhook", fields)
      }
    }
  }
}

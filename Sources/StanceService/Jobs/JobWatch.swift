import Checksums
import HTTPServer
import StanceJobs
import Telemetry

/// Looks at one job again and again, for callers who wait. Each has a place, of which there are so many.
struct JobWatch: Sendable {
  let desk: JobDesk
  let calls: JobCalls
  let state: ServiceState
  let grace: Duration

  /// Callers who wait at once.
  static let places = 64
  /// The longest `Prefer: wait`, in seconds.
  static let longestWait = 60

  private static let lookEvery = Duration.milliseconds(500)
  private static let heartbeatEvery = Duration.seconds(15)

  /// The job once it has ended, or as it is after so many seconds, or when the service ends.
  func ended(_ job: Job, within seconds: Int) async throws -> Job {
    let end = ContinuousClock.now + .seconds(min(seconds, Self.longestWait))
    var job = job
    while job.ended == nil, ContinuousClock.now < end, !state.isEnding(of: grace) {
      try await Task.sleep(for: min(Self.lookEvery, end - ContinuousClock.now))
      guard let now = try await look(at: job.id) else { return job }
      job = now
    }
    return job
  }

  /// Every change of the job, as events, until it has ended: `job` with what is known of it; `forgotten` when it is gone.
  func events(of job: Job, below base: String, to writer: ResponseWriter) async throws {
    var event = Self.event(job, below: base)
    try await writer.write(event.bytes)
    var last = ContinuousClock.now
    var current = job
    while current.ended == nil, !state.isEnding(of: grace) {
      try await Task.sleep(for: Self.lookEvery)
      guard let now = try await look(at: job.id) else {
        let gone = JSONValue.object([(name: "id", value: .text(job.id.description))])
        return try await writer.write(
          ServerSentEvent("forgotten", data: gone.description).bytes)
      }
      current = now
      let next = Self.event(now, below: base)
      if next.data != event.data {
        event = next
        try await writer.write(next.bytes)
        last = .now
      } else if ContinuousClock.now - last >= Self.heartbeatEvery {
        try await writer.write(ServerSentEvent.heartbeat)
        last = .now
      }
    }
  }

  /// Its id is that of its content: who comes back with it has seen just this.
  static func event(_ job: Job, below base: String) -> ServerSentEvent {
    let data = job.json(below: base).description
    let id = String(SHA256.hexDigest(of: Array(data.utf8)).prefix(16))
    return ServerSentEvent("job", data: data, id: id)
  }

  private func look(at id: JobID) async throws -> Job? {
    try await calls { [desk] in try desk.store.job(id) }
  }
}

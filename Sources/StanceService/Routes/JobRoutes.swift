import HTTPServer
import Options
import StanceJobs
import Telemetry

/// `/v1/jobs`: work that is handed over, and asked about later.
///
/// Whose a job is, is told by the name of the API key; a job of somebody else's is as good as none. Without keys whoever knows a job's
/// id may see it, and no list tells ids.
struct JobRoutes: Sendable {
  let configuration: ServiceConfiguration
  /// Nil: jobs are off.
  let desk: JobDesk?
  let keys: APIKeys
  let crossOrigin: CrossOrigin
  let state: ServiceState
  let metrics: ServiceMetrics

  static let path = "/v1/jobs"

  /// Calls of the store, and small ones of files.
  let calls = JobCalls(threads: 8, maxWaiting: 256)
  /// Pieces of results.
  private let reading = JobCalls(threads: 4, maxWaiting: 1024)
  private let uploads = Places(
    limit: Self.maxUploads,
    refusal: "\(Self.maxUploads) jobs are being handed over, the most at once")
  let watchers = Places(
    limit: JobWatch.places, refusal: "\(JobWatch.places) callers wait for jobs, the most at once")

  private static let maxUploads = 16

  /// All of them but the first want the id of a job.
  var routes: [Route] { [acceptance, list, one, removal, events, result, retry] }

  private typealias Answer =
    @Sendable (HTTPRequest, JobDesk, _ owner: String) async throws ->
    HTTPResponse

  private func route(
    _ method: String, _ path: String, _ summary: String, _ description: OpenAPI.Members,
    _ answer: @escaping Answer
  ) -> Route {
    Route(
      method: method, path: path, summary: summary, isOpen: false, checksKey: true,
      description: description
    ) { request in
      // A page of another origin could send a form, and start work, without asking first; and nothing of its is to be seen here.
      try crossOrigin.check(request)
      let owner = try keys.owner(of: request)
      guard let desk else { throw Problem.jobsAreOff }
      return try await answer(request, desk, owner)
    }
  }

  // MARK: Handing over

  private var acceptance: Route {
    route(
      "POST", Self.path, "Hands over a job: photos, an archive, a video or a folder",
      OpenAPI.jobAcceptance(configuration)
    ) { request, desk, owner in
      let intake = JobIntake(
        configuration: configuration, desk: desk, calls: calls, uploads: uploads, metrics: metrics
      ) {
        if state.isEnding(of: configuration.server.grace) {
          throw Problem.overloaded("the service ends", retryAfter: 10)
        }
      }
      let id = try await intake.accept(request, of: owner)
      RequestNotes.current.add("job", .text(id.description))
      var response: HTTPResponse
      do {
        guard let job = try await calls({ try desk.store.job(id) }) else { throw Problem.noSuchJob }
        response = try await answer(request, desk, job, status: 202)
      } catch  where !(error is CancellationError) {
        // It is accepted: who was told of a failure now would hand it over once more.
        response = .json(
          ["id": .text(id.description), "state": .text(JobState.queued.rawValue)], status: 202)
      }
      response.headers["Location"] = "\(base(of: request))\(Self.path)/\(id)"
      return response
    }
  }

  /// The job as JSON, after as long a wait for its end as the caller prefers.
  private func answer(
    _ request: HTTPRequest, _ desk: JobDesk, _ job: Job, status: Int = 200
  ) async throws -> HTTPResponse {
    var job = job
    var applied: Int?
    // Without a place the wish is not granted, which is no failure.
    if let wait = Preferences(request.headers).wait, wait > 0, job.ended == nil,
      let place = watchers.enterIfFree()
    {
      defer { withExtendedLifetime(place) {} }
      await request.noticeDeparture()
      applied = min(wait, JobWatch.longestWait)
      job = try await watch(desk).ended(job, within: wait)
    }
    var response = HTTPResponse.json(job.json(below: base(of: request)), status: status)
    if let applied { response.headers["Preference-Applied"] = "wait=\(applied)" }
    return response
  }

  private func watch(_ desk: JobDesk) -> JobWatch {
    JobWatch(desk: desk, calls: calls, state: state, grace: configuration.server.grace)
  }

  /// Below which path the caller sees the service: what a proxy says, if that is a path.
  private func base(of request: HTTPRequest) -> String {
    let given = request.headers["X-Forwarded-Prefix"] ?? ""
    return given.wholeMatch(of: /(?:\/[A-Za-z0-9._~-]+)+/) == nil ? "" : given
  }

  // MARK: Looking

  private var list: Route {
    route("GET", Self.path, "Lists one's own jobs, the newest first", OpenAPI.jobList()) {
      request, desk, owner in
      var parameters = JobListParameters()
      try ParameterTable.read(request.query, by: JobListParameters.rows, into: &parameters)
      let before = try parameters.before.map { text throws(Problem) -> JobID in
        guard let id = JobID(text) else {
          throw Problem(.badParameter, "before: \"\(text.prefix(80))\" is no id of a job")
        }
        return id
      }
      // Who has no name has no jobs of their own: nobody learns others' ids here.
      guard keys.areAsked else { return .json(["jobs": []]) }
      let wanted = parameters
      let jobs = try await calls {
        try desk.store.jobs(
          of: owner, in: Set(wanted.states), before: before, limit: wanted.limit + 1)
      }
      let shown = jobs.prefix(wanted.limit)
      var answer: OpenAPI.Members = [
        (name: "jobs", value: .array(shown.map { $0.json(below: base(of: request)) }))
      ]
      if jobs.count > shown.count, let last = shown.last {
        answer.append((name: "next", value: .text(last.id.description)))
      }
      return .json(.object(answer))
    }
  }

  /// - Throws: `Problem` with `not_found`, also for a job of another owner.
  private func job(
    _ request: HTTPRequest, _ desk: JobDesk, _ owner: String
  ) async throws -> Job {
    guard let id = JobID(request.parameters["id"] ?? "") else { throw Problem.noSuchJob }
    return try await job(id, desk, owner)
  }

  private func job(_ id: JobID, _ desk: JobDesk, _ owner: String) async throws -> Job {
    guard let job = try await calls({ try desk.store.job(id) }),
      !keys.areAsked || job.owner == owner
    else { throw Problem.noSuchJob }
    return job
  }

  private static let onePath = path + "/{id}"

  private var one: Route {
    route("GET", Self.onePath, "Tells how a job stands", OpenAPI.jobLook()) {
      request, desk, owner in
      try await answer(request, desk, try await job(request, desk, owner))
    }
  }

  private var events: Route {
    route(
      "GET", Self.onePath + "/events", "Tells every change of a job (server-sent events)",
      OpenAPI.jobEvents()
    ) { request, desk, owner in
      let job = try await job(request, desk, owner)
      let base = base(of: request)
      // A browser comes back when the events end; 204 tells it that there will be none.
      if job.ended != nil, let seen = request.headers["Last-Event-ID"],
        seen == JobWatch.event(job, below: base).id
      {
        return HTTPResponse(status: 204)
      }
      let place = try watchers.enter()
      await request.noticeDeparture()
      return HTTPResponse(
        headers: [
          "Content-Type": ServerSentEvent.mediaType, "Cache-Control": "no-store",
          // nginx would keep events back until a buffer is full.
          "X-Accel-Buffering": "no",
        ],
        content: .stream { writer in
          defer { withExtendedLifetime(place) {} }
          try await watch(desk).events(of: job, below: base, to: writer)
        })
    }
  }

  private var result: Route {
    route("GET", Self.onePath + "/result", "Gives a job's result", OpenAPI.jobResult()) {
      request, desk, owner in
      let job = try await job(request, desk, owner)
      guard job.ended != nil else {
        throw Problem(
          .notEnded,
          "the job is \(job.state.rawValue); its result is there when it has ended",
          headers: [("Retry-After", "1")])
      }
      guard let result = job.result, let name = JobFileName(result.name) else {
        throw Problem(
          .notFound,
          "the job has no result: it is \(job.state.rawValue)\(job.reason.map { ", \($0)" } ?? "")")
      }
      let file = try await reading { try desk.files.open(name, of: job.id) }
      let ending = result.name.firstIndex(of: ".").map { result.name[$0...] } ?? ""
      return try FileAnswer(
        file: file, bytes: result.bytes, checksum: result.checksum, mediaType: result.mediaType,
        name: "stance-\(job.id.description.prefix(8))\(ending)"
      ).response(to: request, reading: reading)
    }
  }

  // MARK: Changing

  private var retry: Route {
    route(
      "POST", Self.onePath + "/retry", "Queues a job anew that is dead, failed or cancelled",
      OpenAPI.jobRetry()
    ) { request, desk, owner in
      let job = try await job(request, desk, owner)
      let again = try await calls { try desk.retry(job.id) }
      return try await answer(request, desk, again, status: 202)
    }
  }

  private var removal: Route {
    route(
      "DELETE", Self.onePath, "Cancels a job, or forgets one that has ended, with its result",
      OpenAPI.jobRemoval()
    ) { request, desk, owner in
      var parameters = JobRemovalParameters()
      try ParameterTable.read(request.query, by: JobRemovalParameters.rows, into: &parameters)
      let found = try await job(request, desk, owner)
      if parameters.only == .cancel, found.ended != nil {
        return .json(found.json(below: base(of: request)))
      }
      if found.ended == nil {
        guard parameters.only != .forget else {
          throw Problem(
            .notEnded, "the job is \(found.state.rawValue); it can be forgotten when it has ended")
        }
        let now = try await calls { try desk.cancel(found.id) }
        return .json(now.json(below: base(of: request)), status: 202)
      }
      try await calls { try desk.forget(found.id) }
      return HTTPResponse(status: 204)
    }
  }
}

import Files
package import HTTPServer
import Options
import Stance
import StanceJobs
package import Telemetry

/// The whole web service as a function of its configuration.
///
///     let application = try StanceApplication(configuration, finder: finder, version: "0.1.0", log: log)
///     let end = try await application.run { port in print(port) }
package final class StanceApplication: Sendable {
  private let configuration: ServiceConfiguration
  private let log: Log
  private let state = ServiceState()
  private let answers: PoseAnswers
  private let requests: RequestHandler
  private let videos: Places
  private let workFolder: WorkFolder
  private let webhooks: WebhookSender?
  private let worker: JobWorker?

  /// An application of this configuration; `finder` finds the people.
  ///
  /// - Parameters:
  ///   - jobs: where jobs are handed over; nil: there are none.
  ///   - time: by which waits are measured and `--adaptive` holds a step.
  /// - Throws: `FileError` or `ServiceError` when the file of keys can't be used; `UsageError` for half of TLS, or
  ///   what is no origin.
  package init(
    _ configuration: ServiceConfiguration, finder: any PeopleFinder, version: String, log: Log,
    jobs desk: JobDesk? = nil, time: @escaping TimeSource = machineTime
  ) throws {
    let server = configuration.server
    guard (server.tlsCertificate == nil) == (server.tlsKey == nil) else {
      throw UsageError("--tls-certificate and --tls-key go together")
    }
    self.configuration = configuration
    self.log = log
    let metrics = ServiceMetrics()
    answers = PoseAnswers(configuration, finder, metrics, time)
    let bodies = PhotoBodies(
      maxBody: server.maxBody, budget: BodyBudget(limit: server.maxBodies))
    let keys = try server.apiKeys.map(APIKeys.init(contentsOf:)) ?? .none
    let crossOrigin = try CrossOrigin(origins: server.corsOrigins)
    let conversation = LiveConversation(
      server: server, finder: finder, keys: keys,
      sessions: LiveSessions(
        limit: server.liveSessions, engines: finder.engineCount, leastRate: server.liveRate),
      budget: bodies.budget, metrics: metrics, state: state)
    let live = LiveRoute(
      configuration: configuration, keys: keys, crossOrigin: crossOrigin,
      conversation: conversation)
    let folder = WorkFolder(server.workFolder, limit: server.maxWork)
    videos = Places(
      limit: server.videos,
      refusal: server.videos == 0
        ? "this service takes no videos (--videos 0)"
        : "\(server.videos) videos are worked on, the most at once")
    workFolder = folder
    let video = VideoRoute(
      configuration: configuration, finder: finder, crossOrigin: crossOrigin, places: videos,
      folder: folder, state: state, metrics: metrics)
    // Who only tests requests has no engines for jobs; then others work on them.
    let worker = desk.flatMap { desk in
      finder.forJobs.map { JobService(desk.place, $0, configuration, metrics, log).worker }
    }
    self.worker = worker
    let jobs = JobRoutes(
      configuration: configuration,
      desk: desk.map { JobDesk($0.place, webhooks: $0.webhooks, worker: worker) }, keys: keys,
      crossOrigin: crossOrigin, state: state, metrics: metrics)
    webhooks = try desk.flatMap { desk in
      try desk.webhooks.map { try WebhookSender($0, desk.store, report: metrics.note(log)) }
    }
    requests = RequestHandler(
      Self.routes(configuration, state, answers, bodies, live, video, jobs, metrics, version),
      keys: keys, crossOrigin,
      try AllowedHosts(listening: server.host, names: server.allowedHosts),
      RequestLog(log: log, metrics: metrics))
  }

  /// Every route: the page's, the pose's, the state's and their description.
  private static func routes(
    _ configuration: ServiceConfiguration, _ state: ServiceState, _ answers: PoseAnswers,
    _ bodies: PhotoBodies, _ live: LiveRoute, _ video: VideoRoute, _ jobs: JobRoutes,
    _ metrics: ServiceMetrics, _ version: String
  ) -> [Route] {
    let pose = PoseRoute(configuration: configuration, answers: answers, bodies: bodies)
    let tutorial = TutorialRoute(configuration: configuration, answers: answers, bodies: bodies)
    let states = StateRoutes(
      configuration: configuration, state: state, answers: answers, bodies: bodies.budget,
      sessions: live.sessions, videos: video.places, work: video.folder, jobs: jobs,
      metrics: metrics, version: version)
    let described =
      [pose.route, video.route, live.route] + jobs.routes + tutorial.routes + states.routes
      + PageRoutes().routes
    return described
      + DescriptionRoutes(
        described: described, version: version, defaults: AnswerParameters(configuration),
        tutorialDefaults: tutorial.defaults,
        scheme: configuration.server.tlsCertificate == nil ? "http" : "https"
      ).routes
  }

  /// Methods and paths of all routes.
  package var routeList: [(method: String, path: String)] {
    requests.routes.map { ($0.method, $0.path) }
  }

  /// What answers every request.
  package var handler: HTTPHandler { { [requests] in await requests.answer($0) } }

  /// Listens until the task is cancelled, then lets accepted requests finish.
  ///
  /// - Parameter renewals: each element has the certificate's files read again, for connections from then on.
  /// - Returns: whether all finished within the grace period.
  /// - Throws: `ServiceError` when the address or the certificate can't be used.
  @discardableResult
  package func run(
    renewals: AsyncStream<Int32>? = nil,
    onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) async throws -> HTTPServer.End {
    let server = HTTPServer(
      serverConfiguration, refusal: { [requests] in await requests.refuse($0, status: $1) },
      turnedAway: { [requests] in requests.log.countTurnedAway() }, handler: handler)
    // Children of this task: cancelled with it, and awaited before this function returns.
    await sweepWorkFolder()
    try webhooks?.start()
    let (listening, hasBegun) = AsyncStream.makeStream(of: Never.self)
    async let warm: Void = warmUp(once: listening)
    let (draining, isDraining) = AsyncStream.makeStream(of: Never.self)
    async let working: Void = workOnJobs(until: draining)
    async let renewing: Void = renewCertificate(of: server, at: renewals)
    let end = try await withTaskCancellationHandler {
      do {
        return try await server.run { port in
          onListening(port)
          hasBegun.finish()
        }
      } catch let error as HTTPServer.CannotListen {
        let options = configuration.server
        throw ServiceError(
          "can't listen at \(options.host) port \(options.port): \(error.reason); --host and --port choose another"
        )
      } catch let error as HTTPServer.CertificateRefused {
        throw ServiceError("--tls-certificate, --tls-key: \(error.reason)")
      }
    } onCancel: {
      state.drain()
      isDraining.finish()
    }
    await warm
    await renewing
    await working
    await answers.settle()
    await videos.settle()
    // Waits for a thread: off the shared pool.
    try await WorkQueue().run { [webhooks] in webhooks?.stop() }
    await sweepWorkFolder()
    return end
  }

  /// Jobs get the engines that requests leave. What is begun is finished or handed back while requests are.
  private func workOnJobs(until draining: AsyncStream<Never>) async {
    guard let worker else { return }
    do { try worker.start() } catch {
      log(.error, "jobs are not worked on here", [(name: "error", value: .text("\(error)"))])
      return
    }
    for await _ in draining {}
    let grace = configuration.server.grace
    let isOver = try? await WorkQueue().run { worker.stop(within: grace) }
    if isOver != true { log(.warning, "work on jobs was cut off, and is handed back") }
  }

  /// Without videos nothing is made, and a folder that can't be used is told when one comes, too.
  private func sweepWorkFolder() async {
    guard configuration.server.videos > 0 else { return }
    do { try await WorkQueue().run { [workFolder] in try workFolder.sweep() } } catch {
      log(
        .warning, "the work folder can't be used, and so no videos are taken",
        [
          (name: "folder", value: .text(workFolder.path)),
          (name: "error", value: .text((error as? FileError)?.message ?? "\(error)")),
        ])
    }
  }

  private func renewCertificate(
    of server: HTTPServer, at renewals: AsyncStream<Int32>?
  ) async {
    guard let renewals else { return }
    for await _ in renewals {
      do {
        try server.reloadCertificate()
        log(.info, "certificate renewed")
      } catch {
        log(
          .error, "the renewed certificate can't be used, the old one stays",
          [(name: "error", value: .text("\(error)"))])
      }
    }
  }

  private func warmUp(once listening: AsyncStream<Never>) async {
    for await _ in listening {}
    if Task.isCancelled { return }
    let pose = configuration.pose
    let others = configuration.server.preload.filter { $0 != pose.complexity }
    do {
      try await answers.warmUp([pose.complexity] + others, pose)
      state.becomeReady()
      log(.info, "ready")
    } catch is CancellationError {
      // The service ends before it was warm.
    } catch {
      // It stays unready, and requests tell the same failure.
      log(.error, "the models can't be warmed up", [(name: "error", value: .text("\(error)"))])
    }
  }

  private var serverConfiguration: HTTPServer.Configuration {
    let server = configuration.server
    var http = HTTPServer.Configuration()
    http.host = server.host
    http.port = server.port
    http.connections = server.maxConnections
    http.turnedAway = server.maxTurnedAway
    http.busy = HTTPResponse(
      problem: .overloaded(
        "\(server.maxConnections) connections are open, the most allowed", retryAfter: 1))
    http.grace = server.grace
    http.transferTime = server.bodyTime
    if let certificate = server.tlsCertificate, let key = server.tlsKey {
      http.tls = (certificateChain: certificate, privateKey: key)
    }
    return http
  }
}

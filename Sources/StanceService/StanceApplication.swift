package import HTTPServer
import Stance
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
  private let keys: APIKeys
  private let crossOrigin: CrossOrigin
  private let routes: [Route]
  private let requestLog: RequestLog

  /// An application of this configuration; `finder` finds the people.
  ///
  /// - Parameter time: by which waits are measured and `--adaptive` holds a model.
  /// - Throws: `FileError` or `ServiceError` when the file of keys can't be used, or half of TLS is given.
  package init(
    _ configuration: ServiceConfiguration, finder: any PeopleFinder, version: String, log: Log,
    time: @escaping TimeSource = machineTime
  ) throws {
    let server = configuration.server
    guard (server.tlsCertificate == nil) == (server.tlsKey == nil) else {
      throw ServiceError("a certificate needs its key, and a key its certificate")
    }
    self.configuration = configuration
    self.log = log
    keys = try server.apiKeys.map(APIKeys.init(contentsOf:)) ?? .none
    crossOrigin = CrossOrigin(origins: Set(server.corsOrigins))
    let metrics = ServiceMetrics()
    answers = PoseAnswers(configuration, finder, metrics, time)
    let bodies = PhotoBodies(
      maxBody: server.maxBody, budget: BodyBudget(limit: server.maxBodies))
    let routes = Self.routes(configuration, state, answers, bodies, metrics, version)
    self.routes = routes
    requestLog = RequestLog(log: log, metrics: metrics)
  }

  /// Every route: the page's, the pose's, the state's and their description.
  private static func routes(
    _ configuration: ServiceConfiguration, _ state: ServiceState, _ answers: PoseAnswers,
    _ bodies: PhotoBodies, _ metrics: ServiceMetrics, _ version: String
  ) -> [Route] {
    let pose = PoseRoute(configuration: configuration, answers: answers, bodies: bodies)
    let tutorial = TutorialRoute(configuration: configuration, answers: answers, bodies: bodies)
    let states = StateRoutes(
      configuration: configuration, state: state, answers: answers, bodies: bodies.budget,
      metrics: metrics, version: version)
    let described = [pose.route] + tutorial.routes + states.routes + PageRoutes().routes
    return described
      + DescriptionRoutes(
        described: described, version: version, defaults: AnswerParameters(configuration)
      ).routes
  }

  /// Methods and paths of all routes.
  package var routeList: [(method: String, path: String)] { routes.map { ($0.method, $0.path) } }

  /// What answers every request.
  private var handler: HTTPHandler {
    let router = makeRouter()
    return { [self] request in await complete(request) { await answer(request, router) } }
  }

  /// Adds to an answer what all have, and writes the log.
  private func complete(
    _ request: HTTPRequest, _ answer: () async -> Answered
  ) async -> HTTPResponse {
    let began = ContinuousClock.now
    let trace = TraceContext(traceparent: request.headers["traceparent"])
    let answer = await answer()
    var response = answer.response
    SecurityHeaders.add(
      to: &response.headers, isShared: crossOrigin.isAllowed(request))
    crossOrigin.add(to: &response.headers, for: request)
    response.headers["X-Request-Id"] = trace.traceID
    requestLog(
      request, response, trace, route: answer.route, took: ContinuousClock.now - began,
      failure: answer.failure)
    return response
  }

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
      serverConfiguration,
      refusal: { [self] request, status in
        await complete(request) { Answered(Problem(refusing: status)) }
      },
      turnedAway: { [requestLog] in requestLog.countTurnedAway() }, handler: handler)
    // Children of this task: cancelled with it, and awaited before this function returns.
    async let warm: Void = warmUp()
    async let renewing: Void = renewCertificate(of: server, at: renewals)
    let end = try await withTaskCancellationHandler {
      do { return try await server.run(onListening: onListening) } catch let error
        as HTTPServer.CannotStart
      {
        let options = configuration.server
        throw ServiceError("can't listen at \(options.host) port \(options.port): \(error.reason)")
      }
    } onCancel: {
      state.drain()
    }
    await warm
    await renewing
    await answers.settle()
    return end
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

  private func warmUp() async {
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
    http.address = server.host
    http.port = server.port
    http.connections = server.maxConnections
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

  /// What a request came to.
  private struct Answered: Error {
    var response: HTTPResponse
    /// The route's path; nil when there was none.
    var route: String?
    var failure: (any Error)?

    init(response: HTTPResponse, route: String? = nil, failure: (any Error)? = nil) {
      (self.response, self.route, self.failure) = (response, route, failure)
    }

    /// Where no route could say how it tells a failure.
    init(_ problem: Problem) {
      self.init(response: HTTPResponse(problem: problem), failure: problem)
    }
  }

  private func makeRouter() -> Router {
    var router = Router()
    for route in routes {
      router.on(route.method, route.path) { [keys] request in
        do {
          if !route.isOpen { try keys.check(request) }
          var response = try await route.respond(request)
          response.headers[Self.routeMark] = route.path
          return response
        } catch {
          throw Answered(
            response: route.failure(Problem(describing: error)), route: route.path, failure: error)
        }
      }
    }
    return router
  }

  /// Tells a route's answer from the router's own; taken off before it is sent.
  private static let routeMark = "Stance-Route"

  private func answer(_ request: HTTPRequest, _ router: Router) async -> Answered {
    if let preflight = crossOrigin.preflight(request) { return Answered(response: preflight) }
    do {
      var response = try await router(request)
      if let route = response.headers[Self.routeMark] {
        response.headers[Self.routeMark] = nil
        return Answered(response: response, route: route)
      }
      return Answered(Self.problem(request, response))
    } catch let answered as Answered {
      guard answered.failure is CancellationError || answered.failure is ClientGone else {
        return answered
      }
      // Nobody reads this answer; the status, nginx' own for it, is for log and metrics.
      return Answered(response: HTTPResponse(status: 499), route: answered.route)
    } catch {
      return Answered(response: HTTPResponse(problem: Problem(describing: error)), failure: error)
    }
  }

  /// What the router found wrong.
  private static func problem(_ request: HTTPRequest, _ response: HTTPResponse) -> Problem {
    switch response.status {
    case 404: return Problem(.notFound, "nothing at this path; /docs lists what there is")
    case 405:
      let allowed = response.headers["Allow"] ?? ""
      return Problem(
        .methodNotAllowed, "this path takes \(allowed)", headers: [("Allow", allowed)])
    default: return Problem(.malformedRequest, "the path is not percent-encoded UTF-8")
    }
  }
}

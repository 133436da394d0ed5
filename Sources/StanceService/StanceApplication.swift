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
  /// - Throws: `FileError` or `ServiceError` when the file of keys can't be used, or half of TLS is given.
  package init(
    _ configuration: ServiceConfiguration, finder: any PeopleFinder, version: String, log: Log
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
    answers = PoseAnswers(configuration, finder, metrics)
    let bodies = PhotoBodies(
      maxBody: server.maxBody, budget: BodyBudget(limit: server.maxBodies))
    let routes = Self.routes(configuration, state, answers, bodies, metrics, version)
    self.routes = routes
    requestLog = RequestLog(log: log, metrics: metrics, knownPaths: Set(routes.map(\.path)))
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
  package var handler: HTTPHandler {
    let router = makeRouter()
    return { [self] request in
      let began = ContinuousClock.now
      let trace = TraceContext(traceparent: request.headers["traceparent"])
      let (routed, failure) = await answer(request, router)
      var response = routed
      SecurityHeaders.add(
        to: &response.headers, isShared: crossOrigin.isAllowed(request))
      crossOrigin.add(to: &response.headers, for: request)
      response.headers["X-Request-Id"] = trace.traceID
      requestLog(
        request, response, trace, took: ContinuousClock.now - began, failure: failure)
      return response
    }
  }

  /// Listens until the task is cancelled, then lets accepted requests finish.
  ///
  /// - Returns: whether all finished within the grace period.
  /// - Throws: `ServiceError` when the address can't be listened at.
  @discardableResult
  package func run(
    onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) async throws -> HTTPServer.End {
    let server = HTTPServer(serverConfiguration, handler: handler)
    // A child of this task: cancelled with it, and awaited before this function returns.
    async let warm: Void = warmUp()
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
    await answers.settle()
    return end
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
    http.grace = server.grace
    http.transferTime = server.bodyTime
    if let certificate = server.tlsCertificate, let key = server.tlsKey {
      http.tls = (certificateChain: certificate, privateKey: key)
    }
    return http
  }

  private func makeRouter() -> Router {
    var router = Router()
    for route in routes {
      router.on(route.method, route.path) { [keys] request in
        do {
          if !route.isOpen { try keys.check(request) }
          return try await route.respond(request)
        } catch {
          throw Refusal(cause: error, response: route.failure(Problem(describing: error)))
        }
      }
    }
    return router
  }

  /// A failure with the answer that its route gives to it.
  private struct Refusal: Error {
    let cause: any Error
    let response: HTTPResponse
  }

  private func answer(
    _ request: HTTPRequest, _ router: Router
  ) async -> (response: HTTPResponse, failure: (any Error)?) {
    if let preflight = crossOrigin.preflight(request) { return (preflight, nil) }
    do {
      let response = try await router(request)
      guard response.headers["Content-Type"] == nil, response.status >= 400 else {
        return (response, nil)
      }
      let problem = Self.problem(request, response)
      return (HTTPResponse(problem: problem), problem)
    } catch let refusal as Refusal {
      let hasLeft = refusal.cause is CancellationError || refusal.cause is ClientGone
      // Nobody reads this answer; the status, nginx' own for it, is for log and metrics.
      return hasLeft ? (HTTPResponse(status: 499), nil) : (refusal.response, refusal.cause)
    } catch {
      return (HTTPResponse(problem: Problem(describing: error)), error)
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

import HTTPServer
import Telemetry

/// Answers every request by its route, adds what all answers have, and writes the log.
struct RequestHandler: Sendable {
  let routes: [Route]
  let log: RequestLog
  private let crossOrigin: CrossOrigin
  private let router: Router

  /// - Parameter keys: of which one has to be shown where a route is not open.
  init(_ routes: [Route], keys: APIKeys, _ crossOrigin: CrossOrigin, _ log: RequestLog) {
    (self.routes, self.crossOrigin, self.log) = (routes, crossOrigin, log)
    router = Self.router(of: routes, keys)
  }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    await complete(request) { await answered(request) }
  }

  /// Tells who sent no request, but something like it, what was wrong.
  func refuse(_ request: HTTPRequest, status: Int) async -> HTTPResponse {
    await complete(request) { Answered(Problem(refusing: status)) }
  }

  /// What a request came to.
  private struct Answered: Error {
    var response: HTTPResponse
    /// The route's path; nil when there was none.
    var route: String?
    var failure: (any Error)?

    init(_ response: HTTPResponse, route: String? = nil, failure: (any Error)? = nil) {
      (self.response, self.route, self.failure) = (response, route, failure)
    }

    /// A failure where no route could say how to tell it.
    init(_ failure: any Error) {
      self.init(HTTPResponse(problem: Problem(describing: failure)), failure: failure)
    }
  }

  private func complete(
    _ request: HTTPRequest, _ answer: () async -> Answered
  ) async -> HTTPResponse {
    let began = ContinuousClock.now
    let trace = TraceContext(traceparent: request.headers["traceparent"])
    let answered = await answer()
    var response = answered.response
    SecurityHeaders.add(to: &response.headers, isShared: crossOrigin.isAllowed(request))
    crossOrigin.add(to: &response.headers, for: request)
    response.headers["X-Request-Id"] = trace.traceID
    log(
      request, response, trace, route: answered.route, took: ContinuousClock.now - began,
      failure: answered.failure)
    return response
  }

  private func answered(_ request: HTTPRequest) async -> Answered {
    if let preflight = crossOrigin.preflight(request) { return Answered(preflight) }
    do {
      var response = try await router(request)
      if let route = response.headers[Self.routeMark] {
        response.headers[Self.routeMark] = nil
        return Answered(response, route: route)
      }
      return Answered(Self.problem(response))
    } catch let answered as Answered {
      guard answered.failure is CancellationError || answered.failure is ClientGone else {
        return answered
      }
      // Nobody reads this answer; the status, nginx' own for it, is for log and metrics.
      return Answered(HTTPResponse(status: 499), route: answered.route)
    } catch {
      return Answered(error)
    }
  }

  /// Tells a route's answer from the router's own; taken off before it is sent.
  private static let routeMark = "Stance-Route"

  private static func router(of routes: [Route], _ keys: APIKeys) -> Router {
    var router = Router()
    for route in routes {
      router.on(route.method, route.path) { request in
        do {
          if !route.isOpen { try keys.check(request) }
          var response = try await route.respond(request)
          response.headers[routeMark] = route.path
          return response
        } catch {
          let response = route.failure(Problem(describing: error))
          throw Answered(response, route: route.path, failure: error)
        }
      }
    }
    return router
  }

  /// What the router found wrong.
  private static func problem(_ response: HTTPResponse) -> Problem {
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

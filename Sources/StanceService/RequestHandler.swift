import HTTPServer
import Synchronization
import Telemetry

/// Answers every request by its route, adds what all answers have, and writes the log.
struct RequestHandler: Sendable {
  let routes: [Route]
  let log: RequestLog
  private let keys: APIKeys
  private let crossOrigin: CrossOrigin
  private let hosts: AllowedHosts
  private let router: Router<Route>

  /// - Parameter keys: of which one has to be shown where a route is not open.
  init(
    _ routes: [Route], keys: APIKeys, _ crossOrigin: CrossOrigin, _ hosts: AllowedHosts,
    _ log: RequestLog
  ) {
    (self.routes, self.keys, self.crossOrigin, self.log) = (routes, keys, crossOrigin, log)
    self.hosts = hosts
    var router = Router<Route>()
    for route in routes { router.on(route.method, route.path, route) }
    self.router = router
  }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    await complete(request) { await answered(request) }
  }

  /// Tells who sent no request, but something like it, what was wrong.
  func refuse(_ request: HTTPRequest, status: Int) async -> HTTPResponse {
    await complete(request) { Answered(Problem(refusing: status)) }
  }

  /// What a request came to.
  private struct Answered {
    var response: HTTPResponse
    /// The route's path; nil when there was none.
    var route: String?
    var failure: (any Error)?

    init(_ response: HTTPResponse, route: String? = nil, failure: (any Error)? = nil) {
      (self.response, self.route, self.failure) = (response, route, failure)
    }

    /// A failure where no route could say how to tell it.
    init(_ problem: Problem) { self.init(HTTPResponse(problem: problem), failure: problem) }
  }

  private func complete(
    _ request: HTTPRequest, _ answer: () async -> Answered
  ) async -> HTTPResponse {
    let began = ContinuousClock.now
    let trace = TraceContext(traceparent: request.headers["traceparent"])
    let notes = RequestNotes()
    let answered = await RequestNotes.$current.withValue(notes) { await answer() }
    var response = answered.response
    SecurityHeaders.add(to: &response.headers, isShared: crossOrigin.isAllowed(request))
    crossOrigin.add(to: &response.headers, for: request)
    response.headers["X-Request-Id"] = trace.traceID
    let line = RequestLine { [log, response] failure in
      log(
        request, response, trace, route: answered.route, took: ContinuousClock.now - began,
        failure: failure, notes.fields)
    }
    switch response.content {
    case .bytes: line.write(answered.failure)
    case .stream(let length, let produce):
      response.content = .stream(length: length) { writer in
        try await line.write { try await produce(writer) }
      }
    case .webSocket(let limit, let converse):
      response.content = .webSocket(messageLimit: limit) { socket in
        try await line.write { try await converse(socket) }
      }
    }
    return response
  }

  private func answered(_ request: HTTPRequest) async -> Answered {
    do { try hosts.check(request) } catch { return Answered(error) }
    if let preflight = crossOrigin.preflight(request) { return Answered(preflight) }
    switch router.match(request) {
    case .found(let route, let request): return await answered(request, by: route)
    case .notFound:
      return Answered(Problem(.notFound, "nothing at this path; /docs lists what there is"))
    case .wrongMethod(let allowed):
      let allowed = allowed.joined(separator: ", ")
      return Answered(
        Problem(.methodNotAllowed, "this path takes \(allowed)", headers: [("Allow", allowed)]))
    case .malformed:
      return Answered(Problem(.malformedRequest, "the path is not percent-encoded UTF-8"))
    }
  }

  private func answered(_ request: HTTPRequest, by route: Route) async -> Answered {
    do {
      if !route.isOpen, !route.checksKey { try keys.check(request) }
      return Answered(try await route.respond(request), route: route.path)
    } catch let error where error.isDeparture {
      // Nobody reads this answer; the status, nginx' own for it, is for log and metrics.
      return Answered(HTTPResponse(status: 499), route: route.path)
    } catch {
      let response = route.failure(Problem(describing: error))
      return Answered(response, route: route.path, failure: error)
    }
  }
}

/// The one line of a request: written once, at the latest when nobody can write it any more.
private final class RequestLine: Sendable {
  private let isWritten = Atomic(false)
  private let writeLine: @Sendable (_ failure: (any Error)?) -> Void

  init(_ writeLine: @escaping @Sendable (_ failure: (any Error)?) -> Void) {
    self.writeLine = writeLine
  }

  deinit { write(nil) }

  func write(_ failure: (any Error)?) {
    if !isWritten.exchange(true, ordering: .relaxed) { writeLine(failure) }
  }

  /// Writes it at the end of what takes longer than an answer.
  func write(after body: () async throws -> Void) async throws {
    do { try await body() } catch {
      write(error.isDeparture ? nil : error)
      throw error
    }
    write(nil)
  }
}

extension Error {
  /// Whether it only says that nobody waits for the answer any more.
  fileprivate var isDeparture: Bool {
    self is CancellationError || self is ClientGone || self is NobodyListens
  }
}

import HTTPServer
import Telemetry

/// Counts a request and writes its one line: never anything of the picture.
struct RequestLog: Sendable {
  let log: Log
  let metrics: ServiceMetrics

  private static let knownMethods: Set<String> = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS",
  ]

  /// A connection that was refused without being read: counted only, so that a flood of them writes no log.
  func countTurnedAway() {
    metrics.requests.add(1, "other", "other", "503")
    metrics.problems.add(1, Problem.Code.overloaded.name)
  }

  func callAsFunction(
    _ request: HTTPRequest, _ response: HTTPResponse, _ trace: TraceContext, route: String?,
    took time: Duration, failure: (any Error)?, _ notes: [(name: String, value: JSONValue)]
  ) {
    // What has no route is counted together, so that no caller can make labels.
    let route = route ?? "other"
    let method = Self.knownMethods.contains(request.method) ? request.method : "other"
    metrics.requests.add(1, route, method, "\(response.status)")
    // A WebSocket lasts as long as its client likes.
    if response.status != 101 { metrics.requestSeconds.observe(time, route) }
    let problem = failure.map { Problem(describing: $0).code }
    if let problem { metrics.problems.add(1, problem.name) }

    var fields: [(name: String, value: JSONValue)] = [
      ("method", .text(String(request.method.prefix(20)))),
      ("path", .text(String(request.path.prefix(200)))), ("status", .integer(response.status)),
      ("ms", .number((time / .milliseconds(1) * 10).rounded() / 10)), ("peer", .text(request.peer)),
      ("request", .text(trace.traceID)),
    ]
    if let length = request.body.length { fields.append(("bytesIn", .integer(length))) }
    if case .bytes(let bytes) = response.content {
      fields.append(("bytesOut", .integer(bytes.count)))
    }
    for (name, header) in [
      ("model", "Stance-Model"), ("search", "Stance-Search"), ("people", "Stance-People"),
      ("cache", "Cache-Status"),
    ] {
      if let value = response.headers[header] { fields.append((name, .text(value))) }
    }
    fields += notes
    if let failure { fields.append(("error", .text("\(failure)"))) }
    // A stream or a WebSocket may fail after its status.
    let status = max(response.status, problem?.status ?? 0)
    log(status >= 500 && status != 503 ? .error : .info, "request", fields)
  }
}

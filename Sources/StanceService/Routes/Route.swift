import HTTPServer
import Stance
import Telemetry

/// One method of one path: what answers it and how it is described.
struct Route: Sendable {
  let method: String
  let path: String
  /// One sentence without a full stop.
  let summary: String
  /// Whether it is answered without a key when keys are asked for.
  var isOpen = true
  /// Whether the route itself looks for the key, which can come in other ways there.
  var checksKey = false
  /// The rest of its description in OpenAPI: parameters, bodies, answers.
  var description: [(name: String, value: JSONValue)] = []
  /// How a failure is told.
  var failure: @Sendable (Problem) -> HTTPResponse = { HTTPResponse(problem: $0) }
  let respond: HTTPHandler
}

extension HTTPResponse {
  /// A failure as RFC 9457 wants it.
  init(problem: Problem) {
    self.init(
      status: problem.code.status, headers: HTTPHeaders(problem.headers),
      content: .bytes(Array(problem.json.description.utf8)))
    headers["Content-Type"] = Problem.contentType
    headers["Cache-Control"] = "no-store"
  }

  /// A small JSON document.
  static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
    HTTPResponse(
      status: status,
      headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
      content: .bytes(Array(value.description.utf8)))
  }

  /// One photo's answer.
  init(_ outcome: PoseAnswers.Outcome) {
    let answer = outcome.answer
    self.init(
      headers: ["Content-Type": answer.form.mediaType, "Cache-Control": "no-store"],
      content: .bytes(answer.bytes))
    headers["Stance-Model"] = answer.complexity.name
    headers["Stance-Search"] = answer.search.rawValue
    headers["Stance-People"] = "\(answer.peopleCount)"
    headers["Cache-Status"] = outcome.cacheStatus
    let parts = [
      ("decode", answer.timing.decode), ("detect", answer.timing.detect),
      ("landmarks", answer.timing.landmarks), ("total", answer.timing.total),
    ]
    headers["Server-Timing"] = parts.map { name, time in
      "\(name);dur=\((time / .milliseconds(1) * 10).rounded() / 10)"
    }.joined(separator: ", ")
  }
}

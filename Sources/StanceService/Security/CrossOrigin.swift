import HTTPServer

/// Lets pages of named origins call the service (https://fetch.spec.whatwg.org/#http-cors-protocol). Of none by
/// default.
struct CrossOrigin: Sendable {
  let origins: Set<String>

  /// Whether the request comes from a page that may read the answer.
  func isAllowed(_ request: HTTPRequest) -> Bool {
    request.headers["Origin"].map(origins.contains) ?? false
  }

  /// The answer to a browser that asks before it calls; nil for any other request.
  func preflight(_ request: HTTPRequest) -> HTTPResponse? {
    guard request.method == "OPTIONS", isAllowed(request),
      request.headers["Access-Control-Request-Method"] != nil
    else { return nil }
    return HTTPResponse(
      status: 204,
      headers: [
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, Traceparent",
        "Access-Control-Max-Age": "600",
      ])
  }

  /// Says in an answer who may read it.
  func add(to headers: inout HTTPHeaders, for request: HTTPRequest) {
    guard !origins.isEmpty else { return }
    headers.add("Vary", "Origin")
    guard let origin = request.headers["Origin"], origins.contains(origin) else { return }
    headers.add("Access-Control-Allow-Origin", origin)
    headers.add(
      "Access-Control-Expose-Headers",
      "Cache-Status, Retry-After, Server-Timing, Stance-Model, Stance-People, X-Request-Id")
  }
}

import HTTPServer
import Options

/// Lets pages of named origins call the service (https://fetch.spec.whatwg.org/#http-cors-protocol). Of none by
/// default.
struct CrossOrigin: Sendable {
  private let origins: Set<String>

  /// Pages of these origins may.
  ///
  /// - Throws: `UsageError` for what no browser sends: with a path, in capitals, with its scheme's usual port, `*`.
  init(origins: [String]) throws(UsageError) {
    for origin in origins where !Self.isOrigin(origin) {
      throw UsageError(
        "--cors-origin: \"\(origin)\" is no origin such as https://a.example or http://localhost:8080"
      )
    }
    self.origins = Set(origins)
  }

  private static func isOrigin(_ text: String) -> Bool {
    let origin = /[a-z][a-z0-9+.-]*:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/
    let withUsualPort = /http:.*:80|https:.*:443/
    return text.wholeMatch(of: origin) != nil && text.wholeMatch(of: withUsualPort) == nil
  }

  /// Whether the request comes from a page that may read the answer.
  func isAllowed(_ request: HTTPRequest) -> Bool {
    request.headers["Origin"].map(origins.contains) ?? false
  }

  /// Refuses what a page of another origin asks for where a browser would not ask before, as for a WebSocket (RFC 6455,
  /// section 10.2). Own is the address that was asked, by HTTP or HTTPS: a proxy may have done the encryption. Who is no
  /// browser names no origin.
  ///
  /// - Throws: `Problem` with `forbidden`.
  func check(_ request: HTTPRequest) throws(Problem) {
    guard let origin = request.headers["Origin"], !origins.contains(origin) else { return }
    let host = request.headers["Host"]?.lowercased() ?? ""
    let isOwn = [("http://", ":80"), ("https://", ":443")].contains { scheme, usualPort in
      let host = host.hasSuffix(usualPort) ? String(host.dropLast(usualPort.count)) : host
      return !host.isEmpty && origin == scheme + host
    }
    guard isOwn else {
      throw Problem(
        .forbidden,
        "the page is of another origin than this service; --cors-origin names those that may")
    }
  }

  /// The answer to a browser that asks before it calls; nil for any other request.
  func preflight(_ request: HTTPRequest) -> HTTPResponse? {
    guard request.method == "OPTIONS", isAllowed(request),
      request.headers["Access-Control-Request-Method"] != nil
    else { return nil }
    return HTTPResponse(
      status: 204,
      headers: [
        "Access-Control-Allow-Methods": "DELETE, GET, POST",
        "Access-Control-Allow-Headers":
          "Accept, Authorization, Content-Type, Idempotency-Key, If-Range, Prefer, Range, Traceparent",
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
      "Accept-Ranges, Cache-Status, Content-Disposition, Content-Range, ETag, Location, Preference-Applied, Retry-After, "
        + "Server-Timing, Stance-Model, Stance-People, Stance-Search, X-Request-Id"
    )
  }
}

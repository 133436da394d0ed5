import HTTPServer
import Telemetry

/// `GET /openapi.json` for programs and `GET /docs` for people: both made of the routes themselves.
struct DescriptionRoutes: Sendable {
  let described: [Route]
  let version: String
  /// Of `/v1/pose`.
  let defaults: AnswerParameters
  /// Of the routes that answer as the tutorial does.
  let tutorialDefaults: AnswerParameters
  /// "http" or "https".
  let scheme: String

  var routes: [Route] {
    let own = [
      ("/openapi.json", "Describes the service to programs (OpenAPI 3.1)", "application/json"),
      ("/docs", "Describes the service to people", "text/html; charset=utf-8"),
    ]
    let stubs = own.map { path, summary, type in
      Route(
        method: "GET", path: path, summary: summary,
        description: OpenAPI.plainOperation("the description", type)
      ) { _ in HTTPResponse() }
    }
    let all = described + stubs
    let document = OpenAPI.document(all, version: version, defaults: defaults).description
    let contents: [@Sendable (HTTPRequest) -> String] = [
      { _ in document },
      {
        DocsPage.html(
          all, defaults: defaults, tutorial: tutorialDefaults, address: address(for: $0))
      },
    ]
    return zip(own, contents).map { own, content in
      Route(
        method: "GET", path: own.0, summary: own.1,
        description: OpenAPI.plainOperation("the description", own.2)
      ) { request in
        var response = HTTPResponse(
          headers: ["Content-Type": own.2, "Cache-Control": "no-cache"],
          content: .bytes(Array(content(request).utf8)))
        if own.0 == "/docs" {
          response.headers["Content-Security-Policy"] = DocsPage.contentSecurityPolicy
        }
        return response
      }
    }
  }

  /// As the caller calls the service; what is no host and port stands in no example.
  private func address(for request: HTTPRequest) -> String {
    let host = request.headers["Host"] ?? ""
    let isHost = host.wholeMatch(of: /[A-Za-z0-9._:\[\]-]+/) != nil
    return "\(scheme)://\(isHost ? host : "127.0.0.1:5000")"
  }
}

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
    // They describe themselves too.
    let all = described + [document(of: []), page(of: [])]
    return [document(of: all), page(of: all)]
  }

  private func document(of routes: [Route]) -> Route {
    let document = OpenAPI.document(routes, version: version, defaults: defaults).description
    return Route(
      method: "GET", path: "/openapi.json",
      summary: "Describes the service to programs (OpenAPI 3.1)",
      description: OpenAPI.plainOperation("the description", "application/json")
    ) { _ in
      HTTPResponse(
        headers: ["Content-Type": "application/json", "Cache-Control": "no-cache"],
        content: .bytes(Array(document.utf8)))
    }
  }

  private func page(of routes: [Route]) -> Route {
    let type = "text/html; charset=utf-8"
    return Route(
      method: "GET", path: "/docs", summary: "Describes the service to people",
      description: OpenAPI.plainOperation("the description", type)
    ) { request in
      let html = DocsPage.html(
        routes, defaults: defaults, tutorial: tutorialDefaults, address: address(for: request))
      return HTTPResponse(
        headers: [
          "Content-Type": type, "Cache-Control": "no-cache",
          "Content-Security-Policy": DocsPage.contentSecurityPolicy,
        ],
        content: .bytes(Array(html.utf8)))
    }
  }

  /// As the caller calls the service, also through a proxy that says so; what is no host and port, or no path, stands in
  /// no example. Anybody may send these fields, and reads their own words then.
  private func address(for request: HTTPRequest) -> String {
    func field(_ name: String, _ pattern: Regex<Substring>) -> String? {
      request.headers[name].flatMap { $0.wholeMatch(of: pattern) == nil ? nil : $0 }
    }
    let host = field("Host", /[A-Za-z0-9._:\[\]-]+/) ?? "127.0.0.1:5000"
    let scheme = field("X-Forwarded-Proto", /https?/) ?? scheme
    let prefix = field("X-Forwarded-Prefix", /(?:\/[A-Za-z0-9._~-]+)+/) ?? ""
    return "\(scheme)://\(host)\(prefix)"
  }
}

import HTTPServer
import Telemetry

/// `GET /openapi.json` for programs and `GET /docs` for people: both made of the routes themselves.
struct DescriptionRoutes: Sendable {
  let described: [Route]
  let version: String
  let defaults: AnswerParameters

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
    let contents = [
      Array(OpenAPI.document(all, version: version, defaults: defaults).description.utf8),
      Array(DocsPage.html(all, defaults: defaults).utf8),
    ]
    return zip(own, contents).map { own, content in
      Route(
        method: "GET", path: own.0, summary: own.1,
        description: OpenAPI.plainOperation("the description", own.2)
      ) { _ in
        var response = HTTPResponse(
          headers: ["Content-Type": own.2, "Cache-Control": "no-cache"], content: .bytes(content))
        if own.0 == "/docs" {
          response.headers["Content-Security-Policy"] = DocsPage.contentSecurityPolicy
        }
        return response
      }
    }
  }
}

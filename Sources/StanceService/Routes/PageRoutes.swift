import HTTPServer
import Telemetry

/// `GET /` and the files that the page is made of.
struct PageRoutes: Sendable {
  /// The one that is served at `/` only: in a folder its addresses would lead nowhere.
  private static let page = "index.html"

  var routes: [Route] {
    let names = PageFiles.all.map(\.name).filter { $0 != Self.page }
    return [
      Route(
        method: "GET", path: "/", summary: "The page",
        description: OpenAPI.plainOperation("the page", "text/html")
      ) { try Self.respond(to: $0, with: Self.page) },
      Route(
        method: "GET", path: "/assets/{file}", summary: "A file of the page",
        description: OpenAPI.fileOperation(names)
      ) { request in
        let name = request.parameters["file"] ?? ""
        return try Self.respond(to: request, with: names.contains(name) ? name : "")
      },
    ]
  }

  private static func respond(
    to request: HTTPRequest, with name: String
  ) throws(Problem) -> HTTPResponse {
    guard let file = PageFiles.all.first(where: { $0.name == name }) else {
      throw Problem(.notFound, "the page has no file of that name")
    }
    let headers: HTTPHeaders = [
      "Content-Type": file.mediaType, "ETag": file.entityTag,
      // Kept, but asked for anew each time: a page of one version never runs with files of another.
      "Cache-Control": "no-cache",
      // With 304 too: a browser takes the fields of that answer over those it has kept.
      "Content-Security-Policy": SecurityHeaders.pagePolicy,
    ]
    if request.headers.hasVersion(file.entityTag) {
      return HTTPResponse(status: 304, headers: headers)
    }
    return HTTPResponse(headers: headers, content: .bytes(file.bytes))
  }
}

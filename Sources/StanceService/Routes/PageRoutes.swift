import HTTPServer

/// `GET /` and the files that the page is made of.
struct PageRoutes: Sendable {
  var routes: [Route] {
    PageFiles.all.map { file in
      Route(
        method: "GET", path: file.name == "index.html" ? "/" : "/" + file.name,
        summary: file.name == "index.html" ? "The page" : "A file of the page: \(file.name)",
        description: OpenAPI.plainOperation("the file", Self.mediaType(of: file.name)),
        respond: { Self.respond(to: $0, with: file) })
    }
  }

  private static func respond(
    to request: HTTPRequest, with file: PageFiles.File
  ) -> HTTPResponse {
    var headers: HTTPHeaders = [
      "Content-Type": mediaType(of: file.name), "ETag": file.entityTag,
      // Kept, but asked for anew each time: a page of one version never runs with files of another.
      "Cache-Control": "no-cache",
    ]
    let known = request.headers["If-None-Match"] ?? ""
    if known == "*" || known.contains(file.entityTag) {
      return HTTPResponse(status: 304, headers: headers)
    }
    headers["Content-Security-Policy"] = SecurityHeaders.pagePolicy
    return HTTPResponse(headers: headers, content: .bytes(file.bytes))
  }

  private static func mediaType(of name: String) -> String {
    let types = [
      "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
      "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
      "json": "application/json", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg",
      "webp": "image/webp", "ico": "image/x-icon", "woff2": "font/woff2",
      "webmanifest": "application/manifest+json", "txt": "text/plain; charset=utf-8",
    ]
    return name.split(separator: ".").last.flatMap { types[String($0)] }
      ?? "application/octet-stream"
  }
}

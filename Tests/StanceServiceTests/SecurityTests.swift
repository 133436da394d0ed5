import Files
import Images
import Options
import TestSupport
import Testing

@testable import StanceService

@Suite("Keys, origins and header fields")
struct SecurityTests {
  @Test("with keys only who shows one is served, and the rest stays open")
  func keys() async throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/keys"
    try Files.write(Array("# ours\nalpha-key # laptop\n\n  beta-key  \r\n".utf8), to: file)
    var configuration = ServiceConfiguration()
    configuration.server.apiKeys = file
    let service = try await TestService(configuration)
    let photo = try FakeFinder.photo(people: 1)
    for key in ["alpha-key", "beta-key"] {
      for scheme in ["Bearer", "bearer"] {
        let request = TestRequest.photo(photo, [("Authorization", "\(scheme) \(key)")])
        #expect(try await service.send(request).status == 200)
      }
    }
    for field in [
      "", "Bearer", "Bearer alpha-ke", "Bearer alpha-keys", "Basic alpha-key", "Bearer # ours",
      "Bearer alpha-key#laptop",
    ] {
      let answer = try await service.send(.photo(photo, [("Authorization", field)]))
      #expect(answer.status == 401, "\(field)")
      #expect(try answer.code == "unauthorized")
      #expect(answer["www-authenticate"] == "Bearer")
    }
    #expect(try await service.get("/metrics").status == 401)
    let form = try await service.send(.form([("image", "a", photo)], to: "/pose"))
    #expect(form.status == 401)
    #expect(try form.object.keys.sorted() == ["error"])
    for path in ["/", "/healthz", "/readyz", "/version", "/openapi.json", "/docs"] {
      #expect([200, 503].contains(try await service.get(path).status), "\(path)")
    }
    try await service.stop()
  }

  @Test("a file without a key, no file, or half of TLS starts nothing")
  func refusals() async throws {
    let folder = try TemporaryFolder()
    try Files.write(Array("# none\n\n".utf8), to: folder.path + "/keys")
    var configurations = [ServiceConfiguration](repeating: ServiceConfiguration(), count: 3)
    configurations[0].server.apiKeys = folder.path + "/keys"
    configurations[1].server.apiKeys = folder.path + "/nothing"
    configurations[2].server.tlsKey = folder.path + "/keys"
    for configuration in configurations {
      await #expect(throws: (any Error).self) { try await TestService(configuration) }
    }
  }

  @Test("a key with a space is refused at the start, by its line, without showing it")
  func keyWithSpace() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/keys"
    try Files.write(Array("# ours\nalpha\nbeta key\n".utf8), to: file)
    #expect(throws: ServiceError("\(file): line 3 has a space within its key")) {
      try APIKeys(contentsOf: file)
    }
  }

  @Test(
    "what is no origin is wrong usage",
    arguments: [
      "foo", "*", "https://a.example/", "https://A.example", "a.example", "https://",
      "https://a.example:443", "http://[::1]:80",
    ])
  func noOrigin(text: String) throws {
    #expect(throws: UsageError.self) { try CrossOrigin(origins: [text]) }
    _ = try CrossOrigin(origins: ["https://a.example", "http://localhost:8080", "http://[::1]:443"])
  }

  @Test("no other origin may read anything by default")
  func noCrossOrigin() async throws {
    let service = try await TestService()
    let answer = try await service.get("/healthz", [("Origin", "https://a.example")])
    #expect(answer["access-control-allow-origin"] == nil)
    #expect(answer["cross-origin-resource-policy"] == "same-origin")
    let preflight = try await service.send(
      TestRequest(
        method: "OPTIONS", target: "/v1/pose",
        headers: [("Origin", "https://a.example"), ("Access-Control-Request-Method", "POST")]))
    #expect(preflight.status == 405 && preflight["access-control-allow-origin"] == nil)
    try await service.stop()
  }

  @Test("an origin that is named may, others still may not")
  func crossOrigin() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.corsOrigins = ["https://a.example"]
    let service = try await TestService(configuration)
    for (origin, isAllowed) in [("https://a.example", true), ("https://b.example", false)] {
      let answer = try await service.send(
        .photo(try FakeFinder.photo(people: 1), [("Origin", origin)]))
      #expect(answer.status == 200 && answer["vary"] == "Origin")
      #expect(answer["access-control-allow-origin"] == (isAllowed ? origin : nil))
      let exposed = answer["access-control-expose-headers"] ?? ""
      for field in ["Stance-Model", "Stance-Search", "Stance-People", "Server-Timing"] {
        #expect(exposed.contains(field) == isAllowed, "\(field)")
      }
      let preflight = try await service.send(
        TestRequest(
          method: "OPTIONS", target: "/v1/pose",
          headers: [("Origin", origin), ("Access-Control-Request-Method", "POST")]))
      #expect(preflight.status == (isAllowed ? 204 : 405))
      #expect((preflight["access-control-allow-methods"] != nil) == isAllowed)
    }
    try await service.stop()
  }

  @Test("every answer has the security fields; the page allows own files only")
  func headers() async throws {
    let service = try await TestService()
    for path in ["/", "/healthz", "/nothing", "/docs", "/openapi.json"] {
      let answer = try await service.get(path)
      #expect(answer["x-content-type-options"] == "nosniff", "\(path)")
      #expect(answer["referrer-policy"] == "no-referrer", "\(path)")
      let policy = answer["content-security-policy"] ?? ""
      #expect(policy.contains("default-src 'none'"), "\(path)")
      #expect(!policy.contains("unsafe") && !policy.contains("http"), "\(path)")
    }
    try await service.stop()
  }

  @Test("the page's files are asked for anew, and not sent again while they are the same")
  func pageCaching() async throws {
    let service = try await TestService()
    let page = try await service.get("/")
    #expect(page.status == 200 && page["content-type"] == "text/html; charset=utf-8")
    #expect(page["cache-control"] == "no-cache" && !page.body.isEmpty)
    let tag = try #require(page["etag"])
    let again = try await service.get("/", [("If-None-Match", tag)])
    // A browser takes the fields of a 304 over those it has kept: a stricter policy would block the page's files.
    #expect(again["content-security-policy"] == page["content-security-policy"])
    #expect(again.status == 304 && again.body.isEmpty && again["etag"] == tag)
    #expect(try await service.get("/", [("If-None-Match", "\"other\"")]).status == 200)
    let named = page.text.matches(of: /(?:href|src)="(assets\/[^"]+)"/).map {
      "/" + String($0.output.1)
    }
    #expect(!named.isEmpty)
    for path in named {
      let file = try await service.get(path)
      #expect(file.status == 200 && !file.body.isEmpty, "\(path)")
      #expect(
        file["content-type"]?.hasPrefix(path.hasSuffix(".js") ? "text/javascript" : "") == true)
    }
    for path in ["/assets/nothing.js", "/assets/..%2Findex.html", "/assets/", "/assets/index.html"]
    {
      #expect(try await service.get(path).status == 404, "\(path)")
    }
    let head = try await service.send(TestRequest(method: "HEAD", target: "/"))
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head["content-length"] == "\(page.body.count)")
    try await service.stop()
  }

  @Test("keys compare as wholes")
  func comparison() {
    let keys = APIKeys(["alpha", "beta"])
    #expect(keys.matches("alpha") && keys.matches("beta"))
    for wrong in ["", "alph", "alphaa", "Alpha", "alphabeta"] { #expect(!keys.matches(wrong)) }
  }
}

@Suite("Accept")
struct AcceptanceTests {
  private let forms: [AnswerForm] = [.json, .picture(.jpeg), .picture(.png)]

  @Test(
    "the most liked form is taken, among equals the route's own order",
    arguments: [
      (nil, AnswerForm.json), ("*/*", .json), ("image/*", .picture(.jpeg)),
      ("image/png", .picture(.png)), ("IMAGE/PNG ; q=1", .picture(.png)),
      ("*/*;q=0.1, image/png;q=0.2", .picture(.png)),
      ("image/jpeg;q=0, image/*", .picture(.png)), ("image/png, application/json", .json),
      ("text/html, */*;q=0.1", .json),
    ] as [(String?, AnswerForm)])
  func best(field: String?, form: AnswerForm) {
    #expect(Acceptance(field).best(of: forms) == form)
  }

  @Test(
    "none is taken when none is accepted", arguments: ["text/html", "", "image", "*/*;q=0", ";,/"])
  func none(field: String) {
    #expect(Acceptance(field).best(of: forms) == nil)
  }
}

@Suite("Base64")
struct Base64Tests {
  @Test(
    "the examples of RFC 4648 come out",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func examples(text: String, encoded: String) {
    #expect(String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == encoded)
  }
}

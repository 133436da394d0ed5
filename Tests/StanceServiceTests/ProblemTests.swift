import Foundation
import Images
import Inference
import Stance
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import StanceService

@Suite("Failures", .timeLimit(.minutes(5)))
struct ProblemTests {
  private func check(
    _ answer: TestAnswer, _ status: Int, _ code: String, says words: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(answer.status == status, sourceLocation: sourceLocation)
    #expect(answer["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
    let object = try answer.object
    #expect(object["code"] as? String == code, sourceLocation: sourceLocation)
    #expect(object["status"] as? Int == status, sourceLocation: sourceLocation)
    let detail = try #require(object["detail"] as? String, sourceLocation: sourceLocation)
    #expect(detail.contains(words) || words.isEmpty, sourceLocation: sourceLocation)
  }

  @Test("a machine that has nothing left for a decoder is busy, and the picture not blamed")
  func noResources() {
    let problem = Problem(describing: ImageError(.noResources, "GIF could not be decoded now"))
    #expect(problem.code == .overloaded && problem.headers.contains { $0 == ("Retry-After", "1") })
  }

  @Test(
    "a wrong parameter is named, with what was wanted",
    arguments: [
      ("maxPeople=0", "maxPeople: 0 is not from 1 to 100"),
      ("maxPeople=abc&maxPeople=2", "maxPeople takes one value, not 2"),
      (
        "region=1,2,3,4&region=1,2,3",
        "region: \"1,2,3\" is not a rectangle: x,y,width,height in pixels, such as 100,50,300,400"
      ),
      (
        "region=1,2,-3,4",
        "region: \"1,2,-3,4\" is not a rectangle: x,y,width,height in pixels, such as 100,50,300,400"
      ),
      ("complexity=3", "complexity: \"3\" is not one of 0, 1, 2"),
      ("minDetectionConfidence=nan", "minDetectionConfidence"), ("jointColor=redd", "jointColor"),
      ("max-people=2", "there is no parameter \"max-people\""), ("person=1", "output=mask"),
      (Array(repeating: "region=1,2,3,4", count: 17).joined(separator: "&"), "at most 16"),
      ("output=gif", "output"), ("segmentation=", "segmentation"),
    ])
  func badParameter(query: String, words: String) async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    let answer = try await service.send(.photo(photo, to: "/v1/pose?" + query))
    try check(answer, 400, "bad_parameter", says: words)
    try await service.stop()
  }

  @Test("what is no picture, empty, cut off or of an unknown kind is told apart")
  func unreadable() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    try check(try await service.send(.photo([])), 422, "unreadable_image", says: "no bytes")
    try check(try await service.send(.photo(Array("hello".utf8))), 422, "unreadable_image")
    try check(
      try await service.send(.photo(Array(photo.dropLast(20)))), 422, "unreadable_image")
    try check(
      try await service.send(.photo(Array("%PDF-1.4".utf8))), 415, "unsupported_media")
    var text = TestRequest.photo(photo)
    text.headers = [("Content-Type", "text/plain")]
    try check(try await service.send(text), 415, "unsupported_media", says: "multipart/form-data")
    try await service.stop()
  }

  @Test("what curl calls a form is told by its content like any picture")
  func urlEncoded() async throws {
    let service = try await TestService()
    for (content, status, code) in [
      ("", 422, "unreadable_image"), ("image=a.jpg", 422, "unreadable_image"),
      ("%PDF-1.4", 415, "unsupported_media"),
    ] {
      for type in ["application/x-www-form-urlencoded", "image/jpeg"] {
        var request = TestRequest.photo(Array(content.utf8))
        request.headers = [("Content-Type", type)]
        try check(try await service.send(request), status, code)
      }
    }
    try await service.stop()
  }

  @Test("too many bytes are refused, announced or not, and too many pixels too")
  func tooLarge() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.maxBody = 20_000
    configuration.server.maxMegapixels = 1
    let service = try await TestService(configuration)
    var request = TestRequest.photo([UInt8](repeating: 1, count: 20_001))
    try check(try await service.send(request), 413, "image_too_large", says: "20001")
    request.isChunked = true
    try check(try await service.send(request), 413, "image_too_large", says: "20000")
    try check(
      try await service.send(
        .form([("image", "a", [UInt8](repeating: 1, count: 21_000))], to: "/v1/pose")),
      413, "image_too_large")
    let size = ImageSize(width: 1200, height: 1000)
    let wide = Image(size: size, bgrx: [UInt8](repeating: 0, count: 4 * size.pixelCount))
    let png = try ImageEncoder.encode(wide, as: .png)
    #expect(png.count < 20_000)
    try check(try await service.send(.photo(png)), 413, "image_too_large", says: "1200x1000")
    try await service.stop()
  }

  @Test("a form without a picture, and one that is none, are told apart")
  func forms() async throws {
    let service = try await TestService()
    try check(
      try await service.send(.form([("photo", "a.png", [1])], to: "/v1/pose")), 400,
      "missing_image", says: "image")
    try check(
      try await service.send(.form([("image", "", [])], to: "/v1/pose")), 400, "missing_image")
    var torn = TestRequest.form([("image", "a.png", [1])], to: "/v1/pose")
    torn.body = torn.body.map { Array($0.dropLast(9)) }
    try check(try await service.send(torn), 400, "malformed_request")
    let many = (0..<65).map { ("note\($0)", String?.none, [UInt8(65)]) }
    try check(try await service.send(.form(many, to: "/v1/pose")), 413, "image_too_large")
    try await service.stop()
  }

  @Test("unknown paths and methods are problems, and Allow says what there is")
  func routing() async throws {
    let service = try await TestService()
    try check(try await service.get("/nothing"), 404, "not_found")
    try check(try await service.get("/v1/pose/"), 404, "not_found")
    try check(try await service.get("/%zz"), 400, "malformed_request")
    let answer = try await service.get("/v1/pose")
    try check(answer, 405, "method_not_allowed", says: "POST")
    #expect(answer["allow"] == "POST")
    try check(
      try await service.send(TestRequest(method: "DELETE", target: "/healthz")), 405,
      "method_not_allowed")
    try await service.stop()
  }

  @Test(
    "what is no request at all is a problem too, counted and logged under the caller's trace id")
  func refused() async throws {
    let lines = Mutex<[String]>([])
    let log = Log(.json) { line in lines.withLock { $0.append(line) } }
    let service = try await TestService(log: log)
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    var request = TestRequest(
      target: "/healthz", headers: [("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
    request.headers.append(("Transfer-Encoding", "gzip"))
    let ambiguous = try await service.send(request)
    try check(ambiguous, 400, "malformed_request", says: "HTTP/1.1")
    #expect(ambiguous["x-request-id"] == trace && ambiguous["x-content-type-options"] == "nosniff")
    request.headers = [("X", String(repeating: "a", count: 20_000))]
    let large = try await service.send(request)
    try check(large, 431, "head_too_large")
    #expect(large["x-request-id"]?.count == 32)
    #expect(Problem(refusing: 408).code == .requestTimeout)
    let numbers = try await service.get("/metrics").text
    for (status, code) in [(400, "malformed_request"), (431, "head_too_large")] {
      #expect(numbers.contains("stance_problems_total{code=\"\(code)\"} 1\n"))
      #expect(numbers.contains("{route=\"other\",method=\"GET\",status=\"\(status)\"} 1\n"))
    }
    try await service.stop()
    log.flush()
    let line = try #require(lines.withLock { $0.first { $0.contains(trace) } })
    #expect(line.contains("\"status\":400") && line.contains("malformed_request"))
  }

  @Test("a connection too many is told so as a problem, and counted")
  func tooManyConnections() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.maxConnections = 1
    let gate = TestGate()
    let finder = FakeFinder { _, options in if options.maxPeople == 3 { await gate.pass() } }
    let service = try await TestService(configuration, finder: finder)
    let photo = try FakeFinder.photo(people: 1)
    async let first = service.send(.photo(photo, to: "/v1/pose?maxPeople=3"))
    try await gate.wait(forCalls: 1)
    var surplus = TestRequest()
    surplus.sentShare = 0
    let answer = try await service.send(surplus)
    try check(answer, 503, "overloaded", says: "connections")
    #expect(answer["retry-after"] == "1")
    gate.open()
    #expect(try await first.status == 200)
    // Until the server has seen the first connection end, this one is too many as well.
    var metrics = try await service.get("/metrics")
    while metrics.status == 503 {
      try await Task.sleep(for: .milliseconds(5))
      metrics = try await service.get("/metrics")
    }
    let numbers = metrics.text
    #expect(numbers.contains("{route=\"other\",method=\"other\",status=\"503\"}"))
    try await service.stop()
  }

  @Test("a form that the client does not accept, or that can't show several pictures, is 406")
  func notAcceptable() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    try check(
      try await service.send(.photo(photo, [("Accept", "text/plain, image/png;q=0")])), 406,
      "not_acceptable", says: "image/png")
    for target in ["/v1/pose?output=png", "/v1/pose?output=mask"] {
      try check(
        try await service.send(.form([("image", "a", photo), ("image", "b", photo)], to: target)),
        406, "not_acceptable", says: "application/json")
    }
    try await service.stop()
  }

  @Test("a model that is missing is told without naming a folder, other failures without words")
  func inside() async throws {
    struct Secret: Error {}
    let finder = FakeFinder { _, options in
      if options.maxPeople == 7 { throw Secret() }
      throw InferenceError(.missingModel, "no file in /srv/models")
    }
    let service = try await TestService(finder: finder)
    let photo = try FakeFinder.photo(people: 1)
    let missing = try await service.send(.photo(photo, to: "/v1/pose?complexity=0"))
    try check(missing, 400, "bad_parameter", says: "not installed")
    #expect(!missing.text.contains("/srv"))
    let secret = try await service.send(.photo(photo, to: "/v1/pose?maxPeople=7"))
    try check(secret, 500, "internal")
    #expect(!secret.text.contains("Secret"))
    try await service.stop()
  }

  @Test("work that takes too long is 504, and its engine serves others afterwards")
  func timeout() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.requestTime = .milliseconds(500)
    configuration.server.cacheSize = 0
    let gate = TestGate()
    let finder = FakeFinder(engineCount: 1) { _, options in
      if options.maxPeople == 9 { await gate.pass() }
    }
    let service = try await TestService(configuration, finder: finder)
    try await service.waitUntilReady()
    let photo = try FakeFinder.photo(people: 1)
    try check(
      try await service.send(.photo(photo, to: "/v1/pose?maxPeople=9")), 504, "timeout")
    gate.open()
    // Also where a busy machine takes longer than that.
    var status = 504
    while status == 504 { status = try await service.send(.photo(photo)).status }
    #expect(status == 200)
    try await service.stop()
  }

  @Test("the photos of a form have one deadline together")
  func formTimeout() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.requestTime = .milliseconds(300)
    // Two at a time: 500 ms at least for all, 50 for each.
    let finder = FakeFinder { _, _ in try await Task.sleep(for: .milliseconds(50)) }
    let service = try await TestService(configuration, finder: finder)
    try await service.waitUntilReady()
    let parts = try (0..<20).map {
      ("image", String?.some("a.png"), try FakeFinder.photo(people: 1, shade: UInt8($0)))
    }
    try check(try await service.send(.form(parts, to: "/v1/pose")), 504, "timeout")
    try await service.stop()
  }

  @Test("a body that stops coming is 408, and one whose client has left is nobody's")
  func slowBody() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.bodyTime = .milliseconds(100)
    let service = try await TestService(configuration)
    var request = TestRequest.photo([UInt8](repeating: 1, count: 100))
    request.sentShare = 0.9
    try check(try await service.send(request), 408, "request_timeout")
    request.leavesEarly = true
    await #expect(throws: TestFailure.self) { try await service.send(request) }
    #expect(try await service.get("/healthz").status == 200)
    let lines = try await service.get("/metrics").text
    #expect(!lines.contains("status=\"500\""))
    try await service.stop()
  }
}

import Foundation
import Images
import PoseRendering
import StanceService
import TestSupport
import Testing

@Suite("POST /pose and POST /, as the tutorial answers")
struct TutorialTests {
  @Test(
    "a person is drawn into a data URL, byte for byte in the tutorial's HTML",
    arguments: ["/pose", "/"])
  func html(path: String) async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    let answer = try await service.send(.form([("image", "a.png", photo)], to: path))
    #expect(answer.status == 200)
    #expect(answer["content-type"] == "text/html; charset=utf-8")
    let head = "<img src=\"data:image/jpeg;base64,"
    let tail = "\" style=\"max-width:100%;\"/>"
    #expect(answer.text.hasPrefix(head) && answer.text.hasSuffix(tail))
    let base64 = String(answer.text.dropFirst(head.count).dropLast(tail.count))
    let jpeg = try #require(Data(base64Encoded: base64))
    #expect(try EncodedImage(Array(jpeg)).format == .jpeg)
    // The browser lets the attribute work.
    #expect(answer["content-security-policy"]?.contains("style-src 'unsafe-inline'") == true)
    try await service.stop()
  }

  @Test("guessed joints are drawn like the others, as MediaPipe draws them; /v1 tells them apart")
  func guessed() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    func drawing(_ target: String) async throws -> [UInt8] {
      var request = TestRequest.form([("image", "a.png", photo)], to: target)
      request.headers.append(("Accept", "image/png"))
      return try await service.send(request).body
    }
    let tutorial = try await drawing("/pose")
    #expect(try await tutorial == drawing("/v1/pose?guessed=plain"))
    #expect(try await tutorial != drawing("/v1/pose"))
    #expect(try await drawing("/pose?guessed=hollow") == drawing("/v1/pose"))
    try await service.stop()
    var configuration = ServiceConfiguration()
    (configuration.style.guessed, configuration.style.minVisibility) = (.hidden, 0.1)
    configuration.tutorialStyle = configuration.style
    let configured = try await TestService(configuration)
    var request = TestRequest.form([("image", "a.png", photo)], to: "/pose")
    request.headers.append(("Accept", "image/png"))
    let asConfigured = try await configured.send(request).body
    request.target = "/v1/pose"
    #expect(try await asConfigured == configured.send(request).body)
    #expect(asConfigured != tutorial)
    try await configured.stop()
  }

  @Test("other fields of the form are ignored, as Flask ignores them")
  func otherFields() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    let answer = try await service.send(
      .form(
        [
          ("csrf", nil, [UInt8](repeating: 0xFF, count: 1 << 16)), ("image", "a.png", photo),
          ("more", "b.png", photo),
        ],
        to: "/pose"))
    #expect(answer.status == 200)
    try await service.stop()
  }

  @Test("no file and nobody found have the tutorial's own words", arguments: ["/pose", "/"])
  func messages(path: String) async throws {
    let service = try await TestService()
    let requests = [
      TestRequest.form([("photo", "a.png", [1])], to: path),
      .form([("image", "", [])], to: path), TestRequest(method: "POST", target: path, body: []),
      TestRequest(method: "POST", target: path),
      Self.body("image=a.png", "application/x-www-form-urlencoded", to: path),
      Self.body("{\"image\":\"a.png\"}", "application/json", to: path),
      Self.body("a.png", "text/plain", to: path),
    ]
    for request in requests {
      let answer = try await service.send(request)
      #expect(answer.status == 400)
      #expect(answer.text == "{\"error\":\"未上传文件\"}")
      #expect(answer["content-type"] == "application/json")
    }
    let nobody = try await service.send(
      .form([("image", "a.png", try FakeFinder.photo(people: 0))], to: path))
    #expect(nobody.status == 400)
    #expect(nobody.text == "{\"message\":\"未检测到人体\"}")
    try await service.stop()
  }

  private static func body(_ text: String, _ type: String, to path: String) -> TestRequest {
    TestRequest(
      method: "POST", target: path, headers: [("Content-Type", type)], body: Array(text.utf8))
  }

  @Test("a photo as the body is taken, also when curl calls it a form")
  func rawPhoto() async throws {
    let service = try await TestService()
    var request = TestRequest.photo(try FakeFinder.photo(people: 1), to: "/pose")
    request.headers = [("Content-Type", "application/x-www-form-urlencoded")]
    #expect(try await service.send(request).status == 200)
    request.body = Array("%PDF-1.4\n%".utf8) + [0xE2, 0xE3]
    #expect(try await service.send(request).status == 415)
    try await service.stop()
  }

  @Test("other failures have /v1's status and an error text")
  func failures() async throws {
    let service = try await TestService()
    let broken = try await service.send(
      .form([("image", "a.png", Array("text".utf8))], to: "/pose"))
    #expect(broken.status == 422)
    #expect(try broken.object.keys.sorted() == ["error"])
    try await service.stop()
  }

  @Test("Accept gives JSON or the picture itself")
  func accept() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    for type in ["application/json", "image/png"] {
      var request = TestRequest.form([("image", "a.png", photo)], to: "/pose")
      request.headers.append(("Accept", type))
      #expect(try await service.send(request)["content-type"] == type)
    }
    var browser = TestRequest.form([("image", "a.png", photo)], to: "/pose")
    browser.headers.append(
      ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"))
    #expect(try await service.send(browser)["content-type"] == "text/html; charset=utf-8")
    try await service.stop()
  }
}

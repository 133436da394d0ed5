import Foundation
import StanceService
import Testing

/// What real clients send: each shape over a live port.
@Suite("A request as clients really write it")
struct FormTests {
  private static func withService(_ body: (TestService) async throws -> Void) async throws {
    let service = try await TestService()
    try await body(service)
    try await service.stop()
  }

  /// A form of one file, of which everything is chosen.
  private static func form(
    disposition: [UInt8], lineEnd: String = "\r\n",
    type: String = "multipart/form-data; boundary=B",
    _ photo: [UInt8], to target: String = "/v1/pose"
  ) -> TestRequest {
    let end = Array(lineEnd.utf8)
    var body = Array("--B".utf8) + end + Array("Content-Disposition: form-data; ".utf8)
    body += disposition + end + Array("Content-Type: image/png".utf8) + end + end
    body += photo + end + Array("--B--".utf8) + end
    return TestRequest(
      method: "POST", target: target, headers: [("Content-Type", type)], body: body)
  }

  private static let usual = Array(#"name="image"; filename="a.png""#.utf8)

  private func check(
    _ answer: TestAnswer, _ status: Int, _ code: String, says words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(answer.status == status, sourceLocation: sourceLocation)
    #expect(try answer.code == code, sourceLocation: sourceLocation)
    let detail = try answer.object["detail"] as? String ?? ""
    for word in words {
      #expect(detail.contains(word), "\(detail)", sourceLocation: sourceLocation)
    }
  }

  @Test("with lines that end with LF alone is answered", arguments: ["/v1/pose", "/pose"])
  func lineFeeds(path: String) async throws {
    try await Self.withService { service in
      let photo = try FakeFinder.photo(people: 1)
      let request = Self.form(disposition: Self.usual, lineEnd: "\n", photo, to: path)
      #expect(try await service.send(request)["stance-people"] == "1")
    }
  }

  @Test("with a file's name in GBK, or with quotes in it, is answered")
  func names() async throws {
    try await Self.withService { service in
      let photo = try FakeFinder.photo(people: 1)
      let start = Array(#"name="image"; filename=""#.utf8)
      for name: [UInt8] in [
        [0xD5, 0xD5, 0xC6, 0xAC] + Array(".png".utf8), [0xD4, 0x53, 0x5C],
        Array(#"my "best".png"#.utf8), Array(#"a"; name="b.png"#.utf8),
      ] {
        for path in ["/v1/pose", "/pose"] {
          let request = Self.form(disposition: start + name + Array("\"".utf8), photo, to: path)
          #expect(try await service.send(request)["stance-people"] == "1")
        }
      }
    }
  }

  @Test("as multipart without a boundary is told what to leave to the library")
  func boundary() async throws {
    try await Self.withService { service in
      let photo = try FakeFinder.photo(people: 1)
      let bare = Self.form(disposition: Self.usual, type: "multipart/form-data", photo)
      try check(
        try await service.send(bare), 400, "malformed_request", says: "boundary", "library")
      let other = Self.form(
        disposition: Self.usual, type: "multipart/form-data; boundary=C", photo)
      try check(
        try await service.send(other), 400, "malformed_request", says: "another boundary")
      let disguised = Self.form(disposition: Self.usual, type: "application/octet-stream", photo)
      try check(
        try await service.send(disguised), 422, "unreadable_image", says: "form", "Content-Type")
    }
  }

  @Test("with a file in another field is told the names that are there")
  func otherField() async throws {
    try await Self.withService { service in
      let photo = try FakeFinder.photo(people: 1)
      let wrong = TestRequest.form(
        [("file", "a.png", photo), ("note", nil, [65]), ("file", "b.png", photo)], to: "/v1/pose")
      try check(
        try await service.send(wrong), 400, "missing_image",
        says: "\"file\", \"note\";", "-F image=@")
      let both = TestRequest.form(
        [("image", "a.png", photo), ("second", "b.png", photo)], to: "/v1/pose")
      try check(
        try await service.send(both), 400, "bad_parameter", says: "\"second\"", "\"image\"")
      try check(
        try await service.send(.form([], to: "/v1/pose")), 400, "missing_image", says: "no field")
      let unchosen = TestRequest.form([("image", "", [])], to: "/v1/pose")
      try check(
        try await service.send(unchosen), 400, "missing_image", says: "no file was chosen")
      let many = (0..<20).map { (String(repeating: "\($0)", count: 200), String?.some("a"), photo) }
      let answer = try await service.send(.form(many, to: "/v1/pose"))
      try check(answer, 400, "missing_image", says: "…", "and others")
      #expect(answer.body.count < 1000)
    }
  }

  @Test("with the picture as a long text in another field is told the field, not its length")
  func textField() async throws {
    try await Self.withService { service in
      let text = Array(String(repeating: "iVBORw0KGgo", count: 100).utf8)
      try check(
        try await service.send(.form([("picture", nil, text)], to: "/v1/pose")), 400,
        "missing_image", says: "\"picture\"")
    }
  }

  @Test("with a Content-Encoding is 415, but for identity", arguments: ["/v1/pose", "/pose"])
  func encoding(path: String) async throws {
    try await Self.withService { service in
      let photo = try FakeFinder.photo(people: 1)
      for encoding in ["gzip", "identity, br", "Deflate"] {
        let answer = try await service.send(
          .photo(photo, to: path, [("Content-Encoding", encoding)]))
        #expect(answer.status == 415 && answer["accept-encoding"] == "identity")
        #expect(answer.text.contains("Content-Encoding") && answer.text.contains("uncompressed"))
      }
      for encoding in ["identity", "Identity", ""] {
        let answer = try await service.send(
          .photo(photo, to: path, [("Content-Encoding", encoding)]))
        #expect(answer.status == 200)
      }
    }
  }

  @Test(
    "with a picture wrapped in text is told what came and what to send",
    arguments: [
      ("data:image/png;base64,iVBORw0KGgo=", "a data URL"), ("/9j/4AAQSkZJRg==", "base64"),
      ("iVBORw0KGgoAAAANSUhEUg==", "base64"), (" {\"image\": \"/9j/4AAQ\"}", "JSON"),
      ("[\"/9j/\"]", "JSON"), ("image=data%3Aimage%2Fpng%3Bbase64", "a form without files"),
    ])
  func wrapped(text: String, what: String) async throws {
    try await Self.withService { service in
      let bytes = Array(text.utf8)
      for type in ["image/png", "application/octet-stream", "application/x-www-form-urlencoded"] {
        var request = TestRequest.photo(bytes)
        request.headers = [("Content-Type", type)]
        try check(
          try await service.send(request), 422, "unreadable_image", says: what,
          "curl --data-binary @photo.jpg")
      }
      let field = TestRequest.form([("image", nil, bytes)], to: "/v1/pose")
      try check(try await service.send(field), 422, "unreadable_image", says: what)
      let photo = try FakeFinder.photo(people: 1)
      let two = TestRequest.form([("image", "a", photo), ("image", "b", bytes)], to: "/v1/pose")
      let answer = try await service.send(two)
      #expect(answer.status == 200 && answer.text.contains(what))
    }
  }

  @Test("with a picture inside JSON is told how pictures are sent")
  func json() async throws {
    try await Self.withService { service in
      for type in ["application/json", "application/vnd.api+json; charset=utf-8"] {
        var request = TestRequest.photo(Array(#"{"image":"data:image/png;base64,iVBO"}"#.utf8))
        request.headers = [("Content-Type", type)]
        try check(
          try await service.send(request), 415, "unsupported_media", says: "base64",
          "curl -F image=@photo.jpg")
      }
    }
  }
}

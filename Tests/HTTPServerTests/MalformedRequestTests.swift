import HTTPServer
import Testing

@Suite("A malformed request", .timeLimit(.minutes(5)))
struct MalformedRequestTests {
  @Test(
    "in which two servers could see two requests is refused",
    arguments: [
      ["Content-Length: 5", "Transfer-Encoding: chunked"],
      ["Transfer-Encoding: chunked", "Content-Length: 5"],
      ["Content-Length: 5", "Content-Length: 4"], ["Content-Length: 5", "Content-Length: 5"],
      ["Content-Length: -5"], ["Content-Length: 99999999999999999999"], ["Content-Length: 5 5"],
      ["Content-Length: 5, 5"], ["Content-Length: +5"], ["Content-Length: 0x5"],
      ["Transfer-Encoding: gzip, chunked"], ["Transfer-Encoding: gzip"],
      ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
      ["Transfer-Encoding: chunked, chunked"], ["Transfer-Encoding: xchunked"],
      ["Transfer-Encoding : chunked"], ["Transfer-Encoding: identity"],
    ])
  func smuggling(fields: [String]) async throws {
    try await TestServer.with { server in
      let request = ["POST /count HTTP/1.1", "Host: x"] + fields + ["", "0", "", "GET / HTTP/1.1"]
      let answers = try await server.answer(to: request.joined(separator: "\r\n"))
      #expect(statuses(answers) == [400])
      #expect(answers.contains("\r\nConnection: close\r\n"))
    }
  }

  @Test(
    "is answered 400",
    arguments: [
      "POST /count HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n", head("GET /", "Host: y"), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n", head("GET /", "A b c: d"),
      head("GET /", "X : a"), head("GET /", "X: \u{1}"), "GET /  HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.1\nHost: x\n\n", " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.1\r\n Host: x\r\n\r\n", "\0", "GET\r\n\r\n",
    ])
  func malformed(request: String) async throws {
    try await TestServer.with { server in
      let answers = try await server.answer(to: request + "\r\n\r\n")
      #expect(statuses(answers) == [400])
    }
  }

  @Test(
    "with chunks that make no sense is answered 400",
    arguments: [
      "zz\r\nhello", "-1\r\n", "5\r\nhelloXX0\r\n\r\n", "fffffffffffffffff\r\n", "\r\n\r\n",
    ])
  func chunks(chunk: String) async throws {
    try await TestServer.with { server in
      for path in ["/count", "/pieces"] {
        let request = head("POST \(path)", "Transfer-Encoding: chunked") + chunk
        let answers = try await server.answer(to: request)
        #expect(statuses(answers) == [400])
      }
    }
  }

  @Test(
    "with a head over the limit is answered 431",
    arguments: [
      head("GET /", "X: " + String(repeating: "a", count: 70_000)),
      head("GET /" + String(repeating: "a", count: 70_000)),
      "GET / HTTP/1.1\r\n" + (0..<5000).map { "X\($0): y\r\n" }.joined() + "\r\n",
    ])
  func oversized(request: String) async throws {
    try await TestServer.with { server in
      let answers = try await server.answer(to: request)
      #expect(statuses(answers) == [431])
    }
  }

  @Test("never reaches the handler; who refuses it sees what was read of it, and no body")
  func refused() async throws {
    let handler: HTTPHandler = { _ in
      Issue.record("handled")
      return .text("")
    }
    let refusal: @Sendable (HTTPRequest, Int) async -> HTTPResponse = { request, status in
      await #expect(throws: RequestBodyError.malformed) { try await request.body.collect(upTo: 9) }
      let seen = [request.method, request.path, request.headers["X-Id"] ?? "nothing"]
      return .text(seen.joined(separator: " "), status: status)
    }
    let twice = ["Content-Length: 3", "Content-Length: 4"]
    try await TestServer.with(handler: handler, refusal: refusal) { server in
      for (request, status, text) in [
        (head("POST /a?b", "X-Id: 7", twice[0], twice[1]) + "GET / HTTP/1.1", 400, "POST /a 7"),
        ("GET /a HTTP/1.1\r\nX-Id: 7\r\nA b: c\r\n\r\n", 400, "GET /a 7"),
        (" /\r\n\r\n", 400, "  nothing"),
        (head("GET /", "X: " + String(repeating: "a", count: 70_000)), 431, "GET / nothing"),
      ] {
        let answer = try await server.answer(to: request)
        #expect(statuses(answer) == [status])
        #expect(content(answer) == text)
        #expect(answer.contains("\r\nConnection: close\r\n"))
      }
      // Without content, as HEAD wants it.
      let headless = try await server.answer(to: head("HEAD /", "Host: y"))
      #expect(status(headless) == 400 && content(headless) == "")
    }
  }

  @Test("that ends in the middle is not answered")
  func unfinished() async throws {
    try await TestServer.with { server in
      for request in ["", "G", "GET / HTTP/1.1\r\nHost:", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let client = try RawClient(server)
        try await client.send(request)
        client.endSending()
        let answer = try await client.readAll()
        #expect(answer == "")
      }
    }
  }
}

import HTTPServer
import Testing

@Suite("An exchange", .timeLimit(.minutes(5)))
struct ExchangeTests {
  @Test(
    "is answered by its route",
    arguments: [
      ("GET /", 200, "hello"), ("GET /nope", 404, "404 Not Found\n"),
      ("GET /items/a%2Fb/parts/7", 200, "a/b|7"), ("GET /query?a=1&b=%26+", 200, "a=1|b=& "),
      ("GET http://y/host", 200, "y"), ("GET /%zz", 400, "400 Bad Request\n"),
      ("GET /%00", 400, "400 Bad Request\n"), ("OPTIONS *", 400, "400 Bad Request\n"),
      ("GET /injected", 500, "500 Internal Server Error\n"), ("GET /empty", 204, ""),
    ])
  func routed(line: String, expected: Int, text: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.answer(to: head(line, "Connection: close"))
      #expect(status(answer) == expected)
      #expect(content(answer) == text)
      #expect(answer.contains("\r\nDate: ") && answer.contains("\r\nConnection: close\r\n"))
      #expect(answer.contains("Content-Length") == (expected != 204))
    }
  }

  @Test("by a method that the route does not have says which it has")
  func methods() async throws {
    try await TestServer.with { server in
      let answer = try await server.answer(to: head("DELETE /", "Connection: close"))
      #expect(status(answer) == 405)
      #expect(answer.contains("\r\nAllow: GET, HEAD\r\n"))
    }
  }

  @Test("by HEAD has GET's head and nothing else", arguments: ["/", "/stream"])
  func heads(path: String) async throws {
    try await TestServer.with { server in
      let answer = try await server.answer(to: head("HEAD \(path)", "Connection: close"))
      #expect(status(answer) == 200)
      #expect(answer.hasSuffix("\r\n\r\n"))
      #expect(answer.contains(path == "/" ? "Content-Length: 5" : "Transfer-Encoding: chunked"))
    }
  }

  @Test("of HTTP/1.0 ends with its connection, unless that is to be kept")
  func old() async throws {
    try await TestServer.with { server in
      #expect(try await content(server.answer(to: "GET / HTTP/1.0\r\n\r\n")) == "hello")
      #expect(try await content(server.answer(to: "GET /stream HTTP/1.0\r\n\r\n")) == "0\n1\n2\n")
      let kept = try await server.answer(
        to: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n")
      #expect(statuses(kept) == [200, 200])
      #expect(kept.contains("\r\nConnection: keep-alive\r\n"))
    }
  }

  @Test("streams in chunks, and without the last one when it fails")
  func streams() async throws {
    try await TestServer.with { server in
      let whole = try await server.answer(to: head("GET /stream", "Connection: close"))
      #expect(content(whole) == "2\r\n0\n\r\n2\r\n1\n\r\n2\r\n2\n\r\n0\r\n\r\n")
      let broken = try await server.answer(to: head("GET /broken-stream"))
      #expect(status(broken) == 200)
      #expect(content(broken) == "1\r\nA\r\n")
    }
  }

  @Test("of a large response has every byte of it")
  func large() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server)
      try await client.send(head("GET /large", "Connection: close"))
      let answer = try await client.readBytes()
      #expect(Array(answer.suffix(8 << 20)) == pattern(8 << 20))
    }
  }

  @Test("whose handler throws is answered 500")
  func thrown() async throws {
    struct Fault: Error {}
    let handler: HTTPHandler = { _ in throw Fault() }
    try await TestServer.with(handler: handler) { server in
      let answer = try await server.answer(to: goodbye)
      #expect(status(answer) == 500)
    }
  }
}

private let get = head("GET /")
private let slow = head("GET /slow")
private let post = head("POST /count", "Content-Length: 5") + "abcde"
private let chunked =
  head("POST /count", "Transfer-Encoding: chunked") + "2\r\nab\r\n3;x=y\r\ncde\r\n0\r\n\r\n"
private let unread = head("POST /nope", "Content-Length: 5") + "abcde"
private let ignored = head("POST /ignore", "Content-Length: 3") + "xyz"

@Suite("Pipelined requests", .timeLimit(.minutes(5)))
struct PipeliningTests {
  @Test(
    "are answered one by one in their order",
    arguments: [
      [get, get, get], [get, post], [post, get], [post, post], [slow, get], [slow, post, slow],
      [chunked, get, chunked, post], [unread, get, unread], [ignored, get, post], [get, chunked],
      [String](repeating: post + get + unread, count: 20),
    ])
  func orders(requests: [String]) async throws {
    try await TestServer.with { server in
      let all = requests.joined()
      let answers = try await server.answer(to: all + goodbye)
      let expected = all.split(separator: "Host: x").dropLast().map {
        $0.hasSuffix("POST /nope HTTP/1.1\r\n") ? 404 : 200
      }
      #expect(statuses(answers) == expected + [200])
      #expect(answers.hasSuffix("hello"))
    }
  }

  @Test("may come one byte at a time")
  func trickled() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server)
      for byte in Array((post + chunked + goodbye).utf8) { try await client.send([byte]) }
      #expect(try await statuses(client.readAll()) == [200, 200, 200])
    }
  }

  @Test("by two hundred clients at once are all answered")
  func crowd() async throws {
    try await TestServer.with { server in
      let clients = try (0..<200).map { _ in try RawClient(server) }
      for client in clients { try await client.send(get + goodbye) }
      for client in clients { #expect(try await statuses(client.readAll()) == [200, 200]) }
    }
  }
}

import HTTPServer
import Testing

@Suite("A body", .timeLimit(.minutes(5)))
struct BodyTests {
  @Test("arrives whole in every size", arguments: [0, 1, 4095, 16_384, 65_536, 65_537, 300_000])
  func sizes(size: Int) async throws {
    try await TestServer.with { server in
      let client = try RawClient(server)
      try await client.send(
        head("POST /echo", "Content-Length: \(size)", "Connection: close").utf8 + pattern(size))
      let answer = try await client.readBytes()
      #expect(Array(answer.suffix(size)) == pattern(size))
      #expect(status(String(decoding: answer, as: UTF8.self)) == 200)
    }
  }

  @Test("arrives whole in chunks of every size", arguments: [1, 7, 1000, 70_000])
  func chunks(size: Int) async throws {
    let all = pattern(size < 1000 ? 5000 : 140_000)
    try await TestServer.with { server in
      let client = try RawClient(server)
      var request = Array(
        head("POST /echo", "Transfer-Encoding: chunked", "Connection: close").utf8)
      for start in stride(from: 0, to: all.count, by: size) {
        let chunk = all[start..<min(start + size, all.count)]
        request += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
      }
      try await client.send(request + Array("0\r\n\r\n".utf8))
      #expect(try await Array(client.readBytes().suffix(all.count)) == all)
    }
  }

  @Test("can be answered piece by piece while it comes")
  func piped() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server)
      try await client.send(head("POST /pipe", "Content-Length: 6"))
      _ = try await client.read(until: "\r\n\r\n")
      try await client.send("abc")
      #expect(try await client.read(until: "abc\r\n") == "3\r\nabc\r\n")
      try await client.send("def")
      #expect(try await client.read(until: "0\r\n\r\n") == "3\r\ndef\r\n0\r\n\r\n")
    }
  }

  @Test("is asked for with 100 Continue when somebody wants it")
  func continued() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server)
      try await client.send(head("POST /count", "Expect: 100-continue", "Content-Length: 5"))
      #expect(try await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      try await client.send("hello" + goodbye)
      #expect(try await statuses(client.readAll()) == [200, 200])
    }
  }

  @Test(
    "is not asked for when nobody wants it, or it is too large",
    arguments: [
      ("/ignore", 5, 200), ("/nope", 5, 404), ("/count", 60_000_000, 413), ("/echo", 1 << 62, 413),
    ])
  func notContinued(path: String, length: Int, expected: Int) async throws {
    try await TestServer.with { server in
      let answers = try await server.answer(
        to: head("POST \(path)", "Expect: 100-continue", "Content-Length: \(length)"))
      #expect(statuses(answers) == [expected])
      #expect(answers.contains("\r\nConnection: close\r\n"))
    }
  }

  @Test("over the limit is refused, and the client that goes on sending still reads why")
  func tooLarge() async throws {
    try await TestServer.with { server in
      for field in ["Content-Length: 4000000", "Transfer-Encoding: chunked"] {
        let client = try RawClient(server)
        try await client.send(head("POST /count", field))
        let piece = Array("f4240\r\n".utf8) + pattern(1_000_000) + Array("\r\n".utf8)
        for _ in 0..<4 { try await client.send(piece) }
        #expect(try await statuses(client.readAll()) == [413])
      }
    }
  }

  @Test("that is a form is read in parts")
  func form() async throws {
    try await TestServer.with { server in
      let form = "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1234\r\n--B--\r\n"
      let answer = try await server.answer(
        to: head(
          "POST /form", "Content-Type: multipart/form-data; boundary=B",
          "Content-Length: \(form.utf8.count)", "Connection: close") + form)
      #expect(content(answer) == "a=4")
    }
  }
}

import Glibc
import Testing

@testable import HTTPServer

@Suite("A request's head")
struct RequestTests {
  @Test("has its percent escapes decoded, and broken ones refused")
  func percentDecoding() {
    #expect("a%2Fb%c3%A9".percentDecoded == "a/bé")
    for broken in ["%", "%2", "%zz", "%00", "%ff"] { #expect(broken.percentDecoded == nil) }
  }

  @Test("knows its path and query in both forms")
  func targets() {
    let origin = RequestTarget("/a%20b?x=1&y=a+b%26&x=2&flag&%zz=1")
    #expect(origin.path == "/a%20b")
    #expect(origin.query.map(\.name) == ["x", "y", "x", "flag", "%zz"])
    #expect(origin.query.map(\.value) == ["1", "a b&", "2", "", "1"])
    #expect(origin.authority == nil)
    let absolute = RequestTarget("HTTP://host:80/a?b=c")
    #expect(absolute.path == "/a")
    #expect(absolute.authority == "host:80")
    #expect(absolute.query.map(\.value) == ["c"])
    #expect(RequestTarget("http://host").path == "/")
    #expect(RequestTarget("http://host?a").path == "/")
    #expect(RequestTarget("*").path == "*")
    #expect(RequestTarget("").path == "")
  }

  @Test("finds fields in any case, the first of several")
  func fields() {
    var headers = HTTPHeaders([("Content-Type", "x"), ("content-type", "y")])
    #expect(headers["CONTENT-TYPE"] == "x")
    headers["content-type"] = "z"
    #expect(headers.fields.map(\.value) == ["z"])
    headers["Content-Type"] = nil
    #expect(headers.fields.isEmpty)
  }

  @Test(
    "of a response cannot carry another field or response",
    arguments: [
      ("A", "b\r\nC: d"), ("A\n", "b"), ("A:", "b"), ("", "b"), ("A", "\0"), ("A b", "c"),
    ])
  func injection(name: String, value: String) {
    #expect(!HTTPHeaders([(name, value)]).areSafe)
    #expect(HTTPHeaders([("A", "b c\té")]).areSafe)
  }
}

@Suite("Starting and ending")
struct LifeTests {
  @Test("a name is listened at like the address it stands for")
  func name() async throws {
    try await TestServer.with({ $0.host = "localhost" }) { server in
      let answer = try await server.answer(to: goodbye)
      #expect(answer.hasSuffix("hello"))
    }
  }

  @Test("at a port that is taken says so, in the system's words alone")
  func takenPort() async throws {
    try await TestServer.with { first in
      var configuration = HTTPServer.Configuration()
      configuration.port = first.port
      let error = await #expect(throws: HTTPServer.CannotListen.self) {
        try await HTTPServer(configuration) { _ in .text("") }.run()
      }
      #expect(error?.reason == "Address already in use")
    }
  }

  @Test("at an address of somebody else says why not")
  func cannotStart() async {
    var configuration = HTTPServer.Configuration()
    configuration.host = "203.0.113.1"
    await #expect(throws: HTTPServer.CannotListen.self) {
      try await HTTPServer(configuration) { _ in .text("") }.run()
    }
    for port in [-1, 65536] {
      configuration.port = port
      await #expect(throws: HTTPServer.CannotListen.self) {
        try await HTTPServer(configuration) { _ in .text("") }.run()
      }
    }
  }

  @Test("is possible before it has begun")
  func cancelledAtOnce() async throws {
    let running = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await HTTPServer(.init()) { _ in .text("") }.run()
    }
    #expect(try await running.value == .drained)
  }

  @Test("hears a signal from the moment it listens")
  func signalsArrive() async {
    let stream = signals(SIGUSR1)
    kill(getpid(), SIGUSR1)
    #expect(await stream.first { _ in true } == SIGUSR1)
  }
}

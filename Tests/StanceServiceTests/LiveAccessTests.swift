import Files
import Foundation
import Options
import Stance
import TestSupport
import Testing

@testable import StanceService

@Suite("Who may have a live session", .timeLimit(.minutes(5)))
struct LiveAccessTests {
  private typealias Fields = [(String, String)]

  /// A service with the key "alpha-key".
  private func lockedService(
    _ log: LogLines = LogLines(), _ change: (inout ServerOptions) -> Void = { _ in }
  ) async throws -> TestService {
    let folder = try TemporaryFolder()
    let file = folder.path + "/keys"
    try Files.write(Array("alpha-key\n".utf8), to: file)
    var configuration = ServiceConfiguration()
    configuration.server.apiKeys = file
    change(&configuration.server)
    return try await TestService(configuration, log: log.log)
  }

  private let bearer: Fields = [("Authorization", "Bearer alpha-key")]

  @Test("without an upgrade the path says what it is")
  func noUpgrade() async throws {
    let service = try await TestService()
    let answer = try await service.get("/v1/live")
    #expect(answer.status == 426)
    #expect(try answer.code == "upgrade_required")
    #expect(answer["upgrade"] == "websocket")
    try await service.stop()
  }

  @Test("a query or a subprotocol that is not understood is refused before the upgrade")
  func badRequests() async throws {
    let service = try await TestService()
    for query in [
      "?key=secret", "?people=1", "?maxPeople=0", "?memory=61", "?smoothing=zero-lag",
      "?maxPeople=1&maxPeople=2", "?jointColor=red", "?follow=0",
    ] {
      let client = try await LiveClient(service.port, "/v1/live" + query)
      #expect(client.status == 400, "\(query)")
      #expect(!client.head.contains("secret"))
    }
    let client = try await LiveClient(
      service.port, headers: [("Sec-WebSocket-Protocol", "stance.live.2, stance.key.x")])
    #expect(client.status == 400)
    try await service.stop()
  }

  @Test("a page may come from the address that was asked, or from a named origin")
  func origins() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.corsOrigins = ["https://a.example"]
    let service = try await TestService(configuration)
    let own = "127.0.0.1:\(service.port)"
    for (fields, status): (Fields, Int) in [
      ([], 101), ([("Origin", "http://\(own)")], 101), ([("Origin", "https://\(own)")], 101),
      ([("Origin", "https://a.example")], 101), ([("Origin", "https://b.example")], 403),
      ([("Origin", "null")], 403), ([("Origin", "http://127.0.0.1")], 403),
      ([("Origin", "ftp://\(own)")], 403), ([("Origin", "http://\(own).evil.example")], 403),
    ] {
      let client = try await LiveClient(service.port, headers: fields)
      #expect(client.status == status, "\(fields)")
    }
    try await service.stop()
  }

  @Test(
    "an origin without its scheme's usual port is the host with it",
    arguments: [
      ("http://a.example", "a.example:80", true), ("https://a.example", "a.example:443", true),
      ("https://a.example", "A.example", true), ("http://a.example", "a.example:443", false),
      ("http://", "", false),
    ])
  func usualPorts(origin: String, host: String, isOwn: Bool) async throws {
    var configuration = ServiceConfiguration()
    configuration.server.allowedHosts = ["a.example"]
    let service = try await TestService(configuration)
    // A second Host would be refused, so this one is asked in the absolute form, which stands for the field.
    let target = host.isEmpty ? "/v1/live" : "http://\(host)/v1/live"
    let client = try await LiveClient(service.port, target, headers: [("Origin", origin)])
    #expect(client.status == (isOwn ? 101 : 403))
    try await service.stop()
  }

  @Test(
    "a key in a header field or a subprotocol is judged before the upgrade, and never seen again")
  func keys() async throws {
    let lines = LogLines()
    let service = try await lockedService(lines)
    for (fields, status): (Fields, Int) in [
      (bearer, 101), ([("Authorization", "Bearer wrong-key")], 401),
      ([("Authorization", "Bearer")], 401),
      ([("Sec-WebSocket-Protocol", "stance.live.1, stance.key.alpha-key")], 101),
      (
        [
          ("Sec-WebSocket-Protocol", "stance.key.alpha-key"),
          ("Sec-WebSocket-Protocol", "stance.live.1"),
        ], 101
      ),
      ([("Sec-WebSocket-Protocol", "stance.live.1, stance.key.wrong-key")], 401),
      ([("Sec-WebSocket-Protocol", "stance.live.1, stance.key.")], 401),
    ] {
      let client = try await LiveClient(service.port, headers: fields)
      #expect(client.status == status, "\(fields)")
      #expect(!client.head.contains("-key"), "\(client.head)")
      if status == 101 { #expect(try await client.object()["live"] as? Int == 1) }
    }
    try await service.stop()
    #expect(!lines.all.contains { $0.contains("-key") })
  }

  @Test("a key can be the first message; a session begins only then")
  func firstMessage() async throws {
    let lines = LogLines()
    let service = try await lockedService(lines)
    let client = try await LiveClient(service.port)
    #expect(client.status == 101)
    try await service.wait(forNumber: "stance_live_waiting 1", bearer)
    try await service.wait(forNumber: "stance_live_sessions 0", bearer)
    try await client.send("{\"key\": \"alpha-key\"}")
    #expect(try await client.object()["live"] as? Int == 1)
    try await service.wait(forNumber: "stance_live_waiting 0", bearer)
    try await service.wait(forNumber: "stance_live_sessions 1", bearer)
    // A frame of more bytes than a key may have.
    try await client.send(binary: [UInt8](repeating: 7, count: 100_000))
    #expect(try await client.object()["frame"] as? Int == 0)
    try await service.stop()
    #expect(!lines.all.contains { $0.contains("alpha-key") })
  }

  @Test(
    "whoever says something else first is told to go",
    arguments: [
      "{\"key\": \"wrong-key\"}", "{\"frame\": 0}", "alpha-key", "", "{\"key\": 1}",
    ])
  func wrongFirstMessage(text: String) async throws {
    let service = try await lockedService()
    let client = try await LiveClient(service.port)
    try await client.send(text)
    #expect(
      try await client.receive()
        == .close(1008, "the first message must show a key, within 200.0 seconds"))
    try await service.stop()
  }

  @Test("without a key no frame is taken, and a large one not even read")
  func frameWithoutKey() async throws {
    let service = try await lockedService()
    for (size, code) in [(100, 1008), (5000, 1009)] {
      let client = try await LiveClient(service.port)
      try await client.send(binary: [UInt8](repeating: 7, count: size))
      #expect(try await client.closing()?.code == code)
    }
    try await service.stop()
  }

  @Test("whoever shows no key in time is told to go")
  func noKey() async throws {
    let service = try await lockedService { $0.liveKeyTime = .milliseconds(50) }
    let client = try await LiveClient(service.port)
    #expect(try await client.closing()?.code == 1008)
    try await service.wait(forNumber: "stance_live_waiting 0", bearer)
    try await service.stop()
  }

  @Test("whoever leaves before showing a key has left, and no more")
  func leavesWithoutKey() async throws {
    let service = try await lockedService()
    let client = try await LiveClient(service.port)
    client.leave()
    try await service.wait(forNumber: "stance_live_sessions_total{end=\"left\"} 1", bearer)
    try await service.stop()
  }

  @Test("the description has its parameters, its refusals and the key")
  func description() async throws {
    let service = try await TestService()
    let paths = try await service.get("/openapi.json").object["paths"] as? [String: [String: Any]]
    let operation = try #require(paths?["/v1/live"]?["get"] as? [String: Any])
    let parameters = try #require(operation["parameters"] as? [[String: Any]])
    #expect(parameters.map { $0["name"] as? String } == LiveParameters.rows.map(\.key))
    #expect(operation["security"] != nil)
    let responses = try #require(operation["responses"] as? [String: Any])
    #expect(Set(["101", "400", "401", "403", "426", "503"]).isSubset(of: responses.keys))
    try await service.stop()
  }

  @Test("no more than a few may be without a key, and they take no session from others")
  func manyWithoutKey() async throws {
    let service = try await lockedService()
    var clients: [LiveClient] = []
    for _ in 0..<LiveSessions.maxWaiting { clients.append(try await LiveClient(service.port)) }
    #expect(clients.allSatisfy { $0.status == 101 })
    let surplus = try await LiveClient(service.port)
    #expect(surplus.status == 503 && surplus.head.contains("Retry-After: "))
    let known = try await LiveClient(service.port, headers: bearer)
    #expect(known.status == 101)
    try await service.stop()
  }

  @Test("a session more than there may be is refused before the upgrade, or with 1013 after a key")
  func fullHouse() async throws {
    let service = try await lockedService { $0.liveSessions = 1 }
    let first = try await LiveClient(service.port, headers: bearer)
    #expect(first.status == 101)
    let second = try await LiveClient(service.port, headers: bearer)
    #expect(second.status == 503 && second.head.contains("Retry-After: "))
    // A page learns from a plain request why its WebSocket was refused.
    #expect(try await service.get("/v1/live", bearer).status == 503)
    let third = try await LiveClient(service.port)
    try await third.send("{\"key\": \"alpha-key\"}")
    #expect(try await third.closing()?.code == 1013)
    first.leave()
    try await service.wait(forNumber: "stance_live_sessions 0", bearer)
    #expect(try await service.get("/v1/live", bearer).status == 426)
    #expect(try await LiveClient(service.port, headers: bearer).status == 101)
    try await service.stop()
  }

  @Test("a place whose handshake fails is free again")
  func failedHandshake() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.liveSessions = 1
    let service = try await TestService(configuration)
    let answer = try await service.send(
      TestRequest(
        target: "/v1/live",
        headers: [
          ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "12"),
          ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ]))
    #expect([400, 426].contains(answer.status))
    try await service.wait(forNumber: "stance_live_sessions 0")
    #expect(try await LiveClient(service.port).status == 101)
    try await service.stop()
  }

  @Test("none is let in who would leave each fewer frames a second than promised")
  func leastRate() throws {
    let sessions = LiveSessions(limit: 100, engines: 2, leastRate: 4.9)
    var places: [LiveSessions.Place] = []
    func enter() -> Bool {
      do throws(Problem) {
        places.append(try sessions.enter())
        return true
      } catch {
        #expect(error.code == .overloaded && error.headers.contains { $0.0 == "Retry-After" })
        return false
      }
    }
    // Two engines have two seconds a second, of which each session wants 4.9 × 0.02.
    for _ in 0..<20 { #expect(enter()) }
    #expect(!enter())
    // Cheaper frames make room.
    for place in places { for _ in 0..<100 { place.note(.milliseconds(10)) } }
    for _ in 0..<19 { #expect(enter()) }
    // Dearer ones take it.
    for place in places { for _ in 0..<100 { place.note(.seconds(1)) } }
    #expect(!enter())
    places = []
    #expect(sessions.count == 0)
    // The first one is welcome on any machine, and its cost counts for the next.
    #expect(enter())
    places.first?.note(.seconds(100))
    #expect(!enter())
  }
}

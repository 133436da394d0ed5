import Foundation
import Images
import Options
import Stance
import Telemetry
import Testing

@testable import StanceService

@Suite("Live pictures", .timeLimit(.minutes(5)))
struct LiveTests {
  /// A client that has heard the service's first message.
  private func open(
    _ service: TestService, _ query: String = ""
  ) async throws -> LiveClient {
    let client = try await LiveClient(service.port, "/v1/live" + query)
    #expect(client.status == 101)
    #expect(try await client.object()["live"] as? Int == 1)
    return client
  }

  private func frame(people: Int = 1, shade: UInt8 = 90) throws -> [UInt8] {
    try FakeFinder.photo(people: people, shade: shade)
  }

  /// A service whose trackers wait at a gate.
  private func service(
    _ gate: TestGate, _ configuration: ServiceConfiguration = ServiceConfiguration()
  ) async throws -> TestService {
    var finder = FakeFinder()
    finder.tracker = { options, _ in FakeTracker(options) { await gate.pass() } }
    return try await TestService(configuration, finder: finder)
  }

  private func passes(_ answer: [String: Any]) -> Int? {
    (answer["passes"] as? [String: Any])?["landmarks"] as? Int
  }

  private func maxPeople(_ answer: [String: Any]) -> Int? {
    (answer["passes"] as? [String: Any])?["detector"] as? Int
  }

  private func code(_ answer: [String: Any]) -> String? {
    (answer["error"] as? [String: Any])?["code"] as? String
  }

  @Test("begin with the subprotocol, the options and the credits")
  func hello() async throws {
    var configuration = ServiceConfiguration()
    configuration.pose.maxPeople = 7
    let service = try await TestService(configuration)
    let client = try await LiveClient(
      service.port, "/v1/live?smoothing=off&complexity=2&region=0,0,10,10&mask=png",
      headers: [("Sec-WebSocket-Protocol", "other, stance.live.1")])
    #expect(client.head.contains("Sec-WebSocket-Protocol: stance.live.1\r\n"))
    let hello = try await client.object()
    #expect(hello["live"] as? Int == 1 && hello["credits"] as? Int == 2)
    let options = try #require(hello["options"] as? [String: Any])
    #expect(options["maxPeople"] as? Int == 7 && options["complexity"] as? Int == 2)
    #expect(options["smoothing"] as? String == "off" && options["mask"] as? String == "png")
    #expect(options["region"] as? [String] == ["0,0,10,10"] && options["follow"] is NSNull)
    #expect(Set(options.keys) == Set(LiveParameters.rows.map(\.key)))
    try await service.stop()
  }

  @Test("each frame has one answer, in order, with its number and time")
  func order() async throws {
    let service = try await TestService()
    let client = try await open(service)
    for number in 0..<3 {
      try await client.send(binary: frame(people: number))
      let answer = try await client.object()
      #expect(answer["frame"] as? Int == number)
      #expect((answer["people"] as? [Any])?.count == number)
      #expect((answer["time"] as? Double ?? -1) >= 0)
    }
    for (number, time) in [(12, 0.4004), (7, -3.5)] {
      try await client.send("{\"frame\": \(number), \"time\": \(time)}")
      try await client.send(binary: frame())
      let answer = try await client.object()
      #expect(answer["frame"] as? Int == number && answer["time"] as? Double == time)
      let person = (answer["people"] as? [[String: Any]])?.first
      #expect(person?["id"] as? Int == 1)
      #expect((person?["landmarks"] as? [Any])?.count == 33)
      #expect(answer["lost"] != nil && answer["image"] != nil && answer["model"] != nil)
    }
    // What is not announced goes on from the last one.
    try await client.send(binary: frame(as: .jpeg))
    #expect(try await client.object()["frame"] as? Int == 8)
    try await client.send(binary: frame(as: .webp))
    #expect(try await client.object()["frame"] as? Int == 9)
    try await service.stop()
  }

  private func frame(as format: ImageFormat) throws -> [UInt8] {
    try FakeFinder.photo(people: 1, as: format)
  }

  @Test("the newest frame takes the place of the one that waits, which is told as dropped")
  func dropped() async throws {
    let gate = TestGate()
    let service = try await service(gate)
    let client = try await open(service)
    let frames = try (0..<4).map { try frame(people: $0) + [UInt8](repeating: 0, count: 100 * $0) }
    try await client.send(binary: frames[0])
    try await gate.wait(forCalls: 1)
    for frame in frames.dropFirst() { try await client.send(binary: frame) }
    // No more is held than the frame that is worked on and the one that waits.
    let held = frames[0].count + frames[3].count
    try await service.wait(forNumber: "stance_body_bytes \(held)")
    gate.open()
    var answers: [[String: Any]] = []
    for _ in frames { answers.append(try await client.object()) }
    #expect(answers.map { $0["frame"] as? Int } == [0, 1, 2, 3])
    #expect(answers.map { $0["dropped"] as? Bool } == [nil, true, true, nil])
    #expect(answers.map(passes) == [1, nil, nil, 2])
    for number in [
      "stance_live_frames_total{answer=\"dropped\"} 2", "stance_body_bytes 0",
      "stance_live_frames_total{answer=\"result\"} 2", "stance_live_sessions 1",
    ] {
      try await service.wait(forNumber: number)
    }
    try await service.stop()
  }

  @Test("a client with no more than its credits out loses no frame")
  func credits() async throws {
    let service = try await TestService()
    let client = try await open(service)
    try await client.send(binary: frame())
    for number in 0..<50 {
      try await client.send(binary: frame())
      #expect(try await client.object()["frame"] as? Int == number)
    }
    #expect(try await client.object()["passes"] != nil)
    try await service.stop()
  }

  @Test("a frame that can't be read is told so, and the session goes on")
  func damaged() async throws {
    let service = try await TestService()
    let client = try await open(service)
    let png = try frame()
    for (bytes, code) in [
      ([], "unreadable_image"), (Array("hello".utf8), "unreadable_image"),
      (Array(png.dropLast(png.count / 2)), "unreadable_image"),
      (Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0, 0x3B], "unsupported_media"),
    ] {
      try await client.send(binary: bytes)
      let answer = try await client.object()
      #expect(self.code(answer) == code, "\(answer)")
      #expect(answer["frame"] as? Int != nil && answer["people"] == nil)
    }
    try await client.send(binary: png)
    #expect(passes(try await client.object()) == 1)
    try await service.stop()
  }

  @Test("what is no message is told so, and changes nothing")
  func strangeTexts() async throws {
    let service = try await TestService()
    let client = try await open(service)
    for text in [
      "", "hello", "[]", "{}", "{\"frame\": -1}", "{\"frame\": 1.5}", "{\"frame\": \"1\"}",
      "{\"time\": 1e300}", "{\"frame\": 1, \"reset\": true}", "{\"reset\": false}",
      "{\"fame\": 1}", "{\"options\": 1}", "{\"options\": {\"people\": 1}}",
      "{\"options\": {\"maxPeople\": 0}}", "{\"options\": {\"maxPeople\": null}}",
      "{\"options\": {\"maxPeople\": {}}}", "{\"options\": {\"smoothing\": \"zero-lag\"}}",
      "{\"options\": {\"follow\": 0}}", String(repeating: "[", count: 4000),
    ] {
      try await client.send(text)
      #expect(code(try await client.object()) == "bad_parameter", "\(text)")
    }
    try await client.send(binary: frame())
    let answer = try await client.object()
    #expect(answer["frame"] as? Int == 0 && maxPeople(answer) == 20)
    try await service.stop()
  }

  @Test("options can change midway, for the frames that follow")
  func options() async throws {
    let service = try await TestService()
    let client = try await open(service, "?maxPeople=3")
    try await client.send(binary: frame(people: 5))
    let first = try await client.object()
    #expect((first["people"] as? [Any])?.count == 3)
    try await client.send(
      "{\"options\": {\"maxPeople\": 2, \"mask\": \"png\", \"region\": [], \"follow\": null}}")
    let options = try await client.object()["options"] as? [String: Any]
    #expect(options?["maxPeople"] as? Int == 2 && options?["mask"] as? String == "png")
    try await client.send(binary: frame(people: 5))
    let second = try await client.object()
    // The tracker is the same one.
    #expect((second["people"] as? [Any])?.count == 2 && passes(second) == 2)
    guard case .binary(let mask) = try await client.receive() else {
      throw TestFailure(text: "no mask")
    }
    let image = try EncodedImage(mask)
    #expect(image.format == .png && image.size == ImageSize(width: 15, height: 12))
    #expect(try image.decode().withPixels { $0[0] } == 100)  // the maximum of 50 and 100
    try await service.stop()
  }

  @Test("a reset begins anew, with frame 0")
  func reset() async throws {
    let service = try await TestService()
    let client = try await open(service)
    for number in 0..<3 {
      try await client.send(binary: frame())
      #expect(passes(try await client.object()) == number + 1)
    }
    try await client.send("{\"reset\": true}")
    #expect(try await client.object()["reset"] as? Bool == true)
    try await client.send(binary: frame())
    let answer = try await client.object()
    #expect(passes(answer) == 1 && answer["frame"] as? Int == 0)
    try await service.stop()
  }

  @Test("sessions share nothing")
  func sessions() async throws {
    let service = try await TestService()
    let (first, second) = (try await open(service), try await open(service, "?maxPeople=2"))
    for number in 1...3 {
      try await first.send(binary: frame())
      #expect(passes(try await first.object()) == number)
    }
    try await second.send(binary: frame())
    let answer = try await second.object()
    #expect(passes(answer) == 1 && answer["frame"] as? Int == 0 && maxPeople(answer) == 2)
    try await service.stop()
  }

  @Test("without frames a client is told once that its picture is stale")
  func stale() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.liveStaleTime = .milliseconds(30)
    let service = try await TestService(configuration)
    let client = try await LiveClient(service.port, hearsStale: true)
    #expect(try await client.object()["live"] as? Int == 1)
    for round in 1...2 {
      #expect(try await client.object()["stale"] as? Bool == true)
      try await Task.sleep(for: .milliseconds(200))
      try await client.send(binary: frame())
      let answer = try await client.object()
      #expect(passes(answer) == round, "\(answer)")
    }
    try await service.stop()
  }

  @Test("who sends nothing for too long, and who stays for too long, is told to go")
  func times() async throws {
    for isIdle in [true, false] {
      var configuration = ServiceConfiguration()
      if isIdle {
        configuration.server.liveIdle = .milliseconds(50)
      } else {
        configuration.server.liveTime = .milliseconds(50)
      }
      let service = try await TestService(configuration)
      // Its time may be over before the first message.
      let client = try await LiveClient(service.port)
      let closing = try await client.closing()
      #expect(closing?.code == 1008)
      #expect(closing?.reason.contains(isIdle ? "no message" : "may last") == true)
      try await service.stop()
    }
  }

  @Test("a failure of the service ends the session with 1011, and its cause stays in the log")
  func failure() async throws {
    struct Broken: Error {}
    var finder = FakeFinder()
    finder.tracker = { options, _ in FakeTracker(options) { throw Broken() } }
    let lines = LogLines()
    let service = try await TestService(finder: finder, log: lines.log)
    let client = try await open(service)
    try await client.send(binary: frame())
    let answer = try await client.object()
    #expect(code(answer) == "internal" && answer["frame"] as? Int == 0)
    #expect(try await client.closing()?.code == 1011)
    try await service.stop()
    let line = try #require(lines.all.first { $0.contains("/v1/live") })
    for part in ["\"level\":\"error\"", "Broken", "\"end\":\"1011\""] {
      #expect(line.contains(part), "\(line)")
    }
  }

  @Test("a session writes one line, its request's, and is counted")
  func logAndNumbers() async throws {
    let lines = LogLines()
    let service = try await TestService(log: lines.log)
    let client = try await open(service)
    for _ in 0..<2 {
      try await client.send(binary: frame())
      _ = try await client.object()
    }
    try await client.send(binary: [1])
    _ = try await client.object()
    try await service.wait(forNumber: "stance_live_delay_seconds_count 2")
    client.leave()
    try await service.wait(forNumber: "stance_live_sessions_total{end=\"left\"} 1")
    try await service.stop()
    let sessions = lines.all.filter { $0.contains("/v1/live") }
    #expect(sessions.count == 1)
    let line = try #require(sessions.first)
    for part in [
      "\"level\":\"info\"", "\"status\":101", "\"peer\":\"127.0.0.1\"", "\"request\":",
      "\"results\":2", "\"failed\":1", "\"dropped\":0", "\"end\":\"left\"",
    ] {
      #expect(line.contains(part), "\(line)")
    }
  }

  @Test("a service that ends says 1001, and waits for nobody's next frame")
  func shutdown() async throws {
    let service = try await TestService()
    let clients = [try await open(service), try await open(service)]
    try await clients[0].send(binary: frame())
    _ = try await clients[0].object()
    service.drain()
    for client in clients { #expect(try await client.closing()?.code == 1001) }
    try await service.stop()
  }
}

import Files
import Foundation
import Stance
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import StanceService

@Suite("State, numbers and log", .timeLimit(.minutes(5)))
struct StateTests {
  @Test("it is alive at once, ready when warm")
  func readiness() async throws {
    let gate = TestGate()
    let service = try await TestService(finder: FakeFinder { _, _ in await gate.pass() })
    try await gate.wait(forCalls: 1)
    #expect(try await service.get("/healthz").status == 200)
    let cold = try await service.get("/readyz")
    #expect(cold.status == 503)
    #expect(try cold.object["status"] as? String == "starting")
    gate.open()
    try await service.waitUntilReady()
    try await service.stop()
  }

  @Test("every engine is warmed up for the default and the preloaded models")
  func warmUp() async throws {
    let seen = Mutex<[Int: Int]>([:])
    var configuration = ServiceConfiguration()
    configuration.server.preload = [.heavy, .full]
    let finder = FakeFinder(engineCount: 3) { _, options in
      seen.withLock { $0[options.complexity.rawValue, default: 0] += 1 }
    }
    let service = try await TestService(configuration, finder: finder)
    try await service.waitUntilReady()
    #expect(seen.withLock { $0 } == [1: 3, 2: 3])
    try await service.stop()
  }

  @Test("after the signal nothing accepted is lost, and nothing more is accepted")
  func drain() async throws {
    let gate = TestGate()
    let finder = FakeFinder { _, options in if options.maxPeople == 3 { await gate.pass() } }
    let service = try await TestService(finder: finder)
    try await service.waitUntilReady()
    let photo = try FakeFinder.photo(people: 1)
    async let accepted = service.send(.photo(photo, to: "/v1/pose?maxPeople=3"))
    try await gate.wait(forCalls: 1)
    service.drain()
    // Closing takes a moment; the accepted request keeps the service alive meanwhile.
    await #expect(throws: TestFailure.self) {
      while true {
        _ = try await service.get("/healthz")
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    gate.open()
    #expect(try await accepted.status == 200)
    try await service.stop()
  }

  @Test("versions and defaults are told")
  func version() async throws {
    var configuration = ServiceConfiguration()
    configuration.pose.complexity = .heavy
    let service = try await TestService(configuration)
    let object = try await service.get("/version").object
    #expect(object["version"] as? String == "1.2.3")
    #expect(object["complexity"] as? Int == 2)
    try await service.stop()
  }

  @Test("the numbers count requests by route, people, stages and the cache")
  func numbers() async throws {
    let service = try await TestService()
    try await service.waitUntilReady()
    let photo = try FakeFinder.photo(people: 3)
    for _ in 0..<2 { _ = try await service.send(.photo(photo)) }
    _ = try await service.get("/nothing/\(UUID())")
    _ = try await service.send(TestRequest(method: "BREW", target: "/healthz"))
    let answer = try await service.get("/metrics")
    #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    let lines = Set(answer.text.split(separator: "\n").map(String.init))
    for line in [
      #"stance_http_requests_total{route="/v1/pose",method="POST",status="200"} 2"#,
      #"stance_http_requests_total{route="other",method="GET",status="404"} 1"#,
      #"stance_http_requests_total{route="other",method="other",status="405"} 1"#,
      #"stance_cache_requests_total{result="hit"} 1"#,
      #"stance_cache_requests_total{result="miss"} 1"#, "stance_people_total 3",
      #"stance_stage_seconds_count{stage="queue"} 1"#, "stance_queue_depth 0",
      "stance_queue_limit 64", "stance_engines 2", "stance_cache_entries 1",
      #"stance_problems_total{code="not_found"} 1"#, #"stance_build_info{version="1.2.3"} 1"#,
    ] {
      #expect(lines.contains(line), "\(line) in \(answer.text)")
    }
    try await service.stop()
  }

  @Test("a request is one line with its id, and nothing of the picture or the query")
  func log() async throws {
    let lines = Mutex<[String]>([])
    let log = Log(.json) { line in lines.withLock { $0.append(line) } }
    let service = try await TestService(log: log)
    let photo = try FakeFinder.photo(people: 1)
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    let answer = try await service.send(
      .photo(
        photo, to: "/v1/pose?jointColor=blue", [("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
    )
    #expect(answer["x-request-id"] == trace)
    try await service.stop()
    log.flush()
    let line = try #require(lines.withLock { $0.first { $0.contains("\"request\"") } })
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["request"] as? String == trace)
    #expect(object["status"] as? Int == 200 && object["people"] as? String == "1")
    #expect(object["model"] as? String == "full" && object["search"] as? String == "auto")
    #expect(object["path"] as? String == "/v1/pose" && object["peer"] as? String == "127.0.0.1")
    #expect(object["bytesIn"] as? Int == photo.count)
    #expect(!line.contains("blue"))
  }
}

@Suite("Overload", .timeLimit(.minutes(5)))
struct OverloadTests {
  @Test("beyond queue and deadline the answer is 503 with Retry-After, and the rest is served")
  func overload() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.queue = 1
    configuration.server.queueTime = .milliseconds(1500)
    configuration.server.cacheSize = 0
    let gate = TestGate()
    let finder = FakeFinder(engineCount: 1) { _, options in
      if options.maxPeople == 3 { await gate.pass() }
    }
    let service = try await TestService(configuration, finder: finder)
    try await service.waitUntilReady()
    let photo = try FakeFinder.photo(people: 1)
    let request = TestRequest.photo(photo, to: "/v1/pose?maxPeople=3")
    async let working = service.send(request)
    try await gate.wait(forCalls: 1)
    let late = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
      for _ in 0..<4 { group.addTask { try await service.send(request) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for answer in late {
      #expect(answer.status == 503)
      #expect(try answer.code == "overloaded")
      #expect((1...60).contains(answer["retry-after"].flatMap { Int($0) } ?? 0))
    }
    gate.open()
    #expect(try await working.status == 200)
    #expect(try await service.send(request).status == 200)
    try await service.stop()
  }

  @Test("the photo that waits at the engines is one of the queue: counted, and its wait timed")
  func photoAhead() async throws {
    try await Self.withBusyService(
      photosAhead: 1,
      {
        $0.queue = 1
      }
    ) { service, photo in
      async let ahead = service.send(.photo(photo))
      try await service.waitUntilOneWaits()
      #expect(try await service.send(.photo(photo)).status == 503)
      service.clock.advance(by: .seconds(7))
      service.gate.open()
      #expect(try await ahead.status == 200)
    } afterwards: { service, _ in
      let numbers = try await service.get("/metrics").text
      #expect(numbers.contains("\nstance_queue_depth 0\n"))
      #expect(numbers.contains("\nstance_stage_seconds_sum{stage=\"queue\"} 7\n"))
    }
  }

  @Test("at the engines too a photo waits no longer than the queue's deadline")
  func photoAheadTooLong() async throws {
    try await Self.withBusyService(photosAhead: 1, { $0.queueTime = .milliseconds(1500) }) {
      service, photo in
      let answer = try await service.send(.photo(photo))
      #expect(try answer.code == "overloaded")
    }
  }

  @Test("without a queue nobody waits at the engines either")
  func noQueue() async throws {
    try await Self.withBusyService(photosAhead: 1, { $0.queue = 0 }) { service, photo in
      let answer = try await service.send(.photo(photo))
      #expect(answer.status == 503)
    }
  }

  @Test("with --adaptive less is done under load, but for who names a search or a model it is done")
  func adaptive() async throws {
    try await Self.withBusyService({
      $0.adaptive = true
      $0.adaptiveTarget = .milliseconds(1)
    }) { service, photo in
      async let waiting = service.send(.photo(photo))
      try await service.waitUntilOneWaits()
      service.clock.advance(by: .milliseconds(2))
      service.gate.open()
      #expect(try await waiting.status == 200)
    } afterwards: { service, photo in
      let light = try await service.send(.photo(photo))
      #expect(light["stance-model"] == "full" && light["stance-search"] == "quick")
      let model = try light.object["model"] as? [String: Any]
      #expect(model?["complexity"] as? Int == 1 && model?["search"] as? String == "quick")
      let several = try await service.send(
        .form([("image", "a.png", photo), ("image", "b.png", photo)], to: "/v1/pose"))
      #expect(several["stance-model"] == "full" && several["stance-search"] == "quick")
      for (query, complexity, search) in [
        ("complexity=2", "heavy", "quick"), ("search=auto", "full", "auto"),
        ("search=thorough&complexity=0", "lite", "thorough"),
      ] {
        let named = try await service.send(.photo(photo, to: "/v1/pose?" + query))
        #expect(named["stance-model"] == complexity && named["stance-search"] == search)
      }
      let field = try await service.send(
        .form(
          [("image", "a.png", photo), ("search", nil, Array("auto".utf8))], to: "/v1/pose"))
      #expect(field["stance-model"] == "full" && field["stance-search"] == "auto")
    }
  }

  @Test(
    "with --adaptive refusals step down too, for want of room and for want of time, though no wait is long",
    arguments: [0, 1])
  func adaptiveToRefusals(queue: Int) async throws {
    try await Self.withBusyService({
      $0.adaptive = true
      $0.queue = queue
      $0.queueTime = .milliseconds(1500)
    }) { service, photo in
      for _ in 0..<2 {
        let answer = try await service.send(.photo(photo))
        #expect(answer.status == 503)
        service.clock.advance(by: AdaptiveEffort.holdDown)
      }
    } afterwards: { service, photo in
      let light = try await service.send(.photo(photo))
      #expect(light["stance-model"] == "lite" && light["stance-search"] == "quick")
      let sure = try await service.send(.photo(photo, to: "/v1/pose?search=auto"))
      #expect(sure["stance-model"] == "lite" && sure["stance-search"] == "auto")
    }
  }

  /// A service whose one engine is held by a request for three people until `gate` opens.
  private struct BusyService {
    let service: TestService
    let gate: TestGate
    let clock: TestClock

    func send(_ request: TestRequest) async throws -> TestAnswer {
      try await service.send(request)
    }
    func get(_ target: String) async throws -> TestAnswer { try await service.get(target) }
    func waitUntilOneWaits() async throws { try await service.waitUntilOneWaits() }
  }

  /// Runs `whileHeld` on a busy service without a cache, with a photo, and `afterwards` when the request that held the
  /// engine has been answered by the model and the search that it was to have.
  private static func withBusyService(
    photosAhead: Int = 0, _ configure: (inout ServerOptions) -> Void,
    whileHeld: (BusyService, [UInt8]) async throws -> Void,
    afterwards: (BusyService, [UInt8]) async throws -> Void = { _, _ in }
  ) async throws {
    var configuration = ServiceConfiguration()
    configuration.server.cacheSize = 0
    configure(&configuration.server)
    let (gate, clock) = (TestGate(), TestClock())
    let finder = FakeFinder(
      engineCount: 1, photosAhead: photosAhead,
      before: { _, options in if options.maxPeople == 3 { await gate.pass() } },
      engines: Admission(slots: 1, maxWaiting: photosAhead))
    let service = try await TestService(configuration, finder: finder, time: { clock.now })
    try await service.waitUntilReady()
    let busy = BusyService(service: service, gate: gate, clock: clock)
    let photo = try FakeFinder.photo(people: 1)
    async let held = service.send(.photo(photo, to: "/v1/pose?maxPeople=3"))
    try await gate.wait(forCalls: 1)
    try await whileHeld(busy, photo)
    gate.open()
    let answer = try await held
    #expect(answer["stance-model"] == "full" && answer["stance-search"] == "auto")
    try await afterwards(busy, photo)
    try await service.stop()
  }
}

import Images
import Stance
import Testing

@testable import StanceService

@Suite("The cache")
struct CacheTests {
  @Test("the answer that was not asked for longest goes first")
  func leastRecentlyUsed() {
    let cache = AnswerCache<Int, String>(limit: 80)
    for number in 0..<8 { cache.insert("\(number)", for: number, size: 10) }
    #expect(cache.value(for: 0) == "0")
    cache.insert("8", for: 8, size: 10)
    #expect(cache.value(for: 1) == nil)
    #expect(cache.value(for: 0) == "0" && cache.value(for: 8) == "8")
    #expect(cache.size == (80, 8))
    cache.insert("new", for: 8, size: 4)
    #expect(cache.value(for: 8) == "new" && cache.size == (74, 8))
  }

  @Test("its size stays within the limit, whatever comes")
  func bound() {
    let cache = AnswerCache<Int, Int>(limit: 1000)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<5000 {
      let key = Int.random(in: 0..<200, using: &random)
      if let value = cache.value(for: key) { #expect(value == key) }
      cache.insert(key, for: key, size: Int.random(in: 1...200, using: &random))
      #expect(cache.size.bytes <= 1000)
    }
    cache.insert(1, for: 999, size: 126)
    #expect(cache.value(for: 999) == nil)
  }

  @Test("equal photos with equal options are found once, and say so")
  func hits() async throws {
    let gate = TestGate(isOpen: true)
    let service = try await TestService(finder: FakeFinder { _, _ in await gate.pass() })
    try await service.waitUntilReady()
    let before = gate.calls
    let photo = try FakeFinder.photo(people: 1)
    let first = try await service.send(.photo(photo))
    let second = try await service.send(.photo(photo))
    #expect(first["cache-status"] == "stance; fwd=miss")
    #expect(second["cache-status"] == "stance; hit")
    // Byte for byte, the computation's timing included.
    #expect(first.body == second.body)
    #expect(gate.calls == before + 1)
    // A form with the same bytes and options is the same question.
    let form = try await service.send(.form([("image", "x", photo)], to: "/v1/pose?search=auto"))
    #expect(form["cache-status"] == "stance; hit" && form.body == first.body)
    try await service.stop()
  }

  @Test("any other option, form, style or byte is another question")
  func misses() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 2)
    let targets = [
      "", "?maxPeople=1", "?complexity=0", "?minDetectionConfidence=0.4",
      "?minTrackingConfidence=0.4", "?segmentation=yes", "?output=png", "?output=jpeg",
      "?output=jpeg&quality=50", "?output=png&jointColor=blue", "?output=mask",
      "?output=mask&person=0",
    ]
    for target in targets {
      let answer = try await service.send(.photo(photo, to: "/v1/pose" + target))
      #expect(answer.status == 200 && answer["cache-status"] == "stance; fwd=miss", "\(target)")
    }
    for target in targets {
      let answer = try await service.send(.photo(photo, to: "/v1/pose" + target))
      #expect(answer["cache-status"] == "stance; hit", "\(target)")
    }
    let other = try await service.send(.photo(try FakeFinder.photo(people: 2, shade: 91)))
    #expect(other["cache-status"] == "stance; fwd=miss")
    // What draws nothing does not depend on the style.
    let plain = try await service.send(.photo(photo, to: "/v1/pose?jointColor=blue"))
    #expect(plain["cache-status"] == "stance; hit")
    try await service.stop()
  }

  @Test("who was found for one form of answer is not searched again for another")
  func otherForms() async throws {
    let gate = TestGate(isOpen: true)
    let service = try await TestService(finder: FakeFinder { _, _ in await gate.pass() })
    var configuration = ServiceConfiguration()
    configuration.server.cacheSize = 0
    let forgetful = try await TestService(configuration)
    try await service.waitUntilReady()
    let before = gate.calls
    let photo = try FakeFinder.photo(people: 2)
    _ = try await service.send(.photo(photo))
    for target in ["?output=png", "?output=jpeg&labels=yes", "?output=webp&jointColor=blue"] {
      let request = TestRequest.photo(photo, to: "/v1/pose" + target)
      let drawn = try await service.send(request)
      #expect(drawn.status == 200 && drawn["cache-status"] == "stance; fwd=miss")
      #expect(try await forgetful.send(request).body == drawn.body)
    }
    #expect(gate.calls == before + 1)
    try await service.stop()
    try await forgetful.stop()
  }

  @Test("size 0 turns it off")
  func off() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.cacheSize = 0
    let service = try await TestService(configuration)
    let photo = try FakeFinder.photo(people: 1)
    for _ in 0..<2 { #expect(try await service.send(.photo(photo))["cache-status"] == nil) }
    try await service.stop()
  }

  @Test("two equal requests at once are computed once")
  func singleFlight() async throws {
    let gate = TestGate()
    let finder = FakeFinder { _, options in if options.maxPeople == 3 { await gate.pass() } }
    let service = try await TestService(finder: finder)
    let photo = try FakeFinder.photo(people: 1)
    let request = TestRequest.photo(photo, to: "/v1/pose?maxPeople=3")
    async let first = service.send(request)
    try await gate.wait(forCalls: 1)
    async let second = service.send(request)
    try await Task.sleep(for: .milliseconds(100))
    gate.open()
    // Whether the second one joined or came too late is a matter of time: it is never computed again.
    let answers = try await [first, second]
    #expect(answers.allSatisfy { $0.status == 200 } && answers[0].body == answers[1].body)
    #expect(gate.calls == 1)
    let status = answers[1]["cache-status"] ?? ""
    #expect(["stance; fwd=miss; collapsed", "stance; hit"].contains(status))
    try await service.stop()
  }
}

@Suite("Computations under way")
struct FlightTests {
  private let later = Deadline(after: .seconds(60))

  @Test("one who leaves does not take the others' answer away; the last one ends the work")
  func leaving() async throws {
    let flights = Flights<Int, Int>()
    let gate = TestGate()
    let callers = (0..<2).map { _ in
      Task {
        try await flights.value(for: 1, by: later) {
          await gate.pass()
          try Task.checkCancellation()
          return 42
        }
      }
    }
    while flights.callers(of: 1) < 2 { try await Task.sleep(for: .milliseconds(1)) }
    try await gate.wait(forCalls: 1)
    callers[0].cancel()
    await #expect(throws: CancellationError.self) { try await callers[0].value }
    gate.open()
    #expect(try await callers[1].value.value == 42)
    #expect(gate.calls == 1)

    let alone = TestGate()
    let wasCancelled = TestGate(isOpen: true)
    let last = Task {
      try await flights.value(for: 2, by: later) {
        await alone.pass()
        if Task.isCancelled { await wasCancelled.pass() }
        return 1
      }
    }
    try await alone.wait(forCalls: 1)
    last.cancel()
    await #expect(throws: CancellationError.self) { try await last.value }
    alone.open()
    try await wasCancelled.wait(forCalls: 1)
    // The key is free again.
    #expect(try await flights.value(for: 2, by: later) { 7 }.value == 7)
  }

  @Test("a failure is everybody's, and is not kept")
  func failure() async throws {
    struct Broken: Error {}
    let flights = Flights<Int, Int>()
    await #expect(throws: Broken.self) {
      try await flights.value(for: 1, by: later) { throw Broken() }
    }
    let again = try await flights.value(for: 1, by: later) { 3 }
    #expect(again.value == 3 && !again.isShared)
  }
}

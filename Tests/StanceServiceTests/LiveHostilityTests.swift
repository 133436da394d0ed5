import HTTPServer
import Images
import Stance
import Synchronization
import Testing

@testable import StanceService

@Suite("Live clients with bad manners", .timeLimit(.minutes(5)))
struct LiveHostilityTests {
  private func open(
    _ service: TestService, receiveBuffer: Int32? = nil
  ) async throws -> LiveClient {
    let client = try await LiveClient(service.port, receiveBuffer: receiveBuffer)
    #expect(try await client.object()["live"] as? Int == 1)
    return client
  }

  /// Another client is served as if nothing were.
  private func checkOthers(_ service: TestService) async throws {
    let other = try await open(service)
    try await other.send(binary: FakeFinder.photo(people: 1))
    #expect(try await other.object()["frame"] as? Int == 0)
    other.leave()
  }

  /// The first frame of a message that goes on.
  private static func beginning(_ opcode: UInt8, _ data: [UInt8]) -> [UInt8] {
    var bytes = LiveClient.frame(opcode, data)
    bytes[0] &= 0x7F
    return bytes
  }

  private static func sevens(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }

  private static let rudeBytes: [(sent: [UInt8], code: Int)] = {
    let frame = { (opcode: UInt8, data: [UInt8]) in LiveClient.frame(opcode, data) }
    var compressed = frame(1, [0x78])
    compressed[0] |= 0x40  // which nobody agreed on
    let endless: [UInt8] = [0x82, 0xFF, 0x7F] + [UInt8](repeating: 0xFF, count: 7) + [0, 0, 0, 0]
    let handshake = "GET /v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n"
    return [
      (LiveClient.frame(1, [0x78], isMasked: false), 1002),
      (frame(1, [0xFF, 0xFE]), 1007),
      (beginning(1, [0xC3]) + frame(0, [0x78]), 1007),
      (frame(2, sevens(70_000)), 1009),
      (beginning(2, sevens(50_000)) + frame(0, sevens(50_000)), 1009),
      (endless, 1009),
      (frame(1, [UInt8](repeating: 0x20, count: 5000)), 1009),
      (frame(3, []), 1002),
      (frame(11, []), 1002),
      (compressed, 1002),
      (frame(0, [7]), 1002),  // nothing was begun
      (beginning(2, [7]) + frame(2, [7]), 1002),
      (beginning(9, [7]), 1002),
      (Array(handshake.utf8), 1002),
    ]
  }()

  @Test("are told to go with the code that says why", arguments: rudeBytes)
  func codes(bytes: [UInt8], code: Int) async throws {
    var configuration = ServiceConfiguration()
    configuration.server.maxBody = 60_000
    let service = try await TestService(configuration)
    let client = try await open(service)
    try await client.send(bytes)
    #expect(try await client.closing()?.code == code)
    try await checkOthers(service)
    try await service.wait(forNumber: "stance_body_bytes 0")
    try await service.stop()
  }

  @Test("who sends thousands of tiny messages is told to go, of whatever kind they are")
  func tinyMessages() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.liveMessages = 20
    let service = try await TestService(configuration)
    for message in [
      LiveClient.frame(2, []), LiveClient.frame(1, Array("{}".utf8)), LiveClient.frame(1, []),
      LiveClient.frame(1, Array("{\"reset\":true}".utf8)),
      LiveClient.frame(1, Array("{\"frame\":1}".utf8)),
    ] {
      let client = try await open(service)
      async let sent = client.send([[UInt8]](repeating: message, count: 2000).flatMap(\.self))
      let closing = try await client.closing()
      #expect(closing?.code == 1008 && closing?.reason.contains("messages a second") == true)
      _ = try await sent
    }
    try await checkOthers(service)
    try await service.stop()
  }

  @Test(
    "a frame that comes a byte at a time, in fragments and with pings between, is one like others")
  func slow() async throws {
    let service = try await TestService()
    let client = try await open(service)
    let photo = try FakeFinder.photo(people: 1)
    var bytes = Self.beginning(2, Array(photo.prefix(5)))
    bytes += LiveClient.frame(9, [1])
    bytes += LiveClient.frame(10, [])
    bytes += LiveClient.frame(0, Array(photo.dropFirst(5)))
    for byte in bytes { try await client.send([byte]) }
    let answer = try await client.object()
    #expect(answer["frame"] as? Int == 0 && (answer["people"] as? [Any])?.count == 1)
    client.leave()
    try await service.stop()
  }

  @Test("compression is not agreed on, whoever offers it")
  func compression() async throws {
    let service = try await TestService()
    let client = try await LiveClient(
      service.port,
      headers: [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")])
    #expect(client.status == 101 && !client.head.contains("permessage-deflate"))
    client.leave()
    try await service.stop()
  }

  @Test("who leaves in the middle of a message, wherever that is, leaves no session behind")
  func cutOff() async throws {
    let service = try await TestService()
    let whole = LiveClient.frame(2, [UInt8](repeating: 7, count: 30_000))
    let begun = Self.beginning(2, [7])
    var parts = [begun]
    for count in [1, 3, 6, 1000, whole.count - 1] { parts.append(Array(whole.prefix(count))) }
    for bytes in parts {
      let client = try await open(service)
      try await client.send(bytes)
      client.leave()
    }
    let polite = try await open(service)
    try await polite.send(begun + LiveClient.frame(8, [0x03, 0xE8]))
    #expect(try await polite.closing()?.code == 1000)
    try await service.wait(forNumber: "stance_live_sessions_total{end=\"left\"} 7")
    try await service.wait(forNumber: "stance_live_sessions 0")
    try await service.wait(forNumber: "stance_body_bytes 0")
    try await checkOthers(service)
    try await service.stop()
  }

  @Test("a crowd of them, again and again, leaves the memory as it was")
  func memory() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.maxBody = 4_000_000
    let service = try await TestService(configuration)
    let large = [UInt8](repeating: 7, count: 3_000_000)
    let tiny = [[UInt8]](repeating: LiveClient.frame(1, Array("{}".utf8)), count: 2000)
    let attacks: [[UInt8]] = [
      LiveClient.frame(2, large),  // no picture
      Array(LiveClient.frame(2, large).dropLast()),
      LiveClient.frame(2, [UInt8](repeating: 7, count: 4_100_000)),
      Self.beginning(2, large),
      LiveClient.frame(1, [0xFF]), LiveClient.frame(2, large, isMasked: false),
      tiny.flatMap(\.self),
    ]
    /// Bytes of this process after so many rounds of all attacks at once.
    func resident(after rounds: Int) async throws -> Int {
      for _ in 0..<rounds {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for attack in attacks {
            group.addTask {
              let client = try await LiveClient(service.port)
              try await client.send(attack)
              client.leave()
            }
          }
          try await group.waitForAll()
        }
      }
      try await service.wait(forNumber: "stance_live_sessions 0")
      try await service.wait(forNumber: "stance_body_bytes 0")
      return try await service.number("process_resident_memory_bytes")
    }
    var growths: [Int] = []
    var last = try await resident(after: 10)
    for _ in 0..<4 {
      let now = try await resident(after: 5)
      growths.append(now - last)
      last = now
    }
    // One message kept of each round and attack would be 60 MB in each window. Other tests of this process take and give
    // back memory meanwhile, but not in every one.
    #expect((growths.min() ?? 0) < 30 << 20, "\(growths) bytes more")
    try await checkOthers(service)
    try await service.stop()
  }

  @Test("who never reads holds two frames at most, and is not read from for ever")
  func neverReads() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.liveMessages = 10_000
    configuration.server.bodyTime = .milliseconds(300)
    let service = try await TestService(configuration)
    let client = try await open(service, receiveBuffer: 4096)
    // 4 people: an answer has some 36 kB, so the kernel's buffers are soon full, and the time for one is 2.5 s.
    let photo = try FakeFinder.photo(people: 4)
    let message = LiveClient.frame(2, photo)
    var most = 0
    // What the kernel did not take goes first the next time: cut off, frames would become others.
    var unsent: [UInt8] = []
    var (results, same) = (0, 0)
    // Until the service has cut the client off.
    while try await service.liveSessions > 0 {
      // A flood is answered by nothing but the few bytes of "dropped", thousands of which the kernel takes, so it comes when
      // no result gets through any more.
      let count = same < 20 ? 3 : 50
      if unsent.isEmpty { unsent = [[UInt8]](repeating: message, count: count).flatMap(\.self) }
      unsent.removeFirst(client.sendWithoutWaiting(unsent))
      most = max(most, try await service.bodyBytes)
      let now = try await service.liveResults
      (results, same) = (now, now == results && now > 2 ? same + 1 : 0)
    }
    #expect(results > 2)
    #expect(most <= 2 * photo.count)
    try await service.wait(forNumber: "stance_body_bytes 0")
    try await checkOthers(service)
    // Nothing of the connection is left that would have to be cut off.
    #expect(try await service.stop() == .drained)
  }

  @Test("what waits has a bound, however much comes, and gives its bytes back")
  func inbox() throws {
    let budget = BodyBudget(limit: 1000)
    let inbox = LiveInbox(budget.reservation())
    func frame(_ number: Int, _ size: Int) -> LiveEntry {
      .frame(
        LiveFrame(
          number: number, time: 0, bytes: [UInt8](repeating: 0, count: size), arrived: .now))
    }
    for number in 0..<LiveInbox.capacity {
      #expect(!inbox.isFull)
      inbox.put(frame(number, 100 + number))
      #expect(budget.bytes == 100 + number)
    }
    #expect(inbox.isFull)
    for number in 0..<LiveInbox.capacity - 1 {
      guard case .dropped(number) = inbox.take() else {
        throw TestFailure(text: "\(number) is not told as dropped")
      }
    }
    guard case .frame(let last) = inbox.take() else { throw TestFailure(text: "no frame") }
    #expect(last.number == LiveInbox.capacity - 1 && budget.bytes == last.bytes.count)
    // One that is worked on and one that waits.
    inbox.put(frame(100, 500))
    #expect(budget.bytes == last.bytes.count + 500)
    inbox.put(frame(101, 1000))
    guard case .dropped(100) = inbox.take(), case .failed(101, let problem) = inbox.take() else {
      throw TestFailure(text: "the budget has no end")
    }
    #expect(problem.code == .overloaded)
    inbox.release(last)
    #expect(budget.bytes == 0 && inbox.take() == nil)
  }

  @Test("a session that ends gives back what its frames took")
  func leftOver() {
    let budget = BodyBudget(limit: 1000)
    do {
      let inbox = LiveInbox(budget.reservation())
      inbox.put(
        .frame(LiveFrame(number: 0, time: 0, bytes: [1, 2, 3], arrived: .now)))
      #expect(budget.bytes == 3)
    }
    #expect(budget.bytes == 0)
  }

  @Test("messages have a rate on average, and some may come at once")
  func rate() {
    let start = ContinuousClock.now
    var rate = MessageRate(perSecond: 10, at: start)
    func take(at now: ContinuousClock.Instant) -> Bool { rate.take(at: now) }
    for _ in 0..<30 { #expect(take(at: start)) }
    #expect(!take(at: start))
    #expect(take(at: start + .milliseconds(100)))
    #expect(!take(at: start + .milliseconds(110)))
    // What was not used is not kept for ever.
    let later = start + .seconds(1000)
    for _ in 0..<30 { #expect(take(at: later)) }
    #expect(!take(at: later))
  }

  @Test("whoever leaves in the middle of a frame leaves nothing behind")
  func leaves() async throws {
    let gate = TestGate()
    var finder = FakeFinder()
    finder.tracker = { options, _ in FakeTracker(options) { await gate.pass() } }
    let service = try await TestService(finder: finder)
    let client = try await open(service)
    for _ in 0..<3 { try await client.send(binary: FakeFinder.photo(people: 1)) }
    try await gate.wait(forCalls: 1)
    client.leave()
    gate.open()
    try await service.wait(forNumber: "stance_live_sessions 0")
    try await service.wait(forNumber: "stance_body_bytes 0")
    try await service.stop()
  }
}

extension TestService {
  fileprivate var liveSessions: Int {
    get async throws { try await number("stance_live_sessions") }
  }
  fileprivate var bodyBytes: Int { get async throws { try await number("stance_body_bytes") } }

  /// 0 as long as nothing was counted.
  fileprivate var liveResults: Int {
    get async throws { try await numbers()["stance_live_frames_total{answer=\"result\"}"] ?? 0 }
  }

  fileprivate func number(_ name: String) async throws -> Int {
    guard let number = try await numbers()[name] else { throw TestFailure(text: "no \(name)") }
    return number
  }

  private func numbers() async throws -> [String: Int] {
    let lines = try await get("/metrics").text.split(separator: "\n")
    let pairs = lines.compactMap { line -> (String, Int)? in
      guard let space = line.lastIndex(of: " ") else { return nil }
      return Int(line[line.index(after: space)...]).map { (String(line[..<space]), $0) }
    }
    return Dictionary(pairs) { $1 }
  }
}

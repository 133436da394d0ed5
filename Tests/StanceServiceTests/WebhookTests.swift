import Checksums
import Files
import Foundation
import HTTPServer
import Options
import Processes
import StanceJobs
import Synchronization
import TestSupport
import Testing

@testable import StanceService

/// An HTTPS server at 127.0.0.1 that keeps what it is told.
private final class Listener: Sendable {
  struct Message: Sendable {
    let target: String
    let signature: String
    let body: String
  }

  let port: Int
  let authorities: String
  private let kept: Kept
  private let running: Task<HTTPServer.End, any Error>

  private final class Kept: Sendable { let messages = Mutex<[Message]>([]) }

  init(_ folder: TemporaryFolder, status: @escaping @Sendable (Int) -> HTTPResponse) async throws {
    let (key, chain) = (folder.path + "/hook-key.pem", folder.path + "/hook-chain.pem")
    let made = try await WorkQueue().run {
      try ChildProcess.run(
        Command(
          "openssl",
          [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,DNS:hooks.example,IP:127.0.0.1", "-keyout", key, "-out",
            chain,
          ]), outputLimit: 1 << 20, timeout: .seconds(60))
    }
    try #require(made.succeeded, "\(made.errors)")
    authorities = chain
    let kept = Kept()
    self.kept = kept
    var configuration = HTTPServer.Configuration()
    configuration.tls = (chain, key)
    let server = HTTPServer(configuration) { request in
      let body = try await request.body.collect(upTo: 1 << 16)
      let count = kept.messages.withLock { messages in
        messages.append(
          Message(
            target: request.target, signature: request.headers["Stance-Signature"] ?? "",
            body: String(decoding: body, as: UTF8.self)))
        return messages.count
      }
      return status(count)
    }
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    running = Task {
      defer { port.finish() }
      return try await server.run { port.yield($0) }
    }
    self.port = try #require(await ports.first { _ in true })
  }

  deinit { running.cancel() }

  var messages: [Message] { kept.messages.withLock { $0 } }
}

@Suite("Webhooks", .timeLimit(.minutes(5)))
struct WebhookTests {
  private static let secret = "a secret of enough bytes"

  private final class Events: Sendable {
    let all = Mutex<[WebhookSender.Event]>([])
    var list: [WebhookSender.Event] { all.withLock { $0 } }
  }

  private func options(
    _ jobs: HandedJobs, _ hosts: [String], _ listener: Listener? = nil
  ) throws -> WebhookOptions {
    var options = WebhookOptions()
    options.hosts = try hosts.map { try #require(WebhookHost(optionText: $0)) }
    options.secretFile = jobs.folder.path + "/secret"
    options.authorities = listener?.authorities
    try Files.write(Array((Self.secret + "\nmore\n").utf8), to: jobs.folder.path + "/secret")
    return options
  }

  private func box(_ jobs: HandedJobs, _ options: WebhookOptions) throws -> WebhookBox {
    try #require(try WebhookBox.opened(options, in: jobs.place))
  }

  /// A job that is done, of whose end somebody is to be told.
  private func ended(_ jobs: HandedJobs, _ box: WebhookBox, _ url: String) throws -> JobID {
    let job = NewJob(specification: [], items: [[]])
    try box.promise(url, of: job.id)
    #expect(try jobs.store.submit(job) == .accepted)
    try jobs.finish("{}")
    return job.id
  }

  /// One round of a sender of its own, off the tests' pool.
  private func round(
    _ jobs: HandedJobs, _ box: WebhookBox, _ events: Events,
    lookUp: @escaping @Sendable (String) -> [WebhookResolution.Address] = WebhookResolution.lookUp
  ) async throws {
    try await WorkQueue().run {
      try WebhookSender(box, jobs.store, lookUp: lookUp) { _, event in
        events.all.withLock { $0.append(event) }
      }.keepPromises()
    }
  }

  @Test("the end of a job is told once, signed, with its id and state alone")
  func told() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(204) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let id = try ended(jobs, box, "https://\(address)/done?a=1")
    try await round(jobs, box, events)
    try await round(jobs, box, events)
    #expect(events.list == [.told])
    let message = try #require(listener.messages.first)
    #expect(listener.messages.count == 1 && message.target == "/done?a=1")
    #expect(message.body == "{\"id\":\"\(id)\",\"state\":\"done\"}")
    let parts = try #require(message.signature.wholeMatch(of: /t=([0-9]+),v1=([0-9a-f]{64})/))
    let signed = Array("\(parts.output.1).\(message.body)".utf8)
    #expect(parts.output.2 == HMAC.sha256(of: signed, key: Array(Self.secret.utf8)))
  }

  @Test("HMAC-SHA-256 is that of RFC 4231")
  func signature() {
    #expect(
      HMAC.sha256(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test("a job that goes on, and one that is run again, are told when they end")
  func later() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let specification = try JobSpecification(.photos, parameters: [], ServiceConfiguration())
    let job = NewJob(specification: specification.encoded, items: [[]])
    try box.promise("https://\(address)/", of: job.id)
    #expect(try jobs.store.submit(job) == .accepted)
    try await round(jobs, box, events)
    #expect(events.list.isEmpty)
    try jobs.finish("", as: { _ in .dead(reason: "lost", nil) })
    try await round(jobs, box, events)
    _ = try JobDesk(jobs.place, webhooks: box).retry(job.id)
    try jobs.finish("{}")
    try await round(jobs, box, events)
    #expect(events.list == [.told, .told])
    // With the word's frame: the digits of an id can spell it too.
    let states = listener.messages.map { $0.body.contains("\"dead\"") }
    #expect(states == [true, false])
  }

  @Test("a retry that is refused tells nobody the old end once more")
  func refusedRetry() async throws {
    var policy = JobPolicy()
    policy.maxOpenJobs = 1
    let jobs = try HandedJobs(policy: policy)
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let id = try dead(jobs, box, "https://\(address)/")
    try await round(jobs, box, events)
    #expect(try jobs.store.submit(NewJob(specification: [], items: [[]])) == .accepted)
    let desk = JobDesk(jobs.place, webhooks: box)
    #expect(throws: JobStoreError.full(limit: 1)) { try desk.retry(id) }
    #expect(try box.pendingPromises().isEmpty)
    // Who was killed before it could take it back leaves one that has nothing to tell.
    let left = try #require(try box.promiseAgain(id, after: nil))
    try await round(jobs, box, events)
    #expect(events.list == [.told] && listener.messages.count == 1)
    var promise = try #require(box.promise(left.new))
    promise.idleSince = 1
    try box.write(promise, as: left.new)
    try await round(jobs, box, events)
    #expect(try box.pendingPromises().isEmpty && events.list == [.told])
  }

  @Test("a promise of a retry that is not yet in the store is not used up by the end before")
  func promisedBeforeRetry() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let id = try dead(jobs, box, "https://\(address)/")
    // It was tried, and is not due.
    var old = try #require(box.promise(.init(id)))
    (old.attempts, old.notBefore) = (1, 1e12)
    try box.write(old, as: .init(id))
    // As a retry does, in its steps.
    let ended = try #require(try jobs.store.job(id)?.ended)
    let promised = try #require(try box.promiseAgain(id, after: ended))
    try await round(jobs, box, events)
    #expect(events.list.isEmpty && listener.messages.isEmpty)
    try #require(try jobs.store.retry(id, keepingDone: true))
    for name in promised.old { box.withdraw(name) }
    try jobs.finish("{}")
    try await round(jobs, box, events)
    #expect(events.list == [.told] && listener.messages.map { $0.body.contains("done") } == [true])
  }

  @Test("a retry keeps in its promise which end there was")
  func promisesNextEnd() throws {
    let jobs = try HandedJobs()
    let box = try box(jobs, options(jobs, ["127.0.0.1:1"]))
    let id = try dead(jobs, box, "https://127.0.0.1:1/")
    let ended = try jobs.store.job(id)?.ended
    _ = try JobDesk(jobs.place, webhooks: box).retry(id)
    let left = try box.pendingPromises()
    #expect(
      left.count == 1 && ended != nil && left.first.flatMap { box.promise($0)?.after } == ended)
  }

  @Test("a job that is run again while its end is being told is told again when it ends")
  func retryMeanwhile() async throws {
    let jobs = try HandedJobs()
    let again = Mutex<(@Sendable () throws -> Void)?>(nil)
    let listener = try await Listener(jobs.folder) { _ in
      do {
        try again.withLock { $0.take() }?()
        return .status(200)
      } catch {
        return .status(500)
      }
    }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let id = try dead(jobs, box, "https://\(address)/")
    again.withLock { $0 = { _ = try JobDesk(jobs.place, webhooks: box).retry(id) } }
    try await round(jobs, box, events)
    #expect(events.list == [.told])
    try jobs.finish("{}")
    try await round(jobs, box, events)
    try await round(jobs, box, events)
    #expect(events.list == [.told, .told])
    #expect(listener.messages.map { $0.body.contains("dead") } == [true, false])
    #expect(try box.pendingPromises().isEmpty)
  }

  @Test(
    "a job that is run again, or forgotten, at the store itself keeps and drops its promise too")
  func direct() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let id = try dead(jobs, box, "https://\(address)/")
    try await round(jobs, box, events)
    let direct = DirectJobs(jobs.place)
    _ = try direct.retry(id.description)
    try jobs.finish("{}")
    try await round(jobs, box, events)
    #expect(events.list == [.told, .told])
    #expect(try box.keptJobs() == [id])
    #expect(try direct.cancel(id.description) == nil)
    #expect(try box.keptJobs().isEmpty && box.pendingPromises().isEmpty)
  }

  /// As ``ended(_:_:_:)``, but it can be run again.
  private func dead(_ jobs: HandedJobs, _ box: WebhookBox, _ url: String) throws -> JobID {
    let specification = try JobSpecification(.photos, parameters: [], ServiceConfiguration())
    let job = NewJob(specification: specification.encoded, items: [[]])
    try box.promise(url, of: job.id)
    #expect(try jobs.store.submit(job) == .accepted)
    try jobs.finish("", as: { _ in .dead(reason: "lost", nil) })
    return job.id
  }

  @Test("a redirect is not followed, and is tried again later")
  func redirect() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in
      .status(307, headers: ["Location": "/elsewhere"])
    }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let id = try ended(jobs, box, "https://\(address)/first")
    try await round(jobs, box, events)
    #expect(events.list == [.failed(reason: "status 307: redirects are not followed")])
    #expect(listener.messages.map(\.target) == ["/first"])
    let promise = try #require(box.promise(.init(id)))
    #expect(promise.attempts == 1 && promise.notBefore > 0)
    // Not due yet.
    try await round(jobs, box, events)
    #expect(listener.messages.count == 1)
  }

  @Test("after the last attempt it is given up")
  func givenUp() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(500) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    let id = try ended(jobs, box, "https://\(address)/")
    for _ in 0..<WebhookSender.backOff.count {
      try await round(jobs, box, events)
      var promise = try #require(box.promise(.init(id)))
      promise.notBefore = 0
      try box.write(promise, as: .init(id))
    }
    try await round(jobs, box, events)
    #expect(events.list.last == .givenUp(reason: "status 500"))
    #expect(box.promise(.init(id)) == nil)
    #expect(listener.messages.count == WebhookSender.backOff.count + 1)
  }

  @Test("a name that leads to this machine is connected to only where its address is listed")
  func privateAddress() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let (name, address) = ("localhost:\(listener.port)", "127.0.0.1:\(listener.port)")
    let events = Events()
    let closed = try box(jobs, options(jobs, [name], listener))
    let id = try ended(jobs, closed, "https://\(name)/")
    try await round(jobs, closed, events)
    guard case .failed(let reason) = events.list.first else {
      Issue.record("\(events.list)")
      return
    }
    #expect(reason.contains("private address") && listener.messages.isEmpty)
    var promise = try #require(closed.promise(.init(id)))
    promise.notBefore = 0
    try closed.write(promise, as: .init(id))
    let open = try box(jobs, options(jobs, [name, address], listener))
    try await round(jobs, open, events)
    #expect(events.list.last == .told && listener.messages.count == 1)
  }

  @Test("a name is looked up once, and what it leads to later makes no difference")
  func rebinding() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let name = "hooks.example:\(listener.port)"
    let lookUps = Atomic(0)
    let events = Events()
    // Whatever a second look-up would say.
    let box = try box(jobs, options(jobs, [name], listener))
    _ = try ended(jobs, box, "https://\(name)/")
    try await WorkQueue().run {
      try WebhookSender(
        box, jobs.store,
        lookUp: { _ in
          let number = lookUps.add(1, ordering: .relaxed).oldValue
          return number == 0
            ? [WebhookResolution.Address(text: "127.0.0.1", isPublic: true)]
            : [WebhookResolution.Address(text: "10.0.0.1", isPublic: true)]
        }
      ) { _, event in events.all.withLock { $0.append(event) } }.keepPromises()
    }
    #expect(events.list == [.told] && lookUps.load(ordering: .relaxed) == 1)
    #expect(listener.messages.count == 1)
  }

  @Test("a certificate of nobody who is trusted is no host that may be told")
  func untrusted() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address]))
    let events = Events()
    _ = try ended(jobs, box, "https://\(address)/")
    try await round(jobs, box, events)
    guard case .failed = events.list.first else {
      Issue.record("\(events.list)")
      return
    }
    #expect(listener.messages.isEmpty)
  }

  @Test("one process at a time tells, and the next takes over when it is gone")
  func oneSender() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let events = Events()
    _ = try ended(jobs, box, "https://\(address)/")
    var holder: WebhookSender? = try WebhookSender(box, jobs.store) { _, _ in }
    let lock = open(box.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    try await round(jobs, box, events)
    #expect(events.list.isEmpty)
    close(lock)
    holder = nil
    // A process that another test starts has the lock too until it is its own program.
    for _ in 0..<6000 where events.list.isEmpty {
      try await round(jobs, box, events)
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(events.list == [.told] && holder == nil)
  }

  @Test("a service tells the end of its jobs, and only hosts that are listed can be named")
  func service() async throws {
    let jobs = try HandedJobs()
    let listener = try await Listener(jobs.folder) { _ in .status(200) }
    let address = "127.0.0.1:\(listener.port)"
    let box = try box(jobs, options(jobs, [address], listener))
    let service = try await TestService(jobs: JobDesk(jobs.place, webhooks: box))
    func send(_ url: String) async throws -> TestAnswer {
      try await service.send(
        .form(
          [("webhook", nil, Array(url.utf8)), ("image", "a", FakePhoto.bytes)], to: "/v1/jobs"))
    }
    for wrong in [
      "https://127.0.0.1/", "https://other.example/", "http://\(address)/", "ftp://\(address)",
      "https://\(address)@other.example/", "https://u:p@\(address)/", "https://\(address)/#x", "x",
      "https://\(address)\\@other.example/",
    ] {
      let refused = try await send(wrong)
      #expect(refused.status == 400, "\(wrong)")
      #expect(try refused.code == "bad_parameter")
    }
    #expect(try await send("https://\(address)/x").status == 202)
    try jobs.finish("{}")
    try await service.wait(forNumber: "stance_job_webhooks_total{result=\"told\"} 1")
    #expect(listener.messages.map(\.target) == ["/x"])
    try await service.stop()
  }

  @Test("a host to tell needs a secret of some length")
  func secrets() async throws {
    let jobs = try HandedJobs()
    var options = try options(jobs, ["a.example"])
    try Files.write(Array("short\n".utf8), to: try #require(options.secretFile))
    let short = try box(jobs, options)
    #expect(throws: ServiceError.self) { try WebhookSender(short, jobs.store) { _, _ in } }
    options.secretFile = nil
    let none = try box(jobs, options)
    #expect(throws: ServiceError.self) { try WebhookSender(none, jobs.store) { _, _ in } }
  }

  @Test(
    "addresses of networks that not everybody reaches are private",
    arguments: [
      ("127.0.0.1", false), ("10.1.2.3", false), ("172.16.0.1", false), ("172.32.0.1", true),
      ("192.168.1.1", false), ("169.254.169.254", false), ("100.64.0.1", false), ("0.0.0.0", false),
      ("224.0.0.1", false), ("255.255.255.255", false), ("93.184.216.34", true), ("8.8.8.8", true),
      ("::1", false), ("::", false), ("fe80::1", false), ("fd00::1", false), ("ff02::1", false),
      ("::ffff:127.0.0.1", false), ("::ffff:8.8.8.8", false), ("64:ff9b::7f00:1", false),
      ("2002:7f00:1::", false), ("2001::1", false), ("2001:db8::1", false),
      ("2606:2800:220:1::1", true),
    ])
  func privacy(address: String, isPublic: Bool) {
    let found = WebhookResolution.lookUp(address)
    #expect(found.map(\.isPublic) == [isPublic])
  }

  @Test(
    "a host is a name or an address with a port",
    arguments: [
      ("a.example", "a.example"), ("A.example:443", "a.example"),
      ("10.0.0.5:8443", "10.0.0.5:8443"),
      ("[FD00::5]:1", "[fd00::5]:1"), ("a.example:0", nil), ("a.example:x", nil), ("", nil),
      ("https://a", nil), ("a b", nil), ("fd00::5", nil),
    ] as [(String, String?)])
  func hosts(text: String, shown: String?) {
    #expect(WebhookHost(optionText: text)?.optionText == shown)
  }
}

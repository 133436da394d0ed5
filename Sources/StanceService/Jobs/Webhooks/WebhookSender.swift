import Files
import Glibc
import HTTPClient
import Processes
import StanceJobs
import Synchronization
import Telemetry

/// Keeps the promises of a ``WebhookBox``: looks for jobs that have ended, and tells who is to be told. Of all processes that share the
/// folder one does so at a time; when it is gone, the next takes over.
final class WebhookSender: Sendable {
  /// What happened, for metrics and the log.
  enum Event: Sendable, Hashable {
    case told
    /// It is tried again.
    case failed(reason: String)
    /// It was tried as often as it is.
    case givenUp(reason: String)

    /// The word in metrics.
    var word: String {
      switch self {
      case .told: "told"
      case .failed: "failed"
      case .givenUp: "given_up"
      }
    }
  }

  /// Waits between attempts; after the last one it is given up.
  static let backOff = [10.0, 60, 300, 1800, 7200]
  /// For one message, in all.
  static let timeLimit = Duration.seconds(10)
  private static let lookEvery = Duration.seconds(1)
  private static let tidyEvery = Duration.seconds(3600)
  /// Promises that are looked at in one round.
  private static let round = 200
  /// Seconds after which a promise that has nothing to tell will have nothing.
  private static let abandonedAfter = 3600.0

  private let box: WebhookBox
  private let store: any JobStore
  private let secret: [UInt8]
  private let lookUp: @Sendable (String) -> [WebhookResolution.Address]
  private let report: @Sendable (JobID, Event) -> Void
  private let isEnding = Atomic(false)
  private let state = Mutex(State())

  private struct State {
    var thread: WorkerThread?
    var lock: FileLock?
    var position = 0
    var tidied: ContinuousClock.Instant?
  }

  /// - Throws: `ServiceError` or `FileError` when the secret can't be read; `HTTPClientError` when nobody can be told anything here.
  convenience init(
    _ box: WebhookBox, _ store: any JobStore, report: @escaping @Sendable (JobID, Event) -> Void
  ) throws {
    try self.init(box, store, lookUp: WebhookResolution.lookUp, report: report)
  }

  init(
    _ box: WebhookBox, _ store: any JobStore,
    lookUp: @escaping @Sendable (String) -> [WebhookResolution.Address],
    report: @escaping @Sendable (JobID, Event) -> Void
  ) throws {
    guard let file = box.options.secretFile else {
      throw ServiceError(
        "--webhook-host needs --webhook-secret: a file with the secret that messages are signed with"
      )
    }
    let text = String(decoding: try Files.read(file, limit: 4096), as: UTF8.self)
    secret = Array(text.prefix { !$0.isNewline }.utf8)
    guard secret.count >= Self.leastSecret else {
      throw ServiceError(
        "\(file): the secret has \(secret.count) bytes; wanted are \(Self.leastSecret) or more, on the first line"
      )
    }
    try HTTPClient.load()
    (self.box, self.store, self.lookUp, self.report) = (box, store, lookUp, report)
  }

  /// Bytes.
  private static let leastSecret = 16

  // MARK: The thread

  /// - Throws: `WorkerThread.StartError`.
  func start() throws {
    let thread = try WorkerThread { [self] in
      while !isEnding.load(ordering: .acquiring) {
        keepPromises()
        for _ in 0..<10 where !isEnding.load(ordering: .acquiring) {
          usleep(UInt32(Self.lookEvery / .microseconds(10)))
        }
      }
      state.withLock { $0.lock = nil }
    }
    state.withLock { $0.thread = thread }
  }

  /// Ends the thread, and waits for it: for a message that is under way a second at most.
  func stop() {
    isEnding.store(true, ordering: .releasing)
    state.withLock { $0.thread.take() }?.join()
  }

  /// One round.
  func keepPromises() {
    guard holdsLock() else { return }
    tidy()
    guard let all = try? box.pendingPromises(), !all.isEmpty else { return }
    let start = state.withLock { state in
      defer { state.position = (state.position + Self.round) % max(1, all.count) }
      return state.position % all.count
    }
    for name in (all[start...] + all[..<start]).prefix(Self.round) {
      if isEnding.load(ordering: .acquiring) { return }
      look(at: name)
    }
  }

  private func holdsLock() -> Bool {
    state.withLock { state in
      // Where there can be no lock, nobody can tell.
      if state.lock == nil { state.lock = try? FileLock.take(box.lockPath) }
      return state.lock != nil
    }
  }

  private func look(at name: WebhookPromise.Name) {
    guard var promise = box.promise(name) else { return }
    let now = Self.now
    guard now >= promise.notBefore else { return }
    let found: Job?
    // A store that can't be asked now is asked in the next round.
    do { found = try store.job(name.job) } catch { return }
    guard let found else { return idle(name, promise, now) { box.drop(name.job) } }
    guard let end = found.ended else { return }
    // Who runs the job again promises first, so another end may come.
    guard end != promise.after, box.told(of: name.job) != end else {
      return idle(name, promise, now) { box.withdraw(name) }
    }
    let event: Event
    do {
      try tell(promise.url, of: found, at: Int(now))
      event = .told
    } catch {
      promise.attempts += 1
      promise.idleSince = nil
      if promise.attempts > Self.backOff.count {
        event = .givenUp(reason: error.reason)
      } else {
        promise.notBefore = now + Self.backOff[promise.attempts - 1]
        event = .failed(reason: error.reason)
      }
    }
    do {
      if case .failed = event {
        try box.write(promise, as: name)
      } else {
        try box.settle(name, promise, end: end)
      }
    } catch {
      // Told once more in the next round: at least once is what is promised.
    }
    report(name.job, event)
  }

  /// There is nothing to tell: no such job (it was refused, or forgotten, or its maker has not handed it over yet), or no new end (it was
  /// not run again, or is not yet). When that has been so for long, it stays so.
  private func idle(
    _ name: WebhookPromise.Name, _ promise: WebhookPromise, _ now: Double, _ end: () -> Void
  ) {
    guard let since = promise.idleSince else {
      var idle = promise
      idle.idleSince = now
      // What can't be written now is written in the next round.
      try? box.write(idle, as: name)
      return
    }
    if now - since > Self.abandonedAfter { end() }
  }

  private func tell(_ url: String, of job: Job, at seconds: Int) throws(WebhookResolution.Refusal) {
    let address: WebhookAddress
    do { address = try WebhookAddress(url, allowed: box.options.hosts) } catch {
      // The operator took the host off the list since.
      throw .init(reason: error.detail)
    }
    let addresses = try WebhookResolution.addresses(
      of: address.host, allowed: box.options.hosts, lookUp: lookUp)
    let message = WebhookMessage(job.id, job.state, at: seconds, secret: secret)
    var request = HTTPClientRequest(address.text)
    request.method = "POST"
    request.schemes = "https"
    request.fields = [
      ("Content-Type", "application/json"), ("Stance-Signature", message.signature),
      ("User-Agent", "stance"), ("Expect", ""),
    ]
    request.body = HTTPClientBody(message.body)
    let name = address.host.host
    let bracketed = { (text: String) in text.contains(":") ? "[\(text)]" : text }
    request.resolved =
      "\(name):\(address.host.port):\(addresses.map(bracketed).joined(separator: ","))"
    request.authorities = box.options.authorities
    // A proxy would do the looking up, and connect where it likes.
    request.avoidsProxy = true
    (request.timeLimit, request.connectLimit) = (Self.timeLimit, Self.timeLimit)
    request.maxAnswer = 64 << 10
    request.givesUp = { [weak self] in self?.isEnding.load(ordering: .acquiring) ?? true }
    let answer: HTTPClientAnswer
    do { answer = try HTTPClient.send(request) } catch { throw .init(reason: error.reason) }
    guard (200..<300).contains(answer.status) else {
      throw .init(
        reason: (300..<400).contains(answer.status)
          ? "status \(answer.status): redirects are not followed" : "status \(answer.status)")
    }
  }

  /// Forgets promises of jobs that are gone.
  private func tidy() {
    let isDue = state.withLock { state in
      if let last = state.tidied, ContinuousClock.now - last < Self.tidyEvery { return false }
      state.tidied = .now
      return true
    }
    guard isDue, let kept = try? box.keptJobs() else { return }
    for job in kept {
      do { if try store.job(job) == nil { box.drop(job) } } catch { return }
    }
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

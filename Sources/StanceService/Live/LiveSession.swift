import HTTPServer
import Images
import PoseFormats
import Stance
import Synchronization
import Telemetry

/// One client's live pictures: frames in, of each exactly one answer out, in order.
///
/// Three tasks: one reads, one answers, one watches the time. The first that ends, ends the session. Only the answering
/// one sends, and it takes the next frame when the last answer is with the kernel: a client that does not read gets fewer
/// frames, not older ones, and nothing piles up for it.
final class LiveSession: Sendable {
  /// Frames that a client may have sent without an answer.
  static let credits = 2

  /// How a session ended.
  enum End: Sendable {
    case left
    case closed(UInt16, String)
    case failed(any Error)
  }

  struct Limits: Sendable {
    var images: ImageLimits
    var messagesPerSecond: Int
    var idleTime, lifeTime, staleTime: Duration
  }

  /// What was done.
  struct Tally: Sendable {
    var results = 0, dropped = 0, failed = 0
    var longestDelay = Duration.zero
  }

  private struct Times {
    var message: ContinuousClock.Instant
    /// Of the last frame, or of the session's beginning.
    var frame: ContinuousClock.Instant
    var isStale = false

    /// Whether no frame has come for so long, and nobody was told.
    mutating func becomesStale(at now: ContinuousClock.Instant, after time: Duration) -> Bool {
      guard !isStale, now - frame >= time else { return false }
      isStale = true
      return true
    }
  }

  private let socket: WebSocketConnection
  private let tracker: any LiveTracker
  private let place: LiveSessions.Place
  private let limits: Limits
  private let metrics: ServiceMetrics
  private let inbox: LiveInbox
  private let work = WorkQueue()
  private let began = ContinuousClock.now
  private let times: Mutex<Times>
  private let counts = Mutex(Tally())

  init(
    _ socket: WebSocketConnection, _ tracker: any LiveTracker, _ place: LiveSessions.Place,
    _ budget: BodyBudget, _ limits: Limits, _ metrics: ServiceMetrics
  ) {
    (self.socket, self.tracker, self.place) = (socket, tracker, place)
    (self.limits, self.metrics) = (limits, metrics)
    inbox = LiveInbox(budget.reservation())
    times = Mutex(Times(message: began, frame: began))
  }

  var tally: Tally { counts.withLock { $0 } }

  func run(_ parameters: LiveParameters) async -> End {
    await withTaskGroup(of: End.self) { group in
      group.addTask { await self.read(parameters) }
      group.addTask { await self.answer(parameters) }
      group.addTask { await self.watch() }
      defer { group.cancelAll() }
      return await group.next() ?? .left
    }
  }

  // MARK: Reading

  private func read(_ parameters: LiveParameters) async -> End {
    var reader = LiveReader(parameters, at: began)
    var rate = MessageRate(perSecond: limits.messagesPerSecond, at: began)
    var departures = inbox.departures.makeAsyncIterator()
    for await message in socket {
      let now = ContinuousClock.now
      guard rate.take(at: now) else {
        return .closed(1008, "more than \(limits.messagesPerSecond) messages a second")
      }
      if case .text(let text) = message, text.utf8.count > LiveMessage.maxBytes {
        return .closed(1009, "a text of more than \(LiveMessage.maxBytes) bytes")
      }
      times.withLock { $0.message = now }
      guard let entry = reader.entry(for: message, at: now) else { continue }
      inbox.put(entry)
      // Behind it: that the next one is late comes after this one's answer.
      if case .frame = entry { times.withLock { ($0.frame, $0.isStale) = (now, false) } }
      while inbox.isFull {
        guard await departures.next() != nil else { return .left }
      }
    }
    return .left
  }

  // MARK: Answering

  private func answer(_ parameters: LiveParameters) async -> End {
    var course = LiveCourse(parameters)
    var arrivals = inbox.arrivals.makeAsyncIterator()
    do {
      try await send(
        ["live": 1, "options": parameters.json, "credits": .integer(Self.credits)])
      while !Task.isCancelled {
        if let entry = inbox.take() {
          try await answer(entry, &course)
        } else if await arrivals.next() == nil {
          break
        }
      }
      return .left
    } catch is ClientGone {
      return .left
    } catch is CancellationError {
      return .left
    } catch {
      return .failed(error)
    }
  }

  private func answer(_ entry: LiveEntry, _ course: inout LiveCourse) async throws {
    switch entry {
    case .frame(let frame):
      defer { inbox.release(frame) }
      try await answer(frame, &course)
    case .dropped(let number):
      try await send(["frame": .integer(number), "dropped": true])
      counts.withLock { $0.dropped += 1 }
      metrics.liveFrames.add(1, "dropped")
    case .failed(let number, let problem):
      try await sendFailure(of: number, problem)
    case .options(let changed):
      try tracker.change(changed.effectivePose, tracking: changed.tracking)
      course.change(to: changed)
      try await send(["options": changed.json])
    case .reset:
      tracker.reset()
      course.reset()
      try await send(["reset": true])
    case .notice(let notice):
      try await send(notice)
    }
  }

  private func answer(_ frame: LiveFrame, _ course: inout LiveCourse) async throws {
    let answer: (json: [UInt8], mask: [UInt8]?)
    do {
      answer = try await result(of: frame, &course)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      let problem = Problem(describing: error)
      try await sendFailure(of: frame.number, problem)
      // What is no fault of the frame's will not be better with the next one.
      if problem.code == .internalError { throw error }
      return
    }
    try await socket.send(.text(String(decoding: answer.json, as: UTF8.self)))
    if let mask = answer.mask { try await socket.send(.binary(mask)) }
    let delay = ContinuousClock.now - frame.arrived
    counts.withLock { tally in
      tally.results += 1
      tally.longestDelay = max(tally.longestDelay, delay)
    }
    metrics.liveFrames.add(1, "result")
    metrics.liveDelay.observe(delay / .seconds(1))
  }

  private func result(
    of frame: LiveFrame, _ course: inout LiveCourse
  ) async throws -> (json: [UInt8], mask: [UInt8]?) {
    let limits = limits.images
    let image = try await work.run {
      // Others take a process of their own for each, which is more than a frame is worth.
      if let format = ImageFormat(of: frame.bytes), ![.jpeg, .webp, .png].contains(format) {
        throw Problem(
          .unsupportedMedia, "a frame is \(format.rawValue); frames are JPEG, WebP or PNG")
      }
      return try EncodedImage(frame.bytes, limits: limits)
    }
    var tracked = try await tracker.track(image, at: frame.time)
    tracked.index = frame.number
    place.note(tracked.result.timing.total)
    let (result, motion) = (tracked, course.add(tracked))
    let hasMask = course.parameters.mask == .png
    return try await work.run {
      let line =
        try motion.map { try ResultsLine.encoded(result, with: $0) }
        ?? ResultsLine.frame(result).encoded()
      return (Array(line.dropLast()), hasMask ? try ImageEncoder.png(result.result.maskOfAll) : nil)
    }
  }

  private func sendFailure(of number: Int, _ problem: Problem) async throws {
    try await send(["frame": .integer(number), "error": problem.json])
    counts.withLock { $0.failed += 1 }
    metrics.liveFrames.add(1, "error")
  }

  private func send(_ json: JSONValue) async throws {
    try await socket.send(.text(json.description))
  }

  // MARK: Watching

  private func watch() async -> End {
    while true {
      let now = ContinuousClock.now
      let (times, isNews) = times.withLock { times in
        let isNews = times.becomesStale(at: now, after: limits.staleTime)
        return (times, isNews)
      }
      if isNews { inbox.put(.notice(["stale": true])) }
      if now - began >= limits.lifeTime {
        return .closed(1008, "a session may last \(limits.lifeTime); begin another")
      }
      if now - times.message >= limits.idleTime {
        return .closed(1008, "no message for \(limits.idleTime)")
      }
      var next = min(began + limits.lifeTime, times.message + limits.idleTime)
      if !times.isStale { next = min(next, times.frame + limits.staleTime) }
      // Once stale, the next frame is noticed within that time.
      do { try await Task.sleep(until: min(next, now + limits.staleTime)) } catch { return .left }
    }
  }
}

import Dispatch
import Images
import Processes
import Synchronization

/// Frames of a source that gives them as they happen, by one connection after another.
///
/// A connection that gives no frame for too long, or ends, is given up and another one tried, with growing waits. Frames are
/// of the first connection's size, and their times go on.
final class LiveSource: EventSource {
  /// The unit of its ticks, whatever the stream's own is.
  static let timeBase = TimeBase(1, 1_000_000)

  let info: VideoInfo
  private let input: DecoderInput
  private let video: CodedVideo
  private let options: VideoReadingOptions
  private let tools: VideoTools
  private let policy: LivePolicy
  private let progress: Mutex<Progress>
  private let stopping = Mutex(Stopping())
  /// Raised by ``stop()``, for who waits between two connections.
  private let stopped = DispatchSemaphore(value: 0)

  /// What another thread may do.
  private struct Stopping {
    var child: StreamingChild?
    var isStopped = false
  }

  private struct Progress {
    var connection: LiveConnection?
    /// Whether the connection has given a frame.
    var hasDelivered = false
    var clock = LiveClock()
    /// Frames that came so far, those that nobody took included.
    var frames = 0
    /// Frames that could be given, of which every Nth is.
    var selected = 0
    var first: ContinuousClock.Instant?
    /// When the last frame came; before the first one, when the source was opened.
    var last = ContinuousClock.now
    var lastTime = 0.0
    /// Connections that were tried since then.
    var attempts = 0
    var isStale = false
    /// Comes after "resumed".
    var waiting: VideoFrame?
    var isFinished = false
  }

  /// - Throws: `VideoError` when ffmpeg can't be started.
  init(
    _ input: DecoderInput, _ video: CodedVideo, _ options: VideoReadingOptions, _ tools: VideoTools,
    _ policy: LivePolicy
  ) throws(VideoError) {
    var video = video
    video.info.timeBase = Self.timeBase
    (video.info.zero, video.info.start, video.info.frameCount) = (0, 0, nil)
    self.info = video.info
    self.video = video
    // A multipart stream of JPEGs tells no times, and ffmpeg makes up 25 a second.
    let isPlainPictures = video.info.codec == "mjpeg" && input.address?.isRTSP == false
    if isPlainPictures, let address = input.address {
      self.input = .address(address, usesWallClock: true)
    } else {
      self.input = input
    }
    self.options = options
    self.tools = tools
    self.policy = policy
    progress = Mutex(Progress())
    let child = try connect()
    progress.withLock { $0.connection = LiveConnection(child, size: video.info.size) }
  }

  // MARK: EventSource

  func nextEvent() throws(VideoError) -> VideoEvent? {
    let result: Result<VideoEvent?, VideoError> = progress.withLock { progress in
      do throws(VideoError) {
        while !progress.isFinished, !isStopped {
          if let event = try step(&progress) { return .success(event) }
        }
        return .success(nil)
      } catch {
        progress.isFinished = true
        return .failure(error)
      }
    }
    return try result.get()
  }

  func stop() {
    let child = stopping.withLock { stopping in
      stopping.isStopped = true
      return stopping.child
    }
    child?.kill()
    stopped.signal()
  }

  func end() {
    stop()
    progress.withLock { $0.connection = nil }
    stopping.withLock { $0.child = nil }
  }

  private var isStopped: Bool { stopping.withLock { $0.isStopped } }

  // MARK: Steps

  /// One wait; nil when there is nothing to tell yet.
  private func step(_ progress: inout Progress) throws(VideoError) -> VideoEvent? {
    if let frame = progress.waiting.take() { return .frame(frame) }
    guard !isOver(progress) else {
      progress.isFinished = true
      return nil
    }
    guard progress.connection != nil else {
      try reconnect(&progress)
      return nil
    }
    let patience =
      progress.hasDelivered ? policy.stall(frameRate: info.frameRate) : policy.connecting
    let outcome: LiveConnection.Outcome?
    do {
      outcome = try progress.connection?.next(within: patience)
    } catch {
      return try lose("\(error)", &progress)
    }
    switch outcome {
    case .frame(let pixels, let ticks)?: return take(pixels, ticks, &progress)
    case .silence?, nil:
      return try lose("no frame came for \(patience / .seconds(1)) s", &progress)
    case .ended?: return try lose(nil, &progress)
    }
  }

  private func take(
    _ pixels: [UInt8], _ ticks: Int64?, _ progress: inout Progress
  ) -> VideoEvent? {
    let now = ContinuousClock.now
    let time = progress.clock.time(ticks.map { Self.timeBase.seconds($0) }, at: now)
    let silence = (now - progress.last) / .seconds(1)
    let attempts = progress.attempts
    let index = progress.frames
    progress.frames += 1
    progress.hasDelivered = true
    progress.first = progress.first ?? now
    (progress.last, progress.lastTime, progress.attempts) = (now, time, 0)
    if let endTime, time >= endTime {
      progress.isFinished = true
      return nil
    }
    var frame: VideoFrame?
    if time >= options.start ?? 0 {
      if progress.selected % options.every == 0 {
        frame = VideoFrame(
          image: Image(size: info.size, bgrx: pixels), time: time,
          ticks: Int64((time / Self.timeBase.seconds(1)).rounded()), index: index)
      }
      progress.selected += 1
    }
    guard progress.isStale else { return frame.map { .frame($0) } }
    progress.isStale = false
    progress.waiting = frame
    return .resumed(seconds: silence, attempts: attempts)
  }

  /// The connection is of no use: ends it, and says so the first time.
  ///
  /// - Parameter reason: nil when it ended by itself.
  private func lose(_ reason: String?, _ progress: inout Progress) throws(VideoError) -> VideoEvent?
  {
    let patience = reason == nil ? Duration.seconds(2) : .zero
    var reason = reason ?? "the connection ended"
    var isProperEnd = false
    if let child = progress.connection?.child {
      do {
        let ending = try child.end(within: patience)
        let complaint = DecoderComplaint(
          status: ending.status, errors: ending.errors, hiding: input.address)
        if let words = complaint.lines.last { reason += "; ffmpeg says: \(words)" }
        isProperEnd = ending.status == .exited(0)
      } catch {
        reason += "; \(error)"
      }
    }
    progress.connection = nil
    progress.hasDelivered = false
    progress.clock.reconnected()
    stopping.withLock { $0.child = nil }
    if isStopped { return nil }
    if isProperEnd, try hasEnded(progress) {
      progress.isFinished = true
      return nil
    }
    guard !progress.isStale else { return nil }
    progress.isStale = true
    return .stale(seconds: silence(progress), reason: reason)
  }

  /// Whether the source itself is at its end: a recording by RTSP, or a playlist that has been closed.
  private func hasEnded(_ progress: Progress) throws(VideoError) -> Bool {
    if let duration = info.duration { return progress.lastTime >= duration - 1 }
    guard let address = input.address, video.isSegmented else { return false }
    do {
      let now = try StreamProbe.read(
        input, named: address.description, maxPixels: options.maxPixels, tools: tools)
      return now.info.duration != nil
    } catch {
      // Not to be had: it is lost.
      return false
    }
  }

  private func reconnect(_ progress: inout Progress) throws(VideoError) {
    if let limit = options.maxDowntime, silence(progress) >= limit {
      throw VideoError(
        .timedOut, "no frame came for \((10 * silence(progress)).rounded() / 10) s",
        after: progress.first.map { _ in
          VideoError.Place(index: progress.frames - 1, time: progress.lastTime)
        })
    }
    var wait = policy.backOff.delay(before: progress.attempts)
    if let limit = options.maxDowntime {
      wait = min(wait, Self.wait(limit - silence(progress)))
    }
    if let endTime, let first = progress.first {
      wait = min(wait, Self.wait(endTime - (ContinuousClock.now - first) / .seconds(1)))
    }
    let nanoseconds = Int((wait / .nanoseconds(1)).rounded(.up))
    guard stopped.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .timedOut, !isOver(progress)
    else { return }
    progress.attempts += 1
    do {
      progress.connection = LiveConnection(try connect(), size: info.size)
    } catch {
      // This machine has nothing left for it at the moment; a program that has gone comes back seldom.
      guard error.code == .noResources else { throw error }
    }
  }

  private func connect() throws(VideoError) -> StreamingChild {
    let command = DecodingCommand(
      input: input, video: video, selection: FrameSelection(VideoReadingOptions(), of: info),
      options: options, seek: nil, stopsAtDamage: false)
    let child: StreamingChild
    do {
      child = try input.start(command.command(tools), extraOutput: true)
    } catch let error as ProcessError {
      throw DecoderComplaint.notStarted(error)
    } catch let error as VideoError {
      throw error
    } catch {
      throw VideoError(.noResources, "\(error)")
    }
    let isStopped = stopping.withLock { stopping in
      stopping.child = child
      return stopping.isStopped
    }
    if isStopped { child.kill() }
    return child
  }

  // MARK: Times

  /// Seconds since the last frame.
  private func silence(_ progress: Progress) -> Double {
    (ContinuousClock.now - progress.last) / .seconds(1)
  }

  /// The time at which reading ends, in seconds from the first frame; nil for never.
  private var endTime: Double? { options.duration.map { (options.start ?? 0) + $0 } }

  /// Whether a source that gives no frames has been followed for long enough: any frame that comes is too late.
  private func isOver(_ progress: Progress) -> Bool {
    guard progress.connection == nil, let endTime else { return false }
    // Before the first frame: since the source was opened.
    return (ContinuousClock.now - (progress.first ?? progress.last)) / .seconds(1) >= endTime
  }

  /// So many seconds, within a day: a `Duration` has an end, which these need not have.
  private static func wait(_ seconds: Double) -> Duration {
    .seconds(min(max(0, seconds), 86_400))
  }
}

import Foundation
import Glibc
import Images
import Processes
import Synchronization
import TestSupport
import Testing

@testable import Video

@Suite("Streams over HTTP", .timeLimit(.minutes(5)))
struct StreamTests {
  /// Gives up soon, and tries again at once.
  private static let hasty = LivePolicy(
    stall: .milliseconds(700), connecting: .seconds(200), backOff: soon)

  /// Notices an end, and tries again at once; busy machines stall for longer than that.
  private static let attentive = LivePolicy(
    stall: .seconds(200), connecting: .seconds(200), backOff: soon)

  private static let soon = BackOff(first: .milliseconds(20), longest: .milliseconds(50))

  /// Never gives up within a test's time.
  private static let patient = LivePolicy(
    stall: .seconds(3600), connecting: .seconds(3600), backOff: BackOff(first: .seconds(3600)))

  private static let (user, password) = ("bob", "s3cr%65t-word")

  private func open(
    _ address: String, _ options: VideoReadingOptions = VideoReadingOptions(),
    live: LivePolicy = hasty
  ) throws -> VideoReader {
    try VideoReader(
      VideoSource(argument: address), options: options, tools: VideoTools(), live: live)
  }

  private func error(_ address: String) throws -> VideoError {
    try #require(throws: VideoError.self) {
      let reader = try open(address)
      while try reader.next() != nil {}
    }
  }

  /// 75 frames of MPEG-TS.
  private static func stream(size: String) throws -> [UInt8] {
    try MadeClip(
      "stream.ts",
      MadeClip.pattern(size: size, seconds: 3) + MadeClip.h264 + ["-g", "5", "-muxdelay", "0"]
    ).bytes
  }

  /// Of 160x120 pixels.
  private static let small = Result { try stream(size: "160x120") }

  /// The arguments of all processes that this user can see, that of the test left out.
  private func argumentsOfOthers() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [])
      .filter { $0.allSatisfy(\.isNumber) && $0 != "\(getpid())" }
      .compactMap { FileManager.default.contents(atPath: "/proc/\($0)/cmdline") }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// What became of a live source, without the frames; and all frames.
  private func follow(
    _ reader: VideoReader, until isEnough: ([String], [VideoFrame]) -> Bool
  ) throws -> (happenings: [String], frames: [VideoFrame]) {
    var happenings: [String] = []
    var frames: [VideoFrame] = []
    while !isEnough(happenings, frames), let event = try reader.nextEvent() {
      switch event {
      case .frame(let frame): frames.append(frame)
      case .stale(_, let reason): happenings.append("stale: \(reason)")
      case .resumed(_, let attempts): happenings.append(attempts >= 1 ? "resumed" : "no attempt")
      }
    }
    return (happenings, frames)
  }

  @Test("A file is read as one on disk is, every frame, and its password is seen nowhere")
  func file() throws {
    let clip = try MadeClip.plain.get()
    let bytes = try clip.bytes
    // Whoever asks is there until it is answered: so short a clip may be read to its end before anybody could look for its reader.
    let seen = Mutex<[String]>([])
    let server = try HTTPTestServer { [self] request in
      let arguments = argumentsOfOthers()
      seen.withLock { $0 += arguments }
      return request.headers["authorization"] == nil
        ? .status(401, headers: ["WWW-Authenticate: Basic realm=\"x\""]) : .file(bytes)
    }
    defer { server.stop() }
    let reader = try open(
      server.address("/a.mp4?token=s3cret-word", user: "\(Self.user):\(Self.password)"))
    #expect(!reader.info.isLive && reader.info.source == server.address("/a.mp4?…"))
    #expect(reader.info.duration.map { abs($0 - 0.8) < 0.1 } == true)
    var ticks: [Int64] = []
    while let frame = try reader.next() { ticks.append(frame.ticks) }
    let arguments = seen.withLock { $0 }
    #expect(arguments.contains { $0.contains("ffmpeg") && $0.contains("concat") })
    #expect(!arguments.contains { $0.contains("s3cr") || $0.contains("\(server.port)") })
    #expect(try ticks == FFprobe.ticks(clip.path) && reader.droppedFrames == 0)
    #expect(
      server.requests.contains { $0.headers["authorization"] == "Basic Ym9iOnMzY3JldC13b3Jk" })
  }

  @Test("A file whose server breaks off gives its whole frames, then an error")
  func brokenOff() throws {
    let bytes = try MadeClip.plain.get().bytes
    let server = try HTTPTestServer { _ in .file(bytes, upTo: bytes.count * 7 / 10) }
    defer { server.stop() }
    let reader = try open(server.address("/a.mp4"))
    var count = 0
    let error = try #require(throws: VideoError.self) {
      while try reader.next() != nil { count += 1 }
    }
    #expect(error.code == .damaged && count > 5 && count < 20)
    #expect(error.lastFrame?.index == count - 1)
  }

  @Test("A refusal, a missing page and a closed port are told without user, password and query")
  func refused() throws {
    let server = try HTTPTestServer { request in
      .status(
        request.target.hasPrefix("/missing") ? 404 : 401,
        headers: ["WWW-Authenticate: Basic realm=\"x\""])
    }
    defer { server.stop() }
    let user = "\(Self.user):\(Self.password)"
    let dead = try HTTPTestServer { _ in .status(500) }
    dead.stop()
    for (address, words) in [
      (server.address("/a?token=s3cret-word", user: user), "401"),
      (server.address("/missing?token=s3cret-word", user: user), "404"),
      (dead.address("/a?token=s3cret-word", user: user), "refused"),
    ] {
      let error = try error(address)
      #expect(error.code == .unreadable && error.message.contains(words), "\(error)")
      #expect(!error.message.contains("s3cr") && !error.message.contains(Self.user), "\(error)")
    }
  }

  @Test(
    "A stream that stalls, ends, comes back and changes its size goes on, in frames of one size")
  func comesBack() throws {
    let (small, large) = try (Self.small.get(), Self.stream(size: "320x180"))
    let server = try HTTPTestServer { request in
      switch request.number {
      case 0: .stream(small, holds: false)  // ffprobe's.
      case 1: .stream(small, holds: true)
      case 2: .status(503)
      case 3: .stream(large, holds: false)
      default: .stream(small, holds: true)
      }
    }
    defer { server.stop() }
    // Limits that are none.
    let reader = try open(
      server.address("/live", user: "\(Self.user):\(Self.password)"),
      VideoReadingOptions(duration: 1e300, maxDowntime: .infinity))
    #expect(reader.info.isLive && reader.info.container == "http")
    let (happenings, frames) = try follow(reader) { happenings, frames in
      happenings.count >= 4 && frames.last.map { $0.index > 200 } == true
    }
    let kinds = happenings.map { $0.prefix { $0 != ":" } }
    #expect(kinds.prefix(4) == ["stale", "resumed", "stale", "resumed"])
    #expect(happenings.first?.contains("no frame came for 0.7 s") == true)
    #expect(!happenings.joined().contains("s3cr"))
    #expect(frames.allSatisfy { $0.image.size == ImageSize(width: 160, height: 120) })
    for (frame, next) in zip(frames, frames.dropFirst()) {
      #expect(frame.time < next.time && frame.index < next.index)
    }
    reader.close()
    #expect(try reader.next() == nil)
  }

  @Test("Of a live stream the frames that nobody waits for are left out, and counted")
  func drops() throws {
    let bytes = try Self.small.get()
    let server = try HTTPTestServer { .stream(bytes, holds: $0.number > 0) }
    defer { server.stop() }
    let reader = try open(server.address("/live"), live: Self.patient)
    while reader.droppedFrames < 60 { usleep(10_000) }
    let first = try #require(try reader.next())
    #expect(first.index >= 60 && reader.droppedFrames >= first.index)
    #expect(abs(first.time - 0.04 * Double(first.index)) < 0.001)
    reader.close()
  }

  @Test("Closing a stream that has stalled ends it, and its process is gone")
  func closedWhileStalled() throws {
    let bytes = try Self.small.get()
    let server = try HTTPTestServer { .stream(bytes, holds: $0.number > 0) }
    defer { server.stop() }
    let reader = try open(server.address("/live"), live: Self.patient)
    while let frame = try reader.next(), frame.index < 60 {}
    let closer = try WorkerThread { reader.close() }
    while try reader.next() != nil {}
    closer.join()
    // ffmpeg's connection has ended with it.
    while server.openConnections > 0 { usleep(10_000) }
    // Between two connections as well.
    let ending = try HTTPTestServer { _ in .stream(bytes, holds: false) }
    defer { ending.stop() }
    let waiting = try open(ending.address("/live"), live: Self.patient)
    _ = try follow(waiting) { happenings, _ in !happenings.isEmpty }
    waiting.close()
    #expect(try waiting.nextEvent() == nil)
  }

  @Test("A duration ends a stream that goes on, and one that has stalled")
  func duration() throws {
    let bytes = try Self.small.get()
    let server = try HTTPTestServer { .stream(bytes, holds: $0.number > 0) }
    defer { server.stop() }
    let reader = try open(
      server.address("/live"), VideoReadingOptions(start: 0.4, duration: 1, every: 5))
    #expect(reader.origin == 400_000)
    let frames = try follow(reader) { _, _ in false }.frames
    #expect(!frames.isEmpty && frames.allSatisfy { $0.time >= 0.4 && $0.time < 1.4 })
    #expect(frames.allSatisfy { $0.ticks >= reader.origin })
    #expect(frames.allSatisfy { $0.index % 5 == 0 })
    // No frame comes after the third second, and no connection either.
    let broken = try HTTPTestServer { request in
      request.number < 2 ? .stream(bytes, holds: false) : .status(503)
    }
    defer { broken.stop() }
    let stalled = try open(broken.address("/live"), VideoReadingOptions(duration: 3.5))
    let (happenings, _) = try follow(stalled) { _, _ in false }
    #expect(happenings.count == 1)
  }

  @Test(
    "A stream that does not come back in the time that is given ends with an error after its last frame"
  )
  func downtime() throws {
    let bytes = try Self.small.get()
    let server = try HTTPTestServer { request in
      request.number < 2 ? .stream(bytes, holds: false) : .status(503)
    }
    defer { server.stop() }
    let reader = try open(
      server.address("/live"), VideoReadingOptions(maxDowntime: 0.3), live: Self.attentive)
    let error = try #require(throws: VideoError.self) { while try reader.next() != nil {} }
    #expect(error.code == .timedOut && error.lastFrame?.index == 74)
  }

  @Test("JPEGs one after another are a live stream with the times of their coming")
  func pictures() throws {
    let clip = try MadeClip(
      "pictures.mpjpeg", MadeClip.pattern(seconds: 2) + ["-c:v", "mjpeg", "-f", "mpjpeg"])
    let bytes = try clip.bytes
    let server = try HTTPTestServer { _ in
      .stream(bytes, holds: false, type: "multipart/x-mixed-replace;boundary=ffmpeg")
    }
    defer { server.stop() }
    let reader = try open(server.address("/camera"), live: Self.attentive)
    let frames = try follow(reader) { happenings, _ in !happenings.isEmpty }.frames
    #expect(reader.info.isLive && reader.info.codec == "mjpeg" && !frames.isEmpty)
    // By ffmpeg's own count they are 0.04 s apart.
    let last = try #require(frames.last)
    #expect(last.index >= 45 && abs(last.time - 0.04 * Double(last.index)) > 0.001)
  }

  @Test("A recording by HLS is read whole")
  func recording() throws {
    let folder = try HLSFolder()
    let server = try HTTPTestServer { folder.answer($0) }
    defer { server.stop() }
    let reader = try open(server.address("/v.m3u8"))
    #expect(!reader.info.isLive && reader.info.duration == 3)
    var count = 0
    while try reader.next() != nil { count += 1 }
    #expect(count == 75)
  }

  @Test("A live playlist is followed, and its end ends the reading")
  func livePlaylist() throws {
    let folder = try HLSFolder()
    let server = try HTTPTestServer { request in
      // ffprobe and ffmpeg ask first.
      folder.answer(request, segments: request.number < 2 ? 2 : 3, isOver: request.number > 3)
    }
    defer { server.stop() }
    let reader = try open(server.address("/v.m3u8"), live: Self.attentive)
    #expect(reader.info.isLive)
    let (happenings, frames) = try follow(reader) { _, _ in false }
    #expect(happenings.isEmpty && frames.last?.index == 74)
  }

  @Test(
    "A playlist opens nothing by another kind of protocol",
    arguments: [
      "file:@", "@", "concat:@", "subfile,,start,0,end,0,,:@", "pipe:0", "ftp://127.0.0.1:9/x",
    ])
  func playlists(entry: String) throws {
    let target = try MadeClip("target.ts", bytes: Self.small.get())
    let text =
      "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n"
      + entry.replacing("@", with: target.path) + "\n#EXT-X-ENDLIST\n"
    let server = try HTTPTestServer { request in
      request.target == "/v.m3u8" ? .file(Array(text.utf8)) : .status(404)
    }
    defer { server.stop() }
    let error = try error(server.address("/v.m3u8"))
    #expect([.unsupported, .unreadable].contains(error.code) && !error.message.isEmpty)
  }
}

/// Three seconds in three segments.
private final class HLSFolder: Sendable {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let result = try ChildProcess.run(
      Command(
        "ffmpeg",
        ["-v", "error", "-nostdin"] + MadeClip.pattern(seconds: 3) + MadeClip.h264 + [
          "-g", "5", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0",
          folder.path + "/v.m3u8",
        ]), outputLimit: 0, timeout: .seconds(60))
    guard result.succeeded else { throw MadeClip.Failure(description: result.errors) }
  }

  func answer(
    _ request: HTTPTestServer.Request, segments: Int = 3, isOver: Bool = true
  ) -> HTTPTestServer.Answer {
    guard let data = FileManager.default.contents(atPath: folder.path + request.target) else {
      return .status(404)
    }
    guard request.target.hasSuffix(".m3u8") else { return .file([UInt8](data)) }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    let head = lines.prefix { !$0.hasPrefix("#EXTINF") }
    let entries = lines.dropFirst(head.count).filter { $0 != "#EXT-X-ENDLIST" }
    let kept = head + entries.prefix(2 * segments) + (isOver ? ["#EXT-X-ENDLIST"] : [])
    return .file(Array((kept.joined(separator: "\n") + "\n").utf8))
  }
}

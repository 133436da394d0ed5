import Files
import Foundation
import Images
import PoseFormats
import PoseVideo
import Processes
import Stance
import StanceCommands
import StanceService
import Synchronization
import TestSupport
import Testing

@Suite("video", .enabled(if: canEncode, "needs the codecs"))
struct VideoCommandTests {
  @Test("without --json everybody is one readable line: who, when, how long, how sure")
  func readable() throws {
    let clip = try VideoRuns.clip(31)
    let run = VideoRuns.run([clip.path])
    #expect(
      run.output.lines == [
        "\(clip.path): person 1, 0.00 s to 1.00 s, in 31 of 31 frames, confidence 0.90"
      ])
    #expect(run.status == 0 && run.errors.text.isEmpty)
  }

  @Test("nobody found is a line, and no error")
  func nobody() throws {
    let clip = try VideoRuns.clip(2)
    let run = VideoRuns.run([clip.path], FakeTracker(nobody: true))
    #expect(run.output.lines == ["\(clip.path): nobody found in 2 frames"])
    #expect(run.status == 0)
  }

  @Test("--json prints source and options, then each frame with its number and time")
  func json() throws {
    let clip = try VideoRuns.clip(5)
    let run = VideoRuns.run([clip.path, "--json", "--frame-rate", "10", "--smoothing", "off"])
    let lines = try VideoRuns.lines(run)
    guard case .header(let header) = lines.first else {
      Issue.record("no header")
      return
    }
    #expect(header.source.file == clip.path && header.source.size.width == 16)
    #expect(header.tracking.smoothing == .off)
    let frames = try VideoRuns.frames(run)
    #expect(lines.count == 6 && frames.map(\.index) == [0, 1, 2, 3, 4])
    for frame in frames { #expect(abs(frame.time - Double(frame.index) / 10) < 1e-9) }
  }

  @Test("--start, --duration and --every choose frames, which keep number and time")
  func selection() throws {
    let clip = try VideoRuns.clip(40)
    let run = VideoRuns.run(
      [
        clip.path, "--json", "--frame-rate", "10", "--start", "1", "--duration", "0:02", "--every",
        "5",
      ])
    #expect(try VideoRuns.frames(run).map(\.index) == [10, 15, 20, 25])
  }

  @Test("a stream that comes back is told on standard error, Ctrl-C ends it while it stalls")
  func stream() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/stream.ts"
    let made = try ChildProcess.run(
      Command(
        "ffmpeg",
        [
          "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=160x120:duration=3",
          "-c:v",
          "mpeg2video", "-g", "5", path,
        ]), outputLimit: 0, timeout: .seconds(60))
    try #require(made.succeeded, "\(made.errors)")
    let bytes = try Files.read(path, limit: 1 << 24)
    let server = try HTTPTestServer { .stream(bytes, holds: $0.number > 1) }
    defer { server.stop() }
    // How often it was asked for a signal since the last frame of the second connection: twenty times is a second.
    let asked = Mutex(-1)
    let interrupts = Interrupts(
      watch: {},
      signal: {
        asked.withLock { asked in
          if asked > -1 { asked += 1 }
          return asked > 20 ? SIGINT : nil
        }
      })
    let run = VideoRuns.run(
      [server.address("/live?token=s3cret", user: "bob:s3cret"), "--json"],
      FakeTracker(onFrame: { index in if index > 80 { asked.withLock { $0 = 0 } } }),
      interrupts: interrupts)
    #expect(run.status == 130)
    let shown = server.address("/live?…")
    #expect(run.errors.lines.count == 2, "\(run.errors.text)")
    #expect(
      run.errors.lines.first?.hasPrefix("stance: \(shown): stale: the connection ended") == true)
    #expect(run.errors.lines.last?.hasPrefix("stance: \(shown): resumed after ") == true)
    guard case .header(let header) = try VideoRuns.lines(run).first else {
      Issue.record("no header")
      return
    }
    #expect(header.source.file == shown && header.source.duration == nil)
    let frames = try VideoRuns.frames(run)
    #expect(frames.last.map { $0.index > 75 } == true)
    for text in [run.output.text, run.errors.text] {
      #expect(!text.contains("s3cret") && !text.contains("bob"))
    }
  }

  @Test(
    "what is written to standard error of an address hides its password, whatever is wrong with it",
    arguments: [
      ["ftp://bob:s3cret@h/x"], ["http://bob:s3/cret@h/x"], ["rtsp://bob:s3cret@h", "b"],
      ["rtsp://h", "--follow", "rtsp://bob:s3cret@h"], ["http://bob:s3cret@127.0.0.1:1/x?s3cret"],
    ])
  func secrets(words: [String]) {
    let run = VideoRuns.run(words)
    #expect(run.status != 0 && !run.errors.text.isEmpty)
    #expect(!run.errors.text.contains("s3cret") && !run.errors.text.contains("s3/cret"))
  }

  @Test("the options reach the tracker")
  func options() throws {
    let clip = try VideoRuns.clip(1)
    let given = Mutex<(PoseOptions, TrackingOptions)?>(nil)
    let run = VideoRuns.run(
      [
        clip.path, "--complexity", "2", "--max-people", "3", "--follow", "centre", "--memory", "10",
      ], onMake: { pose, tracking in given.withLock { $0 = (pose, tracking) } })
    #expect(run.status == 0)
    let options = given.withLock { $0 }
    #expect(options?.0.complexity == .heavy && options?.0.maxPeople == 3)
    #expect(options?.1 == TrackingOptions(memory: 10, follow: .nearestToCenter))
  }

  @Test(
    "wrong usage ends with status 64 and says what was wanted",
    arguments: [
      (["--follow", "nobody"], "largest, centre, or an id"), (["--every", "0"], "not from 1"),
      (["--start", "-1"], "a time such as"), (["--start", "1:75"], "a time such as"),
      (["--memory", "61"], "not from 0 to 60"),
      (["--smoothing", "strong"], "one-euro, zero-lag, off"),
      (["--follow", "0"], "from 1 on"), ([], "INPUT"), (["--passes", "3"], "not from 1 to 2"),
      (["--cutoff", "0"], "not from"), (["--slow-motion", "0"], "not from"),
      (["--smoothing", "zero-lag", "--passes", "1"], "needs the whole video"),
    ])
  func usage(_ arguments: [String], wanted: String) throws {
    let run = VideoRuns.run((arguments.isEmpty ? [] : ["clip.mp4"]) + arguments)
    #expect(run.status == 64)
    #expect(run.errors.text.contains(wanted), "\(run.errors.text)")
  }

  @Test(
    "standard input can be gone through once only",
    arguments: [["--passes", "2"], ["--smoothing", "zero-lag"]])
  func standardInput(_ options: [String]) {
    let run = VideoRuns.run(["-"] + options)
    #expect(run.status == 64 && run.errors.text.contains("standard input"), "\(run.errors.text)")
  }

  @Test("two passes give every frame, and the first line says how often and how it was smoothed")
  func twoPasses() throws {
    let clip = try VideoRuns.clip(20)
    let given = Mutex<TrackingOptions?>(nil)
    let run = VideoRuns.run(
      [clip.path, "--json", "--frame-rate", "10", "--smoothing", "zero-lag", "--raw"],
      onMake: { _, tracking in given.withLock { $0 = tracking } })
    #expect(run.status == 0 && run.errors.text.isEmpty)
    let tracking = given.withLock { $0 }
    #expect(tracking?.passes == 2 && tracking?.keepsRaw == true)
    guard case .header(let header) = try VideoRuns.lines(run).first else {
      Issue.record("no header")
      return
    }
    #expect(header.tracking == tracking)
    #expect(header.zeroLag == ZeroLagDesign(cutoff: 6, frameRate: header.zeroLag?.frameRate ?? 0))
    #expect(abs((header.zeroLag?.frameRate ?? 0) - 10) < 1e-6)
    let frames = try VideoRuns.frames(run)
    #expect(frames.map(\.index) == Array(0..<20))
    #expect(frames.allSatisfy { $0.people.map(\.id) == [1] })
  }

  @Test("of a video that breaks off, or is broken off, two passes give what came before")
  func twoPassesOfAPart() throws {
    let clip = try VideoRuns.clip(20)
    let broken = VideoRuns.run([clip.path, "--json", "--passes", "2"], FakeTracker(failsAt: 12))
    #expect(try VideoRuns.frames(broken).map(\.index) == Array(0..<12))
    #expect(broken.status == 1 && broken.errors.text.contains("the model broke"))
    let count = Mutex(0)
    let ended = VideoRuns.run(
      [clip.path, "--json", "--passes", "2"],
      FakeTracker(onFrame: { _ in count.withLock { $0 += 1 } }),
      interrupts: Interrupts(watch: {}, signal: { count.withLock { $0 } >= 7 ? SIGINT : nil }))
    #expect(try VideoRuns.frames(ended).map(\.index) == Array(0..<7))
    #expect(ended.status == 130)
  }

  @Test("--slow-motion divides times, and the first line says so")
  func slowMotion() throws {
    let clip = try VideoRuns.clip(5)
    let run = VideoRuns.run([clip.path, "--json", "--frame-rate", "30", "--slow-motion", "8"])
    guard case .header(let header) = try VideoRuns.lines(run).first else {
      Issue.record("no header")
      return
    }
    #expect(header.selection.slowMotion == 8)
    for frame in try VideoRuns.frames(run) {
      #expect(abs(frame.time - Double(frame.index) / 240) < 1e-9)
    }
  }

  @Test("what can't be read is an error line that names it, and status 1")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    try folder.write("no video", to: "clip.mp4")
    for path in ["\(folder.path)/clip.mp4", "\(folder.path)/none.mp4"] {
      let run = VideoRuns.run([path, "--json"])
      #expect(run.status == 1 && run.output.text.isEmpty)
      #expect(run.errors.text.hasPrefix("stance: \(path): "), "\(run.errors.text)")
    }
  }

  @Test("an error midway keeps every result before it, and status 1 tells")
  func failure() throws {
    let clip = try VideoRuns.clip(6)
    let run = VideoRuns.run([clip.path, "--json"], FakeTracker(failsAt: 4))
    #expect(try VideoRuns.frames(run).map(\.index) == [0, 1, 2, 3])
    #expect(run.status == 1 && run.errors.text.contains("the model broke"))
  }

  @Test("a damaged picture ends the video with the frames before it")
  func damaged() throws {
    let clip = try VideoRuns.clip(4)
    let whole = try clip.read("2.png")
    try Files.write(Array(whole.prefix(whole.count / 2)), to: "\(clip.path)/2.png")
    let run = VideoRuns.run([clip.path, "--json"])
    #expect(try VideoRuns.frames(run).map(\.index) == [0, 1])
    #expect(run.status == 1 && !run.errors.text.isEmpty)
  }

  @Test("Ctrl-C ends with what is whole, and status 130")
  func interrupted() throws {
    let clip = try VideoRuns.clip(20)
    let count = Mutex(0)
    let run = VideoRuns.run(
      [clip.path, "--json"], FakeTracker(onFrame: { _ in count.withLock { $0 += 1 } }),
      interrupts: Interrupts(
        watch: {}, signal: { count.withLock { $0 } >= 7 ? SIGINT : nil }))
    #expect(run.status == 130)
    #expect(try VideoRuns.frames(run).map(\.index) == Array(0..<7))
  }

  @Test("progress is shown to who watches, on standard error alone")
  func progress() throws {
    let clip = try VideoRuns.clip(3)
    let run = VideoRuns.run([clip.path, "--json"], showsProgress: true)
    #expect(run.errors.text.contains("frame 1 of 3, "))
    #expect(run.errors.text.contains(" frames/s, "))
    #expect(!run.output.text.contains("frames/s"))
  }

  @Test(
    "times are seconds, minutes or hours",
    arguments: [
      ("0", 0), ("12.5", 12.5), ("90s", 90), ("250ms", 0.25), ("1:30", 90), ("1:02:03.5", 3723.5),
    ] as [(String, Double)])
  func times(text: String, seconds: Double) {
    #expect(ClipTime(optionText: text)?.seconds == seconds)
  }

  @Test(
    "what is no time is none",
    arguments: ["", ":", "1:", "-1", "1:60", "1:2:3:4", "nan", "1e3", "1:-2", "0x10", "1.2.3"])
  func noTimes(text: String) {
    #expect(ClipTime(optionText: text) == nil)
  }
}

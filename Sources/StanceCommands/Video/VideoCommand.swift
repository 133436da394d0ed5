import Files
import Options
import PoseFormats
import Stance
import Video

/// `stance video INPUT`: who is in a video, and how they move, as JSON Lines or lines for people.
struct VideoCommand {
  static let row = CommandRow<Settings>(
    "video", "Follows people through a video",
    discussion:
      "INPUT is a video file, a folder of pictures (in order of their names), - for standard input, an address by rtsp, rtsps, "
      + "http or https (HLS too), or a camera (/dev/video0). Of live input frames are left out rather than late; when it "
      + "stalls that is said on standard error, and it is tried again until Ctrl-C or the end of --duration. Everybody gets an "
      + "id, and keeps it: out of sight for up to --memory, crossing others. With --json the first line says what was "
      + "looked at and how, then comes one line a frame, with the source's own number and time; without it one line is "
      + "printed for each person at the end. People are looked for in all frames together as thoroughly as in a photo, "
      + "which costs little in each: --search quick follows those who are large. --follow costs one pass of the model a "
      + "frame, whoever else is there. A file that is cut off or damaged gives all frames up to there, an error line, "
      + "and exit status 1. Ctrl-C ends with what is whole, and status 130.",
    operands: Operands("INPUT", .file, count: 1...1),
    examples: [
      Example("stance video dance.mp4", "One line for each person"),
      Example("stance video dance.mp4 --json > dance.jsonl", "One line of JSON a frame"),
      Example(
        "stance video squats.mp4 --json --max-people 1 --search quick",
        "One person, as MediaPipe follows and smooths"),
      Example(
        "stance video match.mp4 --json --start 1:30 --duration 10s --follow largest",
        "Ten seconds of one of many"),
      Example("stance video - --json < dance.mp4", "A video from standard input"),
      Example(
        "stance video rtsp://camera.local/stream --json --duration 60s", "A minute of a stream"),
    ],
    [
      OptionGroups.results, OptionGroups.frames, OptionGroups.tracking, OptionGroups.pose,
      OptionGroups.inference, OptionGroups.models,
    ])

  private let settings: Settings
  private let input: String
  private let console: Console
  private let makeTracker: FrameTrackerFactory

  init(
    _ settings: Settings, _ operands: [String], _ console: Console,
    _ makeTracker: @escaping FrameTrackerFactory
  ) {
    self.settings = settings
    input = operands.first ?? "-"
    self.console = console
    self.makeTracker = makeTracker
  }

  func run() throws -> Int32 {
    let reading = settings.reading
    let source: VideoSource
    do { source = try VideoSource(argument: input) } catch { throw UsageError("\(error)") }
    let shownInput = source.name
    let reader: VideoReader
    do { reader = try VideoReader(source, options: reading) } catch {
      console.complain("\(shownInput): \(error)")
      return ExitStatus.failure
    }
    defer { reader.close() }
    // Not before: held back, a signal would not end the wait for a pipe.
    console.interrupts.watch()
    let interruption = try InterruptedReading(of: reader, console.interrupts)
    defer { interruption.stop() }
    var tracker = try makeTracker(settings.pose, settings.tracking, settings.engine)
    if settings.json { try console.output.write(ResultsLine.header(header(reader.info)).encoded()) }

    var progress = ProgressLine(console)
    var counter = VideoProgress(total: reader.info.expectedFrames(reading))
    var summaries = TrackSummaries()
    defer { progress.clear() }
    func report(_ frames: [TrackedFrame]) throws {
      for frame in frames {
        summaries.add(frame)
        if settings.json {
          progress.clear()
          try console.output.write(ResultsLine.frame(frame).encoded())
        }
      }
    }

    var failure: (any Error)?
    do {
      while console.interrupts.signal() == nil, let event = try reader.nextEvent() {
        guard case .frame(let frame) = event else {
          progress.clear()
          console.complain("\(shownInput): \(event.words)")
          continue
        }
        try report(tracker.add(frame.image, at: frame.time, index: frame.index))
        progress.show(counter.advance())
      }
    } catch let error as SinkError {
      throw error
    } catch {
      failure = error
    }
    try report(tracker.finish())
    progress.clear()
    if !settings.json { try console.print(summaries.text(file: shownInput)) }
    if let failure {
      console.complain("\(shownInput): \(failure)")
      return ExitStatus.failure
    }
    return console.interrupts.signal().map(ExitStatus.signal) ?? ExitStatus.success
  }

  private func header(_ info: VideoInfo) -> ResultsHeader {
    ResultsHeader(
      source: ResultsHeader.Source(
        file: info.source.shownPath, size: info.size, codec: info.codec, frameRate: info.frameRate,
        duration: info.duration, frames: info.frameCount),
      selection: ResultsHeader.Selection(
        start: settings.start?.seconds, duration: settings.duration?.seconds,
        every: settings.every),
      pose: settings.pose, tracking: settings.tracking, precision: settings.engine.precision)
  }
}

extension Settings {
  fileprivate var reading: VideoReadingOptions {
    VideoReadingOptions(
      start: start?.seconds, duration: duration?.seconds, every: every, frameRate: frameRate)
  }
}

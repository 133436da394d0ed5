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
      "INPUT is a video file, a folder of pictures (in order of their names) or - for standard input. Everybody gets an "
      + "id, and keeps it: out of sight for up to --memory, crossing others. With --json the first line says what was "
      + "looked at and how, then comes one line a frame, with the source's own number and time; without it one line is "
      + "printed for each person at the end. People are looked for in all frames together as thoroughly as in a photo, "
      + "which costs little in each: --search quick follows those who are large. --follow costs one pass of the model a "
      + "frame, whoever else is there. --passes 2 goes over the results once more before any leaves: pieces of tracks are "
      + "joined and split, short gaps filled, ids numbered anew; not of standard input. A file that is cut off or damaged gives all frames up to there, an error line, "
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
      Example(
        "stance video gait.mp4 --json --smoothing zero-lag --raw > gait.jsonl",
        "For measuring: two passes, no lag, raw landmarks beside"),
      Example("stance video - --json < dance.mp4", "A video from standard input"),
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
    let tracking = try settings.checkedTracking(input: input)
    let reading = settings.reading
    let reader: VideoReader
    do { reader = try VideoReader(VideoSource(argument: input), options: reading) } catch {
      console.complain("\(shownInput): \(error)")
      return ExitStatus.failure
    }
    defer { reader.close() }
    // Not before: held back, a signal would not end the wait for a pipe.
    console.interrupts.watch()
    var tracker = try makeTracker(settings.pose, tracking, settings.engine)
    var second = tracking.passes > 1 ? try SecondPass(tracking) : nil
    func begin(_ design: ZeroLagDesign? = nil) throws {
      guard settings.json else { return }
      try console.output.write(
        ResultsLine.header(header(reader.info, tracking, design)).encoded())
    }
    if second == nil { try begin() }

    var progress = ProgressLine(console)
    var counter = VideoProgress(total: reader.info.expectedFrames(reading))
    var summaries = TrackSummaries()
    defer { progress.clear() }
    func report(_ frame: TrackedFrame) throws {
      summaries.add(frame)
      if settings.json {
        progress.clear()
        try console.output.write(ResultsLine.frame(frame).encoded())
      }
    }
    func take(_ frames: [TrackedFrame]) throws {
      for frame in frames {
        if second == nil { try report(frame) } else { try second?.add(frame) }
      }
    }

    var failure: (any Error)?
    do {
      while console.interrupts.signal() == nil, let frame = try reader.next() {
        try take(
          tracker.add(frame.image, at: frame.time / settings.slowMotion, index: frame.index))
        progress.show(counter.advance())
      }
    } catch let error as SinkError {
      throw error
    } catch {
      failure = error
    }
    do { try take(tracker.finish()) } catch let error as SinkError {
      throw error
    } catch {
      failure = failure ?? error
    }
    if let refined = try second.take()?.finish() {
      try begin(refined.design)
      for frame in refined { try report(frame) }
    }
    progress.clear()
    if !settings.json { try console.print(summaries.text(file: shownInput)) }
    if let failure {
      console.complain("\(shownInput): \(failure)")
      return ExitStatus.failure
    }
    return console.interrupts.signal().map(ExitStatus.signal) ?? ExitStatus.success
  }

  private var shownInput: String { input == "-" ? "standard input" : input }

  private func header(
    _ info: VideoInfo, _ tracking: TrackingOptions, _ design: ZeroLagDesign?
  ) -> ResultsHeader {
    ResultsHeader(
      source: ResultsHeader.Source(
        file: info.source.shownPath, size: info.size, codec: info.codec, frameRate: info.frameRate,
        duration: info.duration, frames: info.frameCount),
      selection: ResultsHeader.Selection(
        start: settings.start?.seconds, duration: settings.duration?.seconds,
        every: settings.every, slowMotion: settings.slowMotion),
      pose: settings.pose, tracking: tracking, zeroLag: design,
      precision: settings.engine.precision)
  }
}

extension Settings {
  /// How people are followed, with as many passes as are needed.
  ///
  /// - Throws: `UsageError` when the input can't be gone through so often.
  fileprivate func checkedTracking(input: String) throws(UsageError) -> TrackingOptions {
    var tracking = tracking
    tracking.passes = passes ?? tracking.smoothing.passes
    guard tracking.passes >= tracking.smoothing.passes else {
      throw UsageError(
        "--passes 1: --smoothing \(tracking.smoothing.rawValue) needs the whole video, and so two passes"
      )
    }
    guard tracking.passes == 1 || input != "-" else {
      throw UsageError(
        "standard input: it can be gone through once; two passes (--passes 2, --smoothing zero-lag) need a file"
      )
    }
    return tracking
  }

  fileprivate var reading: VideoReadingOptions {
    VideoReadingOptions(
      start: start?.seconds, duration: duration?.seconds, every: every, frameRate: frameRate)
  }
}

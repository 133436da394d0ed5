import Files
import Options
import PoseFormats
import PoseVideo
import Stance
import Video

/// `stance video INPUT`: who is in a video, and how they move, as JSON Lines or lines for people.
struct VideoCommand {
  static let row = CommandRow<Settings>(
    "video", "Follows people through a video",
    discussion:
      "INPUT is a video file, a folder of pictures (in order of their names) or - for standard input. Everybody gets an "
      + "id, and keeps it: out of sight for up to --memory, crossing others. With -o a video is written with everybody "
      + "drawn in the id's colour, with the source's times and sound, as H.264 in MP4. With --json the first line says what was "
      + "looked at and how, then comes one line a frame, with the source's own number and time; with neither one line is "
      + "printed for each person at the end. People are looked for in all frames together as thoroughly as in a photo, "
      + "which costs little in each: --search quick follows those who are large. --follow costs one pass of the model a "
      + "frame, whoever else is there. A file that is cut off or damaged gives all frames up to there, an error line, "
      + "and exit status 1; Ctrl-C ends with what is whole, and status 130. What was drawn until then stays beside the output as "
      + "FILE.partial.mp4, which plays; a file that was there before is replaced by a whole one only.",
    operands: Operands("INPUT", .file, count: 1...1),
    examples: [
      Example("stance video dance.mp4", "One line for each person"),
      Example("stance video dance.mp4 -o drawn.mp4 --trails", "Draw the skeletons, with their trails"),
      Example("stance video dance.mp4 --json > dance.jsonl", "One line of JSON a frame"),
      Example(
        "stance video squats.mp4 --json --max-people 1 --search quick",
        "One person, as MediaPipe follows and smooths"),
      Example(
        "stance video match.mp4 --json --start 1:30 --duration 10s --follow largest",
        "Ten seconds of one of many"),
      Example(
        "stance video dance.mp4 -o studio.mp4 --background white --no-joints --no-bones",
        "The people alone, before white"),
      Example("stance video - --json < dance.mp4", "A video from standard input"),
    ],
    [
      OptionGroups.results, OptionGroups.frames, OptionGroups.tracking, OptionGroups.pose,
      OptionGroups.trails, OptionGroups.drawing, OptionGroups.inference, OptionGroups.models,
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
    let outputs = try VideoOutputs(settings)
    let reader: VideoReader
    do { reader = try VideoReader(VideoSource(argument: input), options: settings.reading) } catch {
      console.complain("\(shownInput): \(error)")
      return ExitStatus.failure
    }
    defer { reader.close() }
    // Not before: held back, a signal would not end the wait for a pipe.
    console.interrupts.watch()
    let tracker = try makeTracker(outputs.pose(settings.pose), settings.tracking, settings.engine)
    let lane: OutputLane?
    do { lane = try outputs.isEmpty ? nil : OutputLane(outputs.open(for: reader)) } catch {
      console.complain("\(error)")
      return ExitStatus.failure
    }
    // Of what is whole by then nothing is left to abandon.
    defer {
      for remains in lane?.abandon() ?? [] {
        let last = remains.lastFrame
        console.complain(
          "\(remains.path) plays up to \(last.time.fixed(places: 2)) s, frame \(last.index)")
      }
    }

    var report = VideoReport(console, json: settings.json, shownInput: shownInput)
    do {
      try report.begin(header(reader.info))
      try follow(reader, tracker, lane, &report)
      try report.end(isSilent: lane != nil)
      if let number = console.interrupts.signal() { return ExitStatus.signal(number) }
      for remark in try lane?.finish() ?? [] { console.complain(remark) }
      return ExitStatus.success
    } catch let error as SinkError {
      throw error
    } catch let error as OutputFailure {
      report.complain(error.description)
    } catch {
      report.complain("\(shownInput): \(error)")
    }
    return ExitStatus.failure
  }

  /// Finds out who is in each frame; prints it, and hands it to what is made of it.
  ///
  /// - Throws: what went wrong, after all that was found before.
  private func follow(
    _ reader: VideoReader, _ tracker: any FrameTracker, _ lane: OutputLane?,
    _ report: inout VideoReport
  ) throws {
    var pass = ClipPass(tracker, keepsFrames: lane != nil)
    var progress = VideoProgress(total: reader.info.expectedFrames(settings.reading))
    func give(_ results: [ClipPass.Result]) throws {
      for result in results {
        try report.add(result.people)
        if let frame = result.frame { try lane?.put(frame, result.people) }
      }
    }

    var failure: (any Error)?
    do {
      while console.interrupts.signal() == nil, let frame = try reader.next() {
        try give(pass.add(frame))
        report.show(progress.advance())
      }
    } catch let error where !(error is SinkError || error is OutputFailure) {
      failure = error
    }
    try give(pass.finish())
    if pass.leftOut > 0 {
      report.complain(
        "\(shownInput): \(pass.leftOut) frames were left out: their times repeat or run backwards")
    }
    if let failure { throw failure }
  }

  private var shownInput: String { input == "-" ? "standard input" : input }

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

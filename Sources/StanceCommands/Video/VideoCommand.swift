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
    let tracking = try settings.checkedTracking(input: input)
    let reader: VideoReader
    do { reader = try VideoReader(VideoSource(argument: input), options: settings.reading) } catch {
      console.complain("\(shownInput): \(error)")
      return ExitStatus.failure
    }
    defer { reader.close() }
    // Not before: held back, a signal would not end the wait for a pipe.
    console.interrupts.watch()
    let tracker = try makeTracker(outputs.pose(settings.pose), tracking, settings.engine)
    let lane: OutputLane?
    do { lane = try outputs.isEmpty ? nil : OutputLane(outputs.open(for: reader)) } catch {
      console.complain("\(error)")
      return ExitStatus.failure
    }
    // Of what is whole by then nothing is left to abandon.
    defer { tell(of: lane?.abandon() ?? []) }

    var report = VideoReport(console, json: settings.json, shownInput: shownInput)
    var pass = ClipPass(
      tracker, keepsFrames: lane != nil && tracking.passes == 1, slowMotion: settings.slowMotion)
    do {
      if tracking.passes == 1 {
        try report.begin(header(reader.info, tracking))
        try onePass(&pass, reader, lane, &report)
      } else {
        try twoPasses(&pass, reader, lane, tracking, &report)
      }
      try report.end(isSilent: lane != nil)
      if let number = console.interrupts.signal() { return ExitStatus.signal(number) }
      for remark in try lane?.finish() ?? [] { console.complain(remark) }
      return ExitStatus.success
    } catch let error as SinkError {
      throw error
    } catch let error as OutputFailure {
      report.complain(error.description)
    } catch {
      try report.end(isSilent: lane != nil)
      report.complain("\(shownInput): \(error)")
    }
    return ExitStatus.failure
  }

  /// Results leave as they are made.
  private func onePass(
    _ pass: inout ClipPass, _ reader: VideoReader, _ lane: OutputLane?, _ report: inout VideoReport
  ) throws {
    try follow(&pass, reader, &report) { result, report in
      try report.add(result.people)
      if let frame = result.frame { try lane?.put(frame, result.people) }
    }
  }

  /// Results are gone over once more when all are there; for what is made of the frames, these are read again.
  private func twoPasses(
    _ pass: inout ClipPass, _ reader: VideoReader, _ lane: OutputLane?, _ tracking: TrackingOptions,
    _ report: inout VideoReport
  ) throws {
    var second = try SecondPass(tracking)
    var failure: (any Error)?
    do {
      try follow(&pass, reader, &report) { result, _ in try second.add(result.people) }
    } catch {
      failure = error
    }
    let wasInterrupted = console.interrupts.signal() != nil
    let refined = try second.finish()
    try report.begin(header(reader.info, tracking, refined.design))
    let again = try lane == nil || wasInterrupted ? nil : reopened()
    defer { again?.close() }
    var progress = VideoProgress(total: refined.count)
    for people in refined {
      try report.add(people)
      guard let again else { continue }
      guard console.interrupts.signal() == nil else { break }
      if let frame = try again.next(numbered: people.index) { try lane?.put(frame, people) }
      report.show("drawing " + progress.advance())
    }
    if let failure { throw failure }
  }
}

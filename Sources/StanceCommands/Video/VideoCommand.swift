import Files
import Options
import PoseFormats
import PoseVideo
import Stance
import Video

/// `stance video INPUT`: who is in a video, and how they move, as JSON Lines, a drawn video, masks, or lines for people.
struct VideoCommand {
  static let row = CommandRow<Settings>(
    "video", "Follows people through a video",
    discussion:
      "INPUT is a video file, a folder of pictures (in order of their names), - for standard input, an address by rtsp, rtsps, "
      + "http or https (HLS too), or a camera (/dev/video0). Everybody gets an "
      + "id, and keeps it: out of sight for up to --memory, crossing others. With -o a video is written with everybody "
      + "drawn in the id's colour, with the source's times and sound, as H.264 in MP4. With --json the first line says what was "
      + "looked at and how, then comes one line a frame, with the source's own number and time; --export writes them for other programs; with none of these one line is "
      + "printed for each person at the end. --angles and --reps measure and count how people move (docs/motion.md): fields of each person with --json, else lines at the end. People are looked for in all frames together as thoroughly as in a photo, "
      + "which costs little in each: --search quick follows those who are large. --follow costs one pass of the model a "
      + "frame, whoever else is there. --passes 2 goes over the results once more before any leaves: pieces of tracks are "
      + "joined and split, short gaps filled, ids numbered anew; for -o the file is decoded twice. "
      + "A file that is cut off or damaged gives all frames up to there, an error line, "
      + "and exit status 1; Ctrl-C ends with what is whole, and status 130. What was drawn until then stays beside the output as "
      + "FILE.partial.mp4, which plays; a file that was there before is replaced by a whole one only. Of live input frames are left "
      + "out rather than late; when it stalls that is said on standard error, and it is tried again until Ctrl-C or the end of "
      + "--duration, which both make the drawn video whole.",
    operands: Operands("INPUT", .file, count: 1...1),
    examples: [
      Example("stance video dance.mp4", "One line for each person"),
      Example(
        "stance video dance.mp4 -o drawn.mp4 --trails", "Draw the skeletons, with their trails"),
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
      Example(
        "stance video jump.mp4 --json --smoothing zero-lag --raw",
        "Smoothed without lag, for measurements"),
      Example(
        "stance video squats.mp4 --export squats.csv --export squats.trc --height 1.75",
        "A table, and markers for OpenSim"),
      Example("stance video squats.mp4 --reps squat", "Count squats, and say how deep they are"),
      Example(
        "stance video gait.mp4 --angles leftKnee,rightKnee --plot knees.svg --export knees.mot",
        "Curves of two angles, drawn and for OpenSim"),
      Example("stance video - --json < dance.mp4", "A video from standard input"),
      Example(
        "stance video rtsp://camera.local/stream --json --duration 60s", "A minute of a stream"),
    ],
    [
      OptionGroups.results, OptionGroups.motion, OptionGroups.frames, OptionGroups.tracking,
      OptionGroups.pose,
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
    let source: VideoSource
    // The message does not repeat the address, which may hold a password.
    do { source = try VideoSource(argument: input) } catch { throw UsageError("\(error)") }
    let tracking = try settings.checkedTracking(of: source)
    let outputs = try VideoOutputs(settings, tracking)
    let exports = try ExportPlan(settings, of: .clips)
    let motionPlan = try MotionPlan(settings)
    guard !(settings.json && exports.usesOutput) else {
      throw UsageError("--json and --export - would both write to standard output")
    }
    let reader: VideoReader
    do { reader = try VideoReader(source, options: settings.clip.reading) } catch {
      console.complain("\(source.name): \(error)")
      return ExitStatus.failure
    }
    defer { reader.close() }
    // Not before: held back, a signal would not end the wait for a pipe.
    console.interrupts.watch()
    let watch = try ReadingWatch(reader) { [console] in console.interrupts.signal() != nil }
    defer { watch.stop() }

    let tracker = try makeTracker(outputs.pose(settings.pose), tracking, settings.engine)
    let lane: OutputLane?
    let exporter: Exporter?
    let motion: MotionReport?
    do {
      exporter = try exports.open(notOver: reader.identity.map { [$0] } ?? [], console)
      motion =
        try motionPlan.isEmpty
        ? nil
        : MotionReport(
          motionPlan, name: ExportSource.stem(of: source.name),
          notOver: reader.identity.map { [$0] } ?? [])
      lane = try outputs.isEmpty ? nil : OutputLane(outputs.open(for: reader))
    } catch {
      console.complain("\(error)")
      return ExitStatus.failure
    }
    return try VideoRun(
      source: source, settings: settings, tracking: tracking, console: console, reader: reader,
      lane: lane, exporter: exporter, motion: motion
    ).run(tracker)
  }
}

extension Settings {
  /// How people are followed, with as many passes as are needed.
  ///
  /// - Throws: `UsageError` when the source can't be gone through so often.
  fileprivate func checkedTracking(of source: VideoSource) throws(UsageError) -> TrackingOptions {
    guard let tracking = clip.resolvedTracking else {
      throw UsageError(
        "--passes 1: --smoothing \(clip.tracking.smoothing.rawValue) needs the whole video, and so two passes"
      )
    }
    // Any other kind of path is a pipe, which is empty the second time.
    if case .path(let path) = source, FileIdentity.look(at: path)?.kind != .other {
      return tracking
    }
    guard tracking.passes == 1 else {
      throw UsageError(
        "\(source.name): it can be gone through once; two passes (--passes 2, --smoothing zero-lag) need a file"
      )
    }
    return tracking
  }
}

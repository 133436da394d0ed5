import Files
import Options
import PoseFormats
import PoseMotion
import Stance

/// `stance analyse RESULTS.jsonl`: angles and counts of kept results.
struct AnalyseCommand {
  static let row = CommandRow<Settings>(
    "analyse", "Measures angles and counts repetitions in kept results",
    discussion:
      "RESULTS is what stance video --json printed, or - for standard input. With --json the frames are printed again, each "
      + "person with view, angles and reps; without, lines for each person. Angles are in degrees, 0 is straight; each is "
      + "measured twice, by the picture and by the landmarks in metres, and null with the reason where it can't be. "
      + "docs/motion.md has all angles and exercises. What is said of a body is a measurement, not medical advice. Results "
      + "that are cut off or damaged give what is whole before it, an error line, and exit status 1.",
    operands: Operands("RESULTS.jsonl", .file, count: 1...1),
    examples: [
      Example("stance analyse squats.jsonl --reps squat", "How many, how deep"),
      Example("stance analyse gait.jsonl --angles all --plot gait.svg", "All angles as curves"),
      Example(
        "stance analyse gait.jsonl --angles leftKnee,rightKnee --export knees.mot",
        "Two curves for OpenSim"),
      Example("stance analyse lifts.jsonl --reps height:leftWrist --json", "Count whatever rises"),
      Example(
        "stance analyse throw.jsonl --speed rightWrist --height 1.82 --export hand.mot",
        "How fast the hand goes, as curves"),
      Example(
        "stance analyse yoga.jsonl --examples poses.csv", "For how long somebody was in which pose"),
    ],
    [OptionGroups.motion, OptionGroups.analysis])

  private let settings: Settings
  private let input: String
  private let console: Console

  init(_ settings: Settings, _ operands: [String], _ console: Console) {
    self.settings = settings
    input = operands.first ?? "-"
    self.console = console
  }

  func run() throws -> Int32 {
    let plan = try MotionPlan(settings)
    for path in settings.exports where !plan.tables.contains(path) {
      throw UsageError(
        "--export: \(path.shownPath) is no .mot or .sto file; stance export writes landmarks")
    }
    guard !plan.isEmpty else {
      throw UsageError(
        "analyse: say what to measure by --angles, --posture or --speed, or what to count by --reps"
      )
    }
    guard settings.heights.isEmpty || MotionPlan.usesMetres(plan.options) else {
      throw UsageError("--height scales what is told in metres: --reps, --speed; there is none")
    }
    do {
      let file = try input == "-" ? OpenFile.standardInput() : OpenFile(reading: input)
      // Not before: held back, a signal would not end the wait for a pipe's writer.
      console.interrupts.watch()
      let report = try MotionReport(
        plan, name: ExportSource.stem(of: input), notOver: file.identity.map { [$0] } ?? [])
      return try analyse(file, report)
    } catch let failure as OutputFailure {
      console.complain("\(failure)")
    } catch let error as FileError {
      console.complain("\(input): \(error.message)")
    }
    return ExitStatus.failure
  }

  private func analyse(_ file: OpenFile, _ report: MotionReport) throws -> Int32 {
    let signal = console.interrupts.signal
    var failure: String?
    do { try read(file, report) } catch let error as SinkError { throw error } catch {
      failure = (error as? FileError)?.message ?? "\(error)"
    }
    if settings.json {
      for dispute in report.disputes { console.complain("\(input): \(dispute)") }
    } else {
      try console.print(report.text(file: input))
    }
    if let failure, signal() == nil { console.complain("\(input): \(failure)") }
    let isWhole = failure == nil && signal() == nil
    for remark in try report.finish(as: isWhole ? nil : "partial") { console.complain(remark) }
    return signal().map(ExitStatus.signal)
      ?? (failure == nil ? ExitStatus.success : ExitStatus.failure)
  }

  private func read(_ file: OpenFile, _ report: MotionReport) throws {
    let signal = console.interrupts.signal
    var reader = try ResultsReader(file) { signal() != nil }
    guard let header = reader.header else {
      throw UsageError("\(input): these are photos' results; movement is measured in a clip's")
    }
    if settings.json { try console.output.write(ResultsLine.header(header).encoded()) }
    while signal() == nil, let next = try reader.next() {
      guard case .frame(let frame) = next else { continue }
      let motion = report.add(frame)
      if settings.json { try console.output.write(ResultsLine.encoded(frame, with: motion)) }
    }
  }
}

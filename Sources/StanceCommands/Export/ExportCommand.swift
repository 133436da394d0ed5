import Files
import Options
import PoseFormats

/// `stance export RESULTS.jsonl --export FILE …`: kept results in other formats.
struct ExportCommand {
  static let row = CommandRow<Settings>(
    "export", "Writes kept results in the formats of other programs",
    discussion:
      "RESULTS is what stance video --json or stance detect --json printed, or - for standard input. The format is that of "
      + "the file's ending, or --format: csv, csv-wide, jsonl, coco, coco-results and the like hold everybody in one file; "
      + "openpose writes a folder; of trc and the like, where several people were seen, each gets a file of their own, "
      + "named by the id (clip.3.trc). docs/formats.md says what each means. Metres are those of an average body, with the "
      + "origin between the hips: there is no way travelled in them. "
      + "Results that are cut off or damaged give what is whole before it, under a name of its own (clip.partial.csv), "
      + "an error line, and exit status 1; a file that was there before is replaced by a whole one only, and one "
      + "that is read never.",
    operands: Operands("RESULTS.jsonl", .file, count: 1...1),
    examples: [
      Example(
        "stance export dance.jsonl --export dance.csv", "A table for spreadsheets and pandas"),
      Example(
        "stance export dance.jsonl --export dance.trc --height 1.75",
        "Markers for OpenSim, at the dancer's size"),
      Example(
        "stance export dance.jsonl --export keypoints --format openpose",
        "A folder of OpenPose's JSON"),
      Example(
        "stance export people.jsonl --export people.json --format coco",
        "Photos' results as COCO's annotations"),
    ],
    [OptionGroups.exports])

  private let settings: Settings
  private let input: String
  private let console: Console

  init(_ settings: Settings, _ operands: [String], _ console: Console) {
    self.settings = settings
    input = operands.first ?? "-"
    self.console = console
  }

  func run() throws -> Int32 {
    let plan = try ExportPlan(settings, of: nil)
    guard !plan.isEmpty else { throw UsageError("export: name a file to write by --export") }
    do {
      let file = try input == "-" ? OpenFile.standardInput() : OpenFile(reading: input)
      // Not before: held back, a signal would not end the wait for a pipe's writer.
      console.interrupts.watch()
      guard let exporter = try plan.open(notOver: file.identity.map { [$0] } ?? [], console) else {
        return ExitStatus.success
      }
      return try export(file, by: exporter)
    } catch let failure as OutputFailure {
      console.complain("\(failure)")
    } catch let error as FileError {
      console.complain("\(error)")
    }
    return ExitStatus.failure
  }

  private func export(_ file: OpenFile, by exporter: Exporter) throws -> Int32 {
    let signal = console.interrupts.signal
    var progress = ProgressLine(console)
    defer { progress.clear() }
    var hasBegun = false
    do {
      var reader = try ResultsReader(file) { signal() != nil }
      try exporter.begin(reader.header.map { ExportSource($0) } ?? ExportSource(name: name))
      hasBegun = true
      var count = 0
      while signal() == nil, let frame = try reader.next() {
        try exporter.add(frame)
        count += 1
        progress.show("\(count) frames")
      }
      if signal() == nil {
        for remark in try exporter.finish() { tell(remark, &progress) }
        return ExitStatus.success
      }
    } catch let error as SinkError {
      throw error
    } catch let failure as OutputFailure {
      throw failure
    } catch {
      if signal() == nil {
        // Not only the input's: what needs the whole clip keeps it in a file.
        tell(error is FileError ? "\(error)" : "\(input): \(error)", &progress)
      }
    }
    if hasBegun { for remark in try exporter.abandon() { tell(remark, &progress) } }
    return signal().map(ExitStatus.signal) ?? ExitStatus.failure
  }

  private var name: String { ExportSource.stem(of: input) }

  private func tell(_ message: String, _ progress: inout ProgressLine) {
    progress.clear()
    console.complain(message)
  }
}

import Files
import PoseFormats
import PoseMotion
import Stance

/// Angles and counts of a clip: of each frame for its line, and of the whole for people and files.
final class MotionReport {
  private let name: String
  private let inputs: [FileIdentity]
  private var analyser: MotionAnalyser
  private var record: MotionRecord
  private var plot: WholeFile?
  private var tables: [WholeFile] = []

  /// Begins the files.
  ///
  /// - Parameters:
  ///   - name: of the clip, for titles.
  ///   - inputs: files that may not be written over.
  /// - Throws: `OutputFailure` where one can't be written.
  init(_ plan: MotionPlan, name: String, notOver inputs: [FileIdentity]) throws(OutputFailure) {
    (self.name, self.inputs) = (name, inputs)
    analyser = MotionAnalyser(plan.options)
    record = MotionRecord(plan.options)
    if let path = plan.plot { plot = try open(path) }
    for path in plan.tables { tables.append(try open(path)) }
  }

  /// Takes in the next frame.
  func add(_ frame: TrackedFrame) -> MotionFrame {
    let motion = analyser.add(frame)
    record.add(motion)
    return motion
  }

  /// Lines for each person.
  func text(file: String) -> String { record.summaries.map { $0.text(file: file) }.joined() }

  /// Of whom another number was counted than the movement repeats itself, for who reads JSON.
  var disputes: [String] {
    record.summaries.compactMap { summary in
      guard let exercise = summary.exercise, let turns = summary.secondOpinion?.turns,
        summary.isDisputed
      else { return nil }
      return "person \(summary.id), \(exercise.name): \(summary.repetitions.count) counted, "
        + "but the movement repeats itself \(turns) times"
    }
  }

  /// That was all: writes the files, once.
  ///
  /// - Parameter word: stands before the endings of names, where it ended before its end: curve.partial.mot.
  /// - Returns: what is not as it was asked for, for a person.
  /// - Throws: `OutputFailure` where one can't be written.
  func finish(as word: String? = nil) throws -> [String] {
    guard plot != nil || !tables.isEmpty else { return [] }
    defer { (plot, tables) = (nil, []) }
    var remarks: [String] = []
    if record.isFull { remarks.append("curves end early: there are more numbers than are kept") }
    let summaries = record.summaries
    if let plot {
      let bytes = Array(CurvePlot(title: name, summaries).svg.utf8)
      try write(plot, as: word, &remarks) { try $0(bytes) }
    }
    for table in tables {
      guard summaries.count > 1 else {
        try write(table, as: word, &remarks) { try Self.table(name, summaries.first, to: $0) }
        continue
      }
      for summary in summaries {
        let file = try open(path(table.path, with: "\(summary.id)"))
        try write(file, as: word, &remarks) { try Self.table(name, summary, to: $0) }
      }
      remarks.append("\(table.path.shownPath): \(summaries.count) people, a file each")
    }
    return remarks
  }

  // MARK: Files

  private func open(_ path: String) throws(OutputFailure) -> WholeFile {
    if let there = FileIdentity(of: path), inputs.contains(there) {
      throw OutputFailure(path.shownPath, "is what is read, and is not written over")
    }
    do { return try WholeFile(path) } catch {
      throw OutputFailure(path.shownPath, "can't be written: \(error.message)")
    }
  }

  private func write(
    _ file: WholeFile, as word: String?, _ remarks: inout [String],
    _ body: (([UInt8]) throws -> Void) throws -> Void
  ) throws {
    let name = word.map { path(file.path, with: $0) } ?? file.path
    do {
      try body { try file.append($0) }
      try file.finish(as: name)
    } catch let error as FileError {
      throw OutputFailure(name.shownPath, "can't be written: \(error.message)")
    } catch let error as PoseFormatError {
      throw OutputFailure(name.shownPath, error.message)
    }
    if word != nil { remarks.append("\(name.shownPath) has what there is up to then") }
  }

  /// A person's curves as OpenSim reads them: NAME by the landmarks in metres, NAME_plane by the picture.
  private static func table(
    _ name: String, _ summary: MotionRecord.Summary?, to output: ([UInt8]) throws -> Void
  ) throws {
    let angles = summary?.angles ?? []
    var table = MotionTable(
      name: name, columns: angles.flatMap { [$0.angle.name, $0.angle.name + "_plane"] },
      inDegrees: true)
    for (row, time) in (angles.first?.world.times ?? []).enumerated() {
      let values = angles.flatMap { [$0.world.values[row], $0.plane.values[row]] }
      try table.append(time: time, values.map { $0.isNaN ? nil : $0 })
    }
    try table.write(to: output)
  }
}

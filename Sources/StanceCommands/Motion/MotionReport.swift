import Files
import PoseFormats
import PoseMotion
import PoseRendering
import Stance

/// Angles and counts of a clip: of each frame for its line, and of the whole for people and files.
final class MotionReport {
  private let name: String
  private let inputs: [FileIdentity]
  private var analyser: MotionAnalyser
  private var record: MotionRecord
  private let heights: [BodyHeight]
  private var scales: [Int: BodyScale] = [:]
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
    heights = plan.heights
    if let path = plan.plot { plot = try open(path) }
    for path in plan.tables { tables.append(try open(path)) }
  }

  /// Takes in the next frame.
  func add(_ frame: TrackedFrame) -> MotionFrame {
    var motion = analyser.add(frame)
    if !heights.isEmpty { scale(&motion, of: frame) }
    record.add(motion)
    return motion
  }

  /// Lines for each person.
  func text(file: String) -> String {
    let lines = record.summaries.map { $0.text(file: file, factor: factor(of: $0.id) ?? 1) }
    return lines.joined() + unscaled.map { "\(file.onOneLine): \($0)\n" }.joined()
  }

  /// Of whom another number was counted than the movement repeats itself, and who has not the height that was given, for who
  /// reads JSON.
  var disputes: [String] {
    unscaled
      + record.summaries.compactMap { summary in
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
      let drawing = CurvePlot(title: name, summaries)
      let isPNG = PhotoFormats.fileExtension(of: plot.path) == "png"
      if isPNG, summaries.count > CurvePlot.mostPanels {
        remarks.append(
          "\(plot.path.shownPath) shows \(CurvePlot.mostPanels) of \(summaries.count) people; an .svg shows all"
        )
      }
      let bytes = try isPNG ? drawing.png() : Array(drawing.svg.utf8)
      try write(plot, as: word, &remarks) { try $0(bytes) }
    }
    for table in tables {
      guard summaries.count > 1 else {
        try write(table, as: word, &remarks) { try self.table(summaries.first, to: $0) }
        continue
      }
      for summary in summaries {
        let file = try open(path(table.path, with: "\(summary.id)"))
        try write(file, as: word, &remarks) { try self.table(summary, to: $0) }
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

  /// A person's curves as OpenSim reads them: NAME by the landmarks in metres, NAME_plane by the picture; of a landmark
  /// NAME_speed and NAME_acceleration.
  private func table(
    _ summary: MotionRecord.Summary?, to output: ([UInt8]) throws -> Void
  ) throws {
    let factor = summary.flatMap { self.factor(of: $0.id) } ?? 1
    let columns = summary?.columns(factor: factor) ?? []
    var table = MotionTable(name: name, columns: columns.map(\.name), inDegrees: true)
    for (row, time) in (columns.first?.curve.times ?? []).enumerated() {
      try table.append(
        time: time,
        columns.map { $0.curve.values[row].isNaN ? nil : $0.factor * $0.curve.values[row] })
    }
    try table.write(to: output)
  }

  // MARK: Heights

  /// By how much a person is larger than the average body, as far as is known; nil where no height was given, or no sight tells.
  private func factor(of id: Int) -> Double? {
    guard let wanted = heights.wanted(for: id), let height = scales[id]?.height else { return nil }
    return Double(wanted.metres / height)
  }

  /// Who has not the height that was given.
  private var unscaled: [String] {
    scales.keys.sorted().filter { heights.wanted(for: $0) != nil && factor(of: $0) == nil }
      .map { "person \($0) was never seen from head to foot, and keeps the average size" }
  }

  /// What is told in metres, by the sights up to now.
  private func scale(_ motion: inout MotionFrame, of frame: TrackedFrame) {
    for (place, person) in frame.people.enumerated() {
      guard let id = person.id else { continue }
      scales[id, default: BodyScale()].add(person)
      guard var state = motion.people[place].repetitions,
        !state.completed.isEmpty || state.unfinished != nil, let factor = self.factor(of: id)
      else { continue }
      for repetition in state.completed.indices {
        state.completed[repetition].form?.stanceWidth?.scale(by: factor)
      }
      state.unfinished?.form?.stanceWidth?.scale(by: factor)
      motion.people[place].repetitions = state
    }
  }
}

extension Double {
  fileprivate mutating func scale(by factor: Double) { self *= factor }
}

extension MotionRecord.Summary {
  /// A curve with what it is called, and by what it is multiplied.
  fileprivate typealias Column = (name: String, curve: MotionCurve, factor: Double)

  fileprivate func columns(factor: Double) -> [Column] {
    angles.flatMap { angle -> [Column] in
      [(angle.angle.name, angle.world, 1), (angle.angle.name + "_plane", angle.plane, 1)]
    }
      + landmarks.flatMap { curves -> [Column] in
        let (name, world, plane) = (
          curves.landmark.rawValue, curves.worldMovement, curves.planeMovement
        )
        return [
          (name + "_speed", world.speed, factor),
          (name + "_acceleration", world.acceleration, factor),
          (name + "_plane_speed", plane.speed, 1),
          (name + "_plane_acceleration", plane.acceleration, 1),
        ]
      }
  }
}

package import Files
import Stance

/// Writes results in any number of formats at once, frame by frame as they come.
///
/// What streams goes to its file at once, which takes its name when it is whole; for what needs the whole clip the frames
/// are kept (``PoseClip``), once for all. No file that is read is written over. Used by one thread at a time; blocks.
package final class Exporter {
  /// What streams, and where to.
  fileprivate enum Output {
    case file(WholeFile)
    case folder(String)
    case stream
  }

  fileprivate struct Lane {
    let job: ExportJob
    let output: Output
    var encoder: (any PoseEncoder)?
  }

  private let inputs: [FileIdentity]
  private let heights: [BodyHeight]
  private let write: ([UInt8]) throws -> Void
  private let jobs: [ExportJob]
  private var lanes: [Lane] = []
  private var source = ExportSource(name: "stance")
  private var clip: PoseClip?
  private var hasFailed = false
  private var photoNames: [String: Int] = [:]

  /// Opens what streams, and tries what does not.
  ///
  /// - Parameters:
  ///   - inputs: files that may not be written over.
  ///   - heights: of people, in clips.
  ///   - write: takes what goes to a stream.
  /// - Throws: `OutputFailure` where one can't be written.
  package init(
    _ jobs: [ExportJob], notOver inputs: [FileIdentity], heights: [BodyHeight] = [],
    stream write: @escaping ([UInt8]) throws -> Void = { _ in }
  ) throws(OutputFailure) {
    (self.jobs, self.inputs, self.heights, self.write) = (jobs, inputs, heights, write)
    for job in jobs {
      let output = try open(job)
      if !needsClip(job) { lanes.append(Lane(job: job, output: output)) }
    }
  }

  /// Begins with what the source is known by.
  ///
  /// - Throws: `PoseFormatError` with `.unsuitable` when a format holds no such thing; `OutputFailure`.
  package func begin(_ source: ExportSource) throws {
    self.source = source
    let isClip = source.header != nil
    for job in jobs where !job.format.contents.contains(isClip ? .clips : .photos) {
      throw PoseFormatError(
        code: .unsuitable,
        message: isClip
          ? "\(job.format.name) is for photos; a clip can't be written in it"
          : "\(job.format.name) holds movement; photos can't be written in it")
    }
    guard isClip || heights.isEmpty else {
      throw PoseFormatError(
        code: .unsuitable, message: "a height scales people in clips; these are photos")
    }
    for place in lanes.indices {
      guard case .streamed(let make) = lanes[place].job.format.encoding else { continue }
      var encoder = make(source)
      // Of a file a frame each begins by itself.
      if !lanes[place].isFolder { try put(encoder.begin(), in: place) }
      lanes[place].encoder = encoder
    }
    if jobs.contains(where: needsClip) { clip = try PoseClip(source) }
  }

  /// Takes in the next frame, or photo.
  ///
  /// - Throws: `OutputFailure` when something can't be written; `PoseFormatError` or `PoseError` for a frame that no format
  ///   shows.
  package func add(_ frame: ExportFrame) throws {
    try failingOnce { try take(frame) }
  }

  private func take(_ frame: ExportFrame) throws {
    for place in lanes.indices {
      guard let bytes = try lanes[place].encoder?.encode(frame) else { continue }
      if case .folder(let folder) = lanes[place].output {
        try save(bytes, of: frame, in: folder, lanes[place].job)
      } else {
        try put(bytes, in: place)
      }
    }
    if case .frame(let frame) = frame { try clip?.append(frame) }
  }

  /// That was all: makes everything whole.
  ///
  /// - Returns: what is not as it was asked for, for a person; usually nothing.
  package func finish() throws -> [String] { try failingOnce { try end(as: nil) } }

  /// It ended before its end: makes whole what is there, under names of its own: clip.partial.trc. After a failure to write,
  /// or after ``finish()``, it does nothing.
  ///
  /// - Returns: where it lies, for a person.
  package func abandon() throws -> [String] {
    hasFailed ? [] : try failingOnce { try end(as: "partial") }
  }

  private func failingOnce<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch {
      // A frame that no format shows is the source's fault: what was before it is kept.
      if error is OutputFailure { hasFailed = true }
      throw error
    }
  }

  // MARK: The end

  /// - Parameter word: stands before the endings of names.
  private func end(as word: String?) throws -> [String] {
    var remarks: [String] = []
    for place in lanes.indices {
      let lane = lanes[place]
      guard var encoder = lane.encoder else { continue }
      lanes[place].encoder = nil
      if !lane.isFolder { try put(encoder.end(), in: place) }
      guard case .file(let file) = lane.output else { continue }
      try finish(file, as: word, &remarks)
    }
    guard let clip else { return remarks }
    self.clip = nil
    let (scaled, unscaled) = heights.isEmpty ? (clip, []) : clip.scaled(to: heights)
    for id in unscaled {
      remarks.append("person \(id) was never seen from head to foot, and keeps the average size")
    }
    for case let id? in heights.map(\.id) where !clip.ids.contains(id) {
      remarks.append("nobody has the id \(id), for which there is a height")
    }
    // What has no place in one format may have in the others, and the work for them is done.
    var failure: OutputFailure?
    for job in jobs where needsClip(job) {
      do { try write(scaled, job, as: word, &remarks) } catch let error as OutputFailure {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return remarks
  }

  private func write(
    _ clip: PoseClip, _ job: ExportJob, as word: String?, _ remarks: inout [String]
  ) throws {
    guard case .file(let target) = job.place else {
      do { return try job.format.write(clip, to: write) } catch let error as PoseFormatError {
        throw OutputFailure(job.shownPath, error.message)
      }
    }
    guard job.format.division == .filePerPerson, clip.ids.count > 1 else {
      return try write(clip, job, to: target, as: word, &remarks)
    }
    for id in clip.ids {
      try write(clip.only(id), job, to: path(target, with: "\(id)"), as: word, &remarks)
    }
    if word == nil {
      let (first, last) = (clip.ids.first ?? 0, clip.ids.last ?? 0)
      remarks.append(
        "\(target.shownPath): \(clip.ids.count) people, a file each: "
          + "\(path(target, with: "\(first)").shownPath) to \(path(target, with: "\(last)").shownPath)"
      )
    }
  }

  private func write(
    _ clip: PoseClip, _ job: ExportJob, to path: String, as word: String?,
    _ remarks: inout [String]
  ) throws {
    try check(path)
    let file = try failing(path) { () throws(FileError) in try WholeFile(path) }
    do {
      try job.format.write(clip) { bytes in
        try failing(path) { () throws(FileError) in try file.append(bytes) }
      }
    } catch let error as PoseFormatError { throw OutputFailure(path.shownPath, error.message) }
    try finish(file, as: word, &remarks)
  }

  private func finish(
    _ file: WholeFile, as word: String?, _ remarks: inout [String]
  ) throws(OutputFailure) {
    let name = word.map { path(file.path, with: $0) } ?? file.path
    try check(name)
    try failing(name) { () throws(FileError) in try file.finish(as: name) }
    if word != nil { remarks.append("\(name.shownPath) has what there is up to then") }
  }

  // MARK: Outputs

  private func needsClip(_ job: ExportJob) -> Bool {
    if case .whole = job.format.encoding { return true }
    return !heights.isEmpty && job.format.usesMetres
  }

  private func open(_ job: ExportJob) throws(OutputFailure) -> Output {
    switch job.place {
    case .stream: return .stream
    case .folder(let folder):
      try failing(folder) { () throws(FileError) in try Files.makeFolder(folder) }
      return .folder(folder)
    case .file(let path):
      try check(path)
      // Also of what is written at the end: an hour's work must not fail for a folder that is not there.
      return .file(try failing(path) { () throws(FileError) in try WholeFile(path) })
    }
  }

  private func put(_ bytes: [UInt8], in place: Int) throws {
    switch lanes[place].output {
    case .file(let file):
      try failing(file.path) { () throws(FileError) in try file.append(bytes) }
    case .stream: try write(bytes)
    case .folder: break
    }
  }

  private func save(
    _ bytes: [UInt8], of frame: ExportFrame, in folder: String, _ job: ExportJob
  ) throws(OutputFailure) {
    guard case .filePerFrame(let suffix) = job.format.division else { return }
    let name = frame.file.map { unused(ExportSource.stem(of: $0)) } ?? source.frameName(frame.index)
    let path = (folder.hasSuffix("/") ? folder : folder + "/") + name + suffix
    try check(path)
    try failing(path) { () throws(FileError) in try Files.write(bytes, to: path) }
  }

  /// The name itself, or numbered when another photo had it: two folders can have photos of one name.
  private func unused(_ name: String) -> String {
    let number = (photoNames[name] ?? 0) + 1
    photoNames[name] = number
    return number == 1 ? name : unused("\(name)-\(number)")
  }

  private func check(_ path: String) throws(OutputFailure) {
    guard let there = FileIdentity(of: path), inputs.contains(there) else { return }
    throw OutputFailure(path.shownPath, "is what is read, and is not written over")
  }

  private func failing<Value>(
    _ path: String, _ body: () throws(FileError) -> Value
  ) throws(OutputFailure) -> Value {
    do { return try body() } catch {
      throw OutputFailure(path.shownPath, "can't be written: \(error.message)")
    }
  }
}

extension Exporter.Lane {
  fileprivate var isFolder: Bool { if case .folder = output { true } else { false } }
}

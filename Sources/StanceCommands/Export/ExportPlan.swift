import Files
import Images
import Options
import PoseFormats
import Video

/// What `--export`, `--format` and `--height` ask for.
struct ExportPlan {
  let jobs: [ExportJob]
  private let heights: [BodyHeight]

  /// - Parameter contents: what there is to write; of kept results only they themselves tell.
  /// - Throws: `UsageError` for a file whose format is not known, or which can't hold such results.
  init(_ settings: Settings, of contents: PoseFormat.Contents?) throws(UsageError) {
    var jobs: [ExportJob] = []
    for path in settings.exports {
      if MotionPlan.holdsCurves(path, settings) {
        guard contents == .clips else {
          throw UsageError(
            "--export: \(path.shownPath) holds curves of angles; stance video and stance analyse write them"
          )
        }
        continue
      }
      jobs.append(try Self.job(path, settings.format?.name, contents))
    }
    self.jobs = jobs
    heights = settings.heights
    for (number, job) in jobs.enumerated() where jobs[..<number].contains(where: job.isOnePlace) {
      throw UsageError("--export: \(job.shownPath) is named twice")
    }
    guard settings.format == nil || !jobs.isEmpty else {
      throw UsageError("--format says how --export is written; name a file by --export")
    }
    guard heights.isEmpty || jobs.contains(where: \.format.usesMetres) else {
      throw UsageError("--height scales exports in metres; there is none")
    }
  }

  /// Nothing is exported.
  var isEmpty: Bool { jobs.isEmpty }
  /// Whether standard output is taken.
  var usesOutput: Bool { jobs.contains { $0.place == .stream } }

  /// Opens what is written.
  ///
  /// - Throws: `OutputFailure` where one can't be written.
  func open(notOver inputs: [FileIdentity], _ console: Console) throws -> Exporter? {
    guard !isEmpty else { return nil }
    return try Exporter(jobs, notOver: inputs, heights: heights) { try console.output.write($0) }
  }

  private static func job(
    _ path: String, _ name: String?, _ contents: PoseFormat.Contents?
  ) throws(UsageError) -> ExportJob {
    let format = try format(of: path, name, contents)
    if let contents, !format.contents.contains(contents) {
      throw UsageError(
        contents == .photos
          ? "--export: \(format.name) holds movement; photos can't be written in it"
          : "--export: \(format.name) is for photos; a clip can't be written in it")
    }
    if case .filePerFrame = format.division {
      guard path != "-" else {
        throw UsageError("--export: \(format.name) has a file a frame or photo; name a folder")
      }
      guard Files.isFolder(path) || !Files.exists(path) else {
        throw UsageError(
          "--export: \(path.shownPath) is a file, but \(format.name) has one a frame or photo; name a folder"
        )
      }
      return ExportJob(format, to: .folder(path))
    }
    guard path != "-" else {
      guard format.division == .oneFile else {
        throw UsageError("--export: \(format.name) has a file a person; name one")
      }
      return ExportJob(format, to: .stream)
    }
    guard !Files.isFolder(path), !path.hasSuffix("/") else {
      throw UsageError("--export: \(path.shownPath) is a folder; \(format.name) is a file")
    }
    // It may be one of the frames that are read, or what --output writes.
    if let ending = PhotoFormats.fileExtension(of: path),
      PhotoFormats.readable.contains(ending) || VideoWriter.canWrite(path)
    {
      throw UsageError(
        "--export: \(path.shownPath) ends like a picture or a video; \(format.name) is .\(format.fileExtension)"
      )
    }
    return ExportJob(format, to: .file(path))
  }

  private static func format(
    of path: String, _ name: String?, _ contents: PoseFormat.Contents?
  ) throws(UsageError) -> PoseFormat {
    if let format = name.flatMap(PoseFormat.named) { return format }
    let suited = PoseFormat.all.filter { contents.map($0.contents.contains) ?? true }
    let names = { (formats: [PoseFormat]) in formats.map(\.name).joined(separator: ", ") }
    guard let ending = PhotoFormats.fileExtension(of: path) else {
      throw UsageError(
        "--export: \(path.shownPath) has no ending that names a format; name one by --format: \(names(suited))"
      )
    }
    let formats = PoseFormat.withExtension(ending)
    guard let first = formats.first else {
      throw UsageError(
        "--export: .\(ending) is no format's ending; name one by --format: \(names(suited))")
    }
    // Of .csv the first one is meant; .json says too little.
    guard formats.count == 1 || ending != "json" else {
      let fitting = formats.filter { format in suited.contains { $0.name == format.name } }
      throw UsageError(
        "--export: .json can be several formats; name one by --format: \(names(fitting))")
    }
    return first
  }
}

extension ExportJob {
  /// Whether both would be written to the same place.
  fileprivate func isOnePlace(_ other: ExportJob) -> Bool {
    switch (place, other.place) {
    case (.stream, .stream): true
    case (.file(let one), .file(let other)), (.folder(let one), .folder(let other)):
      Files.areOnePlace(one, other)
    default: false
    }
  }
}

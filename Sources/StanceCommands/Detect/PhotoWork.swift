import Files
import Images
import PoseFormats
import PoseMotion
import PoseRendering
import Stance
import StanceService

/// What there is to do for one photo.
struct PhotoTask: Sendable {
  let entry: PhotoList.Entry
  /// Where the annotated picture goes, if one is wanted.
  let picturePath: String?
  /// Where the mask goes, if one is wanted.
  let maskPath: String?
}

/// What has come of one photo.
enum PhotoOutcome: Sendable {
  /// Bytes for standard output, perhaps none; and what is exported, without masks.
  case done([UInt8], ExportedPhoto?)
  /// "photo.jpg: no such file".
  case failed(String)
}

/// A photo's result, as formats take it.
struct ExportedPhoto: Sendable {
  let result: PoseResult
  let file: String

  /// Masks of large photos would fill memory while they wait for the photos before them.
  init(_ result: PoseResult, file: String) {
    var result = result
    for place in result.people.indices { result.people[place].mask = nil }
    (self.result, self.file) = (result, file)
  }
}

/// Does everything for one photo: read, find, draw, write. Called from many threads at once.
struct PhotoWork: Sendable {
  /// What is printed for a photo.
  enum Report: Sendable { case json, readable, nothing }

  let finder: any PoseFinder
  let settings: Settings
  /// What is measured.
  let motion: MotionOptions
  let report: Report
  /// Whether results are exported.
  let exports: Bool
  /// All of standard input, at most so many bytes.
  let readInput: @Sendable (_ limit: Int) throws -> [UInt8]
  /// Files that may not be written over.
  let inputs: Set<FileIdentity>

  func callAsFunction(_ task: PhotoTask) -> PhotoOutcome {
    switch task.entry {
    case .problem(let path, let message): return .failed("\(path): \(message)")
    case .photo(let photo):
      do { return try look(at: photo, task) } catch let failure as OutputFailure {
        return .failed("\(failure)")
      } catch let error as FileError {
        return .failed("\(photo.path): \(error.message)")
      } catch { return .failed("\(photo.path): \(error)") }
    }
  }

  private func look(at photo: Photo, _ task: PhotoTask) throws -> PhotoOutcome {
    let limit = ImageLimits().maxBytes
    let bytes = try photo.isStandardInput ? readInput(limit) : Files.read(photo.path, limit: limit)
    let (result, picture) = try finder.find(in: bytes, wantsPicture: task.picturePath != nil)
    if let path = task.picturePath, let picture {
      let format = PhotoFormats.fileExtension(of: path).flatMap { PhotoFormats.writable[$0] }
      try save(drawn(result.people, on: picture, as: format ?? .jpeg), to: path)
    }
    if let path = task.maskPath { try save(ImageEncoder.png(result.maskOfAll), to: path) }
    let file = photo.path.shownPath
    let printed: [UInt8] =
      switch report {
      case .json:
        try ResultsLine.encoded(result, file: file, measuring: motion)
      case .readable:
        Array(ReadableLines.text(for: result, file: photo.path, measuring: motion).utf8)
      case .nothing: []
      }
    return .done(printed, exports ? ExportedPhoto(result, file: file) : nil)
  }

  private func drawn(
    _ people: [Person], on picture: consuming Image, as format: ImageFormat
  ) throws -> [UInt8] {
    let renderer = SkeletonRenderer(
      style: settings.style, measuring: motion)
    if settings.style.background == .transparent {
      return try ImageEncoder.encode(
        renderer.cutOut(people, from: picture), as: format, quality: settings.quality)
    }
    try renderer.draw(people, on: &picture)
    return try ImageEncoder.encode(picture, as: format, quality: settings.quality)
  }

  private func save(_ bytes: [UInt8], to path: String) throws {
    if let there = FileIdentity(of: path), inputs.contains(there) {
      throw OutputFailure(path, "is one of the photos and is not written over")
    }
    do {
      try Files.makeFolder(Files.parent(of: path))
      try Files.write(bytes, to: path)
    } catch { throw OutputFailure(error.path, "can't be written: \(error.message)") }
  }
}

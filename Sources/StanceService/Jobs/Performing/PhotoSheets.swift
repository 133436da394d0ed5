import Archives
import Files
import Images
import PoseFormats
import Telemetry

/// Makes one file of photos' answers.
protocol PhotoSheet {
  mutating func begin() throws
  /// - Parameter bytes: what was made of the photo, as ``Recipe/asItem`` has it.
  mutating func add(_ bytes: [UInt8], of photo: String, number: Int) throws
  /// A photo of which nothing could be made.
  mutating func add(_ problem: Problem, of photo: String) throws
  mutating func end() throws
}

extension AnswerForm {
  /// How the file of all photos ends, and its type in HTTP.
  var gathered: (ending: String, mediaType: String) {
    switch self {
    case .json: return ("jsonl", "application/jsonl")
    case .text(let format) where format.division == .oneFile:
      return (format.fileExtension, format.mediaType)
    case .text, .picture, .mask, .tutorial: return ("zip", "application/zip")
    }
  }

  /// - Parameter output: takes the file's next bytes.
  func makeSheet(to output: @escaping ([UInt8]) throws -> Void) -> any PhotoSheet {
    switch self {
    case .text(let format):
      if format.division == .oneFile,
        let encoder = format.encoder(for: ExportSource(name: "photos"))
      {
        return FormatSheet(encoder: encoder, output: output)
      }
      return ZIPSheet(of: self, to: output)
    case .picture, .mask, .tutorial: return ZIPSheet(of: self, to: output)
    case .json: return LineSheet(output: output)
    }
  }
}

/// The line of a photo of which nothing could be made, as in the answer to several photos.
private func errorLine(_ problem: Problem, _ photo: String) -> [UInt8] {
  let line = JSONValue.object([
    (name: "file", value: .text(photo)), (name: "error", value: problem.json),
  ])
  return Array((line.description + "\n").utf8)
}

/// JSON Lines: each photo's result, or what was wrong with it.
private struct LineSheet: PhotoSheet {
  let output: ([UInt8]) throws -> Void

  func begin() {}
  func add(_ bytes: [UInt8], of photo: String, number: Int) throws { try output(bytes) }
  func add(_ problem: Problem, of photo: String) throws { try output(errorLine(problem, photo)) }
  func end() {}
}

/// Another program's format, with all photos in one file. It has no place for errors.
private struct FormatSheet: PhotoSheet {
  var encoder: any PoseEncoder
  let output: ([UInt8]) throws -> Void

  mutating func begin() throws { try output(encoder.begin()) }

  mutating func add(_ bytes: [UInt8], of photo: String, number: Int) throws {
    guard case .photo(let result, let file) = try ResultsLine(bytes) else { return }
    try output(encoder.encode(.photo(result, file: file, number: number)))
  }

  func add(_ problem: Problem, of photo: String) {}

  mutating func end() throws { try output(encoder.end()) }
}

/// A ZIP archive with a file a photo; errors are lines of a file of their own.
private struct ZIPSheet: PhotoSheet {
  private static let errorFile = "errors.jsonl"

  private let form: AnswerForm
  private var archive: ZIPWriter
  private var names = DistinctNames()
  private let errors = SpilledBytes()

  init(of form: AnswerForm, to output: @escaping ([UInt8]) throws -> Void) {
    self.form = form
    archive = ZIPWriter(to: output)
    _ = names.take(Self.errorFile)
  }

  func begin() {}

  mutating func add(_ bytes: [UInt8], of photo: String, number: Int) throws {
    let name = names.take(form.fileName(for: Self.path(photo)))
    guard case .text(let format) = form else { return try archive.add(bytes, as: name) }
    guard case .photo(let result, let file) = try ResultsLine(bytes) else { return }
    try archive.add(format.encode(result, file: file), as: name)
  }

  func add(_ problem: Problem, of photo: String) throws {
    try errors.append(errorLine(problem, photo))
  }

  mutating func end() throws {
    if errors.count > 0 { try archive.add(errors, as: Self.errorFile) }
    try archive.finish()
  }

  /// A relative path that stays where it is unpacked, whatever the caller called the photo.
  private static func path(_ photo: String) -> String {
    let parts = photo.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      .map { String(decoding: $0.filter { $0 >= 0x20 && $0 != UInt8(ascii: ":") }, as: UTF8.self) }
      .filter { !["", ".", ".."].contains($0) }
    return parts.isEmpty ? "photo" : parts.joined(separator: "/")
  }
}

extension AnswerForm {
  /// As `stance detect` names what it writes of a photo: pictures keep their names where their format stays.
  fileprivate func fileName(for path: String) -> String {
    switch self {
    case .picture(let format):
      let ending = PhotoFormats.fileExtension(of: path)
      return ending.flatMap { PhotoFormats.writable[$0] } == format
        ? path : "\(path).\(format == .jpeg ? "jpg" : format.rawValue)"
    case .text(let format):
      guard case .filePerFrame(let suffix) = format.division else {
        return "\(path).\(format.fileExtension)"
      }
      let folder = Files.parent(of: path)
      return (folder == "." ? "" : folder + "/") + ExportSource.stem(of: path) + suffix
    case .json, .mask, .tutorial: return "\(path).png"
    }
  }
}

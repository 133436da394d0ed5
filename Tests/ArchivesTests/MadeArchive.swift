import Archives
import Files
import Glibc
import Images
import Processes
import TestSupport
import Testing

/// An archive that Python writes, in a folder of its own.
struct MadeArchive {
  static let missing = "needs python3"
  static let isPossible = Files.program("python3") != nil

  let folder: TemporaryFolder
  let path: String

  /// `script` finds the path in `path`, with `io`, `os`, `struct`, `tarfile` and `zipfile` imported, and `small()` for one file
  /// of a tar archive.
  init(_ script: String) throws {
    folder = try TemporaryFolder()
    path = folder.path + "/archive"
    let whole = """
      import io, os, struct, sys, tarfile, zipfile
      path = sys.argv[1]
      def small(tar, name, content=b'content', **fields):
          info = tarfile.TarInfo(name)
          info.size = len(content)
          for key, value in fields.items(): setattr(info, key, value)
          tar.addfile(info, io.BytesIO(content))

      """
    let result = try ChildProcess.run(
      Command("python3", ["-c", whole + script, path]), outputLimit: 1 << 16,
      timeout: .seconds(240))
    try #require(result.succeeded, "\(result.errors)")
  }

  /// One of these bytes.
  init(_ bytes: [UInt8]) throws {
    folder = try TemporaryFolder()
    path = folder.path + "/archive"
    try Files.write(bytes, to: path)
  }

  var bytes: [UInt8] { get throws { try Files.read(path, limit: 1 << 30) } }

  func reader(
    _ pass: ArchiveReader.Pass = .read, _ limits: ArchiveLimits = ArchiveLimits()
  ) throws(ArchiveError) -> ArchiveReader {
    let file: OpenFile
    do { file = try OpenFile(reading: path) } catch { preconditionFailure("\(error)") }
    return try ArchiveReader(file, pass, limits: limits, helper: DecodingTools.standard.helper)
  }

  /// The entries, without their bytes.
  func list(_ limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) -> [ArchiveEntry] {
    var reader = try reader(.list, limits)
    var entries: [ArchiveEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }

  /// What an archive gave.
  struct Content {
    struct File {
      let entry: ArchiveEntry
      /// Nil for what was refused.
      var bytes: [UInt8]?
      var failure: ArchiveError?
      var text: String { String(decoding: bytes ?? [], as: UTF8.self) }
    }
    var files: [File] = []
    /// Nil when it was whole.
    var failure: ArchiveError?
    var names: [String] { files.map(\.entry.name) }
    var refusals: [EntryRefusal?] { files.map(\.entry.refusal) }
  }

  /// All of it, as far as it comes.
  func content(_ limits: ArchiveLimits = ArchiveLimits()) -> Content {
    var content = Content()
    do throws(ArchiveError) {
      var reader = try reader(.read, limits)
      var buffer = [UInt8](repeating: 0, count: 50_000)
      while let entry = try reader.next() {
        var file = Content.File(entry: entry)
        if entry.refusal == nil {
          file.bytes = []
          do throws(ArchiveError) {
            while case let count = try reader.read(into: &buffer), count > 0 {
              file.bytes?.append(contentsOf: buffer[..<count])
            }
          } catch { file.failure = error }
        }
        content.files.append(file)
      }
    } catch { content.failure = error }
    return content
  }
}

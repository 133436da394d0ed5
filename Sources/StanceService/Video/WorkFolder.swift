import Files
import Synchronization

/// Where videos lie while they are worked on: a folder of this user's alone, bounded in all.
///
/// Files in it lose their name at once, where the system can make them without one from the first moment on. So they are gone
/// with whoever holds them, `kill -9` included, and several services may share a folder.
final class WorkFolder: Sendable {
  /// A video that has come, for as long as somebody has it.
  final class File: Sendable {
    let file: OpenFile
    private let folder: WorkFolder
    private let size = Mutex(0)

    fileprivate init(_ file: OpenFile, in folder: WorkFolder) {
      (self.file, self.folder) = (file, folder)
    }

    deinit { folder.used.withLock { $0 -= byteCount } }

    var byteCount: Int { size.withLock { $0 } }

    /// Writes more of it. Blocks.
    ///
    /// - Throws: `Problem` with `overloaded` when there is no room.
    func append(_ bytes: [UInt8]) throws {
      let fits = folder.used.withLock { used in
        guard used + bytes.count <= folder.limit else { return false }
        used += bytes.count
        return true
      }
      guard fits else {
        throw Problem.overloaded(
          "the videos of all requests together may have \(folder.limit) bytes",
          retryAfter: WorkFolder.retrySeconds)
      }
      size.withLock { $0 += bytes.count }
      do { try file.write(bytes) } catch {
        throw Problem.overloaded(
          "the video can't be kept while it is worked on: \(error.message)",
          retryAfter: WorkFolder.retrySeconds)
      }
    }
  }

  private static let retrySeconds = 10

  let path: String
  private let limit: Int
  private let used = Mutex(0)

  /// - Parameters:
  ///   - path: nil: this user's own in `TMPDIR` or `/tmp`.
  ///   - limit: bytes of all videos together.
  init(_ path: String?, limit: Int) {
    self.path = path ?? Files.temporaryUserFolder
    self.limit = limit
  }

  /// Bytes of all videos that lie here now.
  var bytes: Int { used.withLock { $0 } }

  /// A new file. Blocks for a moment.
  ///
  /// - Throws: `Problem` with `overloaded`, and the reason, when there is no folder that can be used.
  func makeFile() throws(Problem) -> File {
    do {
      try prepare()
      return File(try OpenFile.nameless(in: path), in: self)
    } catch let error as FileError {
      throw Self.unusable(error.message)
    } catch {
      throw Self.unusable("\(error)")
    }
  }

  /// Removes what was left by a service that was killed at the wrong moment.
  ///
  /// - Throws: `FileError` or `ServiceError` when the folder can't be used.
  func sweep() throws {
    try prepare()
    try Files.sweepNameless(in: path)
  }

  private func prepare() throws {
    try Files.makePrivateFolder(path)
    guard Files.isPrivateFolder(path) else {
      throw ServiceError("it is no folder of this service's user alone (mode 0700)")
    }
  }

  private static func unusable(_ reason: String) -> Problem {
    // Without the path: the log of the start has it.
    .overloaded(
      "this service has no folder that videos can be worked on in: \(reason); --work-folder names one",
      retryAfter: retrySeconds)
  }
}

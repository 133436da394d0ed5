import CProcesses
import Glibc

/// An open file, closed with the last reference.
package final class OpenFile: Sendable {
  /// What it is that is open.
  package enum Kind: Sendable, Hashable {
    case regular(size: Int)
    case folder
    /// A pipe, a socket or a device: its size is not known, and it may not be readable twice.
    case stream
  }

  /// The descriptor, open as long as this is.
  package let descriptor: Int32
  private let name: String

  private init(owning descriptor: Int32, named name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  deinit { close(descriptor) }

  /// Takes over a descriptor, which is closed also when this fails.
  convenience init(taking descriptor: Int32, named name: String) throws(FileError) {
    self.init(owning: try Self.keptClear(descriptor, name), named: name)
  }

  /// Opens a file, pipe, device or folder for reading. A pipe with a name waits for its writer.
  package convenience init(reading path: String) throws(FileError) {
    let descriptor = open(path.cPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, code: errno) }
    self.init(owning: try Self.keptClear(descriptor, path), named: path)
  }

  /// Makes a file that is not there yet, for reading and writing.
  package convenience init(making path: String) throws(FileError) {
    let descriptor = open(path.cPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(path, code: errno) }
    self.init(owning: try Self.keptClear(descriptor, path), named: path)
  }

  /// Both ends of a new pipe, for one child to write and another to read. Neither end waits here.
  package static func pipe() throws(FileError) -> (reading: OpenFile, writing: OpenFile) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw FileError("a pipe", code: errno) }
    let both = ends.map { fcntl($0, F_DUPFD_CLOEXEC, firstNumber) }
    let failure = errno
    for end in ends { close(end) }
    let (reading, writing) = (
      OpenFile(owning: both[0], named: "a pipe"), OpenFile(owning: both[1], named: "a pipe")
    )
    guard both[0] >= 0, both[1] >= 0 else { throw FileError("a pipe", code: failure) }
    return (reading, writing)
  }

  /// Which file it is; nil when the system does not tell.
  package var identity: FileIdentity? { FileIdentity(descriptor: descriptor) }

  /// Whether something can be read, or the end has come, within `limit` milliseconds.
  package func isReadable(within limit: Int32) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let count = poll(&polled, 1, limit)
      if count >= 0 || errno != EINTR { return count > 0 }
    }
  }

  /// Has all that was written reach the disk.
  package func sync() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError(name, code: errno) }
  }

  /// This process's standard input; it stays open when this is closed.
  package static func standardInput() throws(FileError) -> OpenFile {
    let descriptor = fcntl(0, F_DUPFD_CLOEXEC, firstNumber)
    guard descriptor >= 0 else { throw FileError("-", code: errno) }
    return OpenFile(owning: descriptor, named: "-")
  }

  /// A new file without a name, for reading and writing, in `TMPDIR` or `/tmp`: it is gone once it is closed, whatever
  /// becomes of this process.
  package static func temporary() throws(FileError) -> OpenFile {
    try nameless(in: Files.temporaryFolder)
  }

  /// The same in a folder of choice.
  package static func nameless(in folder: String) throws(FileError) -> OpenFile {
    var descriptor = stance_open_nameless(folder.cPath)
    if descriptor < 0, [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) {
      // Some file systems know only files with names.
      var template = "\(folder)/\(Files.namelessPrefix)XXXXXX".cPath
      descriptor = mkstemp(&template)
      if descriptor >= 0 {
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
    }
    guard descriptor >= 0 else { throw FileError(folder, code: errno) }
    return OpenFile(owning: try keptClear(descriptor, folder), named: folder)
  }

  /// The error that just happened to it, by default that of the last system call.
  func failure(_ reason: FileError.Reason? = nil) -> FileError {
    reason.map { FileError(name, reason: $0) } ?? FileError(name, code: errno)
  }

  /// What it is now.
  package func kind() throws(FileError) -> Kind {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(name, code: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regular(size: Int(status.st_size))
    case S_IFDIR: return .folder
    default: return .stream
    }
  }

  /// Up to `count` bytes from `offset` on; fewer only at the end. Of a regular file.
  package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, offset + filled)
        if read > 0 {
          filled += read
        } else if read == 0 {
          return
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
    guard failure == 0 else { throw FileError(name, code: failure) }
    return bytes
  }

  /// Writes here all that comes from `source`, and returns how many bytes that is.
  ///
  /// - Throws: `.tooLarge` as soon as more than `limit` bytes come.
  package func fill(from source: OpenFile, limit: Int) throws(FileError) -> Int {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var total = 0
    while true {
      let count = Glibc.read(source.descriptor, &buffer, buffer.count)
      if count == 0 { return total }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(source.name, code: errno)
      }
      total += count
      guard total <= limit else { throw FileError(source.name, reason: .tooLarge(limit: limit)) }
      try write(buffer[..<count])
    }
  }

  /// Writes all of these bytes where the last ones ended.
  package func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    let failure =
      bytes.withContiguousStorageIfAvailable(writeAll)
      ?? Array(bytes).withUnsafeBufferPointer(writeAll)
    guard failure == 0 else { throw FileError(name, code: failure) }
  }

  /// 0, or the error number.
  private func writeAll(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    var sent = 0
    while sent < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
      if count >= 0 { sent += count } else if errno != EINTR { return errno }
    }
    return 0
  }

  /// Adds what comes next to `buffer`, waiting for something.
  ///
  /// - Returns: how many bytes came, up to `limit`; 0 at the end.
  func read(into buffer: inout [UInt8], atMost limit: Int) throws(FileError) -> Int {
    let known = buffer.count
    buffer += [UInt8](repeating: 0, count: limit)
    while true {
      let count = buffer[known...].withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      let failure = errno
      buffer.removeLast(limit - max(0, count))
      guard count >= 0 else { throw FileError(name, code: failure) }
      return count
    }
  }

  /// Above the numbers that a child's table of descriptors uses.
  private static let firstNumber: Int32 = 16

  private static func keptClear(_ descriptor: Int32, _ name: String) throws(FileError) -> Int32 {
    if descriptor >= firstNumber { return descriptor }
    defer { close(descriptor) }
    let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, firstNumber)
    guard moved >= 0 else { throw FileError(name, code: errno) }
    return moved
  }
}

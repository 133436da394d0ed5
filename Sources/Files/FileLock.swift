import Glibc

/// A lock on a file, of one holder on one of all machines that share it; gone with its holder, and with the holder's process.
package final class FileLock: Sendable {
  private let descriptor: Int32

  private init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Takes it, the file being made (0600) where there is none. Does not wait.
  ///
  /// - Returns: nil when somebody else has it.
  /// - Throws: when there can be no such file, or no lock on it.
  package static func take(_ path: String) throws(FileError) -> FileLock? {
    let descriptor = open(path.cPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(path, code: errno) }
    let lock = FileLock(owning: descriptor)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EWOULDBLOCK { return nil }
      guard code == EINTR else { throw FileError(path, code: code) }
    }
    return lock
  }
}

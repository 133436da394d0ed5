import Glibc

/// A file's bytes, read by the system as they are looked at, and mapped until the last reference to this object goes.
///
/// For files that are replaced or deleted but never shortened in place: looking at bytes that are gone ends the program.
package final class MappedFile: Sendable {
  private let start: UInt
  /// How many bytes there are.
  package let count: Int

  /// Maps a regular file that is not empty.
  ///
  /// - Throws: `FileError`; `.tooLarge` beyond `limit` bytes.
  package init(_ path: String, limit: Int) throws(FileError) {
    let descriptor = open(path.cPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path, code: errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(path, reason: .isDirectory) }
    guard status.st_size <= limit else { throw FileError(path, reason: .tooLarge(limit: limit)) }
    count = Int(status.st_size)
    guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      address != UnsafeMutableRawPointer(bitPattern: -1)
    else { throw FileError(path, code: errno) }
    start = UInt(bitPattern: address)
  }

  deinit { munmap(UnsafeMutableRawPointer(bitPattern: start), count) }

  /// The file's bytes; valid as long as this object.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: start), count: count)
  }

  /// Takes the bytes out of memory; whoever looks at them again waits for the system to read them.
  package func letGo() {
    madvise(UnsafeMutableRawPointer(bitPattern: start), count, MADV_DONTNEED)
  }
}

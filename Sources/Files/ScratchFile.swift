import Glibc
import Synchronization

/// Room in a nameless file, looked at like memory: the system writes out what is not used. It is
/// gone with the last reference, whatever becomes of this process.
package final class ScratchFile: Sendable {
  /// Room is taken in steps of so many bytes.
  private static let step = 4 << 20

  private let file: OpenFile
  private let start: UInt
  private let reserved = Atomic<Int>(0)
  /// So many bytes there can be.
  package let limit: Int

  /// An empty file.
  ///
  /// - Parameters:
  ///   - limit: bytes, above 0; nothing is taken as yet.
  ///   - folder: where it is; nil: in `TMPDIR` or `/tmp`.
  package init(limit: Int, in folder: String? = nil) throws(FileError) {
    self.limit = limit
    file = try OpenFile.nameless(in: folder ?? Files.temporaryFolder)
    guard
      let address = mmap(nil, limit, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0),
      address != UnsafeMutableRawPointer(bitPattern: -1)
    else { throw file.failure() }
    start = UInt(bitPattern: address)
  }

  deinit { munmap(UnsafeMutableRawPointer(bitPattern: start), limit) }

  /// Makes sure of the first `count` bytes, those that are new being 0. One caller at a time.
  ///
  /// - Throws: `.tooLarge` beyond the limit; what the system says when the disk is full.
  package func reserve(_ count: Int) throws(FileError) {
    let known = reserved.load(ordering: .relaxed)
    guard count > known else { return }
    guard count <= limit else { throw file.failure(.tooLarge(limit: limit)) }
    let wanted = min(limit, (count + Self.step - 1) / Self.step * Self.step)
    // Not only made longer: a page for which there is no room on the disk would end the program when it is written.
    var failure = EINTR
    while failure == EINTR { failure = posix_fallocate(file.descriptor, known, wanted - known) }
    guard failure == 0 else { throw file.failure(.system(code: failure)) }
    reserved.store(wanted, ordering: .relaxed)
  }

  /// All bytes up to the limit; only those that are reserved may be looked at. Valid as long as this object.
  package var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: start), count: limit)
  }
}

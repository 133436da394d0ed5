/// A file that is written piece by piece, and takes its name when it is whole: until then what has the name stays.
///
/// The pieces lie beside it in a hidden file, which goes with this object.
package final class WholeFile {
  private static let bufferSize = 256 << 10

  /// The name it was made for.
  package let path: String
  private let temporary: String
  private let file: OpenFile
  private var buffer: [UInt8] = []
  private var isNamed = false

  /// Begins a file.
  ///
  /// - Throws: `FileError` when nothing can be written there: no such folder, no right, or something lies there that is no
  ///   ordinary file.
  package init(_ path: String) throws(FileError) {
    self.path = path
    try Self.check(path)
    temporary = Files.hiddenName(beside: path)
    do { file = try OpenFile(making: temporary) } catch {
      // Of the hidden file's name nobody knows.
      throw FileError(path, reason: error.reason)
    }
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    // What is left over is hidden, and nobody is there to be told.
    if !isNamed { try? Files.remove(temporary) }
  }

  /// Adds bytes at its end.
  package func append(_ bytes: [UInt8]) throws(FileError) {
    buffer += bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// That was all: gives it its name.
  package func finish() throws(FileError) { try finish(as: path) }

  /// That was all: gives it another name in the same folder.
  package func finish(as name: String) throws(FileError) {
    try Self.check(name)
    try flush()
    // What is renamed must be on the disk, or after a failure of power there may be neither the old nor the new.
    try file.sync()
    try Files.rename(temporary, to: name)
    isNamed = true
  }

  private func flush() throws(FileError) {
    do { try file.write(buffer[...]) } catch { throw FileError(path, reason: error.reason) }
    buffer.removeAll(keepingCapacity: true)
  }

  /// A device or a pipe would be replaced by an ordinary file.
  private static func check(_ path: String) throws(FileError) {
    switch FileIdentity.look(at: path)?.kind {
    case .folder: throw FileError(path, reason: .isDirectory)
    case .other: throw FileError(path, reason: .notOrdinary)
    case .regular, nil: return
    }
  }
}

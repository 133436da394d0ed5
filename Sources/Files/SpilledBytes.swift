/// Bytes that come piece by piece and are read again later: the first of them in memory, and when they become many, in a nameless file.
package final class SpilledBytes {
  private static let mostInMemory = 1 << 20
  private static let pieceSize = 1 << 20

  private var buffer: [UInt8] = []
  private var file: OpenFile?
  /// Bytes in the file.
  private var written = 0

  /// None.
  package init() {}

  /// So many there are.
  package var count: Int { written + buffer.count }

  /// Adds bytes at the end.
  ///
  /// - Throws: `FileError` when the disk of `TMPDIR` has no room.
  package func append(_ bytes: some Collection<UInt8>) throws(FileError) {
    buffer += bytes
    guard buffer.count >= Self.mostInMemory else { return }
    let file: OpenFile
    if let known = self.file { file = known } else { file = try OpenFile.temporary() }
    self.file = file
    try file.write(buffer)
    written += buffer.count
    buffer = []
  }

  /// All of them, in pieces, as often as it is asked for.
  ///
  /// - Throws: `FileError`; what `body` throws.
  package func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    var place = 0
    while let file, place < written {
      let piece = try file.bytes(at: place, count: min(Self.pieceSize, written - place))
      guard !piece.isEmpty else { throw file.failure(.notFound) }
      try body(piece)
      place += piece.count
    }
    if !buffer.isEmpty { try body(buffer) }
  }
}

import Glibc

/// The lines of a file, pipe or device, one after the other, however many there are.
package struct LineReader: ~Copyable {
  /// Bytes that are asked for at once.
  private static let step = 256 << 10

  private let file: OpenFile
  private let limit: Int
  private let isCancelled: () -> Bool
  private var buffer: [UInt8] = []
  private var start = 0
  private var isOver = false

  /// Reads from where the file is.
  ///
  /// - Parameters:
  ///   - limit: the bytes that a line may have.
  ///   - isCancelled: asked ten times a second while nothing comes, and before each step.
  package init(
    _ file: OpenFile, limit: Int, isCancelled: @escaping () -> Bool = { false }
  ) {
    self.file = file
    self.limit = limit
    self.isCancelled = isCancelled
  }

  /// The next line without its break, and whether it has one; nil after the last, and when cancelled.
  ///
  /// - Throws: `FileError`; `.tooLarge` for a line beyond the limit.
  package mutating func next() throws(FileError) -> (bytes: ArraySlice<UInt8>, isWhole: Bool)? {
    var searched = start
    while true {
      if let end = Self.lineBreak(in: buffer, from: searched) {
        defer { start = end + 1 }
        return (buffer[start..<end], true)
      }
      guard buffer.count - start <= limit else { throw file.failure(.tooLarge(limit: limit)) }
      if isOver {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return (buffer[start...], false)
      }
      buffer.removeFirst(start)
      start = 0
      searched = buffer.count
      while !file.isReadable(within: 100) { if isCancelled() { return nil } }
      if isCancelled() { return nil }
      isOver = try file.read(into: &buffer, atMost: Self.step) == 0
    }
  }

  /// Tens of times as fast as a search element by element in a debug build.
  private static func lineBreak(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
      guard start < bytes.count, let first = bytes.baseAddress,
        let found = memchr(first + start, 0x0a, bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - first
    }
  }
}

/// The times that ffmpeg's filter `metadata=print` writes, two lines a frame:
///
///     frame:12   pts:6144    pts_time:0.48
///     decoded=
///
/// A frame has a record `decoded` as soon as it is decoded and, where some are left out, a record `given` once it is not.
struct FrameRecords {
  /// The key of each record's second line.
  enum Key: String { case decoded, given }

  /// What a record says.
  struct Record {
    var key: Key
    /// Nil for a frame without a time.
    var ticks: Int64?
  }

  /// Longest line that is kept: any longer is none of ours.
  private static let longestLine = 1 << 12

  private var line: [UInt8] = []
  private var ticks: Int64?

  /// Takes in bytes in any pieces, and gives each whole record.
  mutating func add(_ bytes: some Sequence<UInt8>, _ body: (Record) -> Void) {
    for byte in bytes {
      if byte != UInt8(ascii: "\n") {
        if line.count < Self.longestLine { line.append(byte) }
        continue
      }
      if let record = endLine() { body(record) }
      line.removeAll(keepingCapacity: true)
    }
  }

  private mutating func endLine() -> Record? {
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("frame:") {
      let field = text.split(separator: " ").first { $0.hasPrefix("pts:") }
      ticks = field.flatMap { Int64($0.dropFirst(4)) }
      return nil
    }
    guard let equals = text.firstIndex(of: "="), let key = Key(rawValue: String(text[..<equals]))
    else { return nil }
    return Record(key: key, ticks: ticks)
  }
}

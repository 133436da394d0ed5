/// What `stance-decode` writes of an archive, one frame after the other: a byte that names it, the length of the rest in
/// 4 bytes, the rest. Numbers are little-endian.
///
/// For each entry an `entry`, its `data` and `passed` in any order, and `entryEnd` or `entryFailed`; at last `end` or
/// `failed`.
package enum ArchiveFrame: Sendable, Hashable {
  /// What an entry is.
  package enum EntryKind: UInt8, Sendable {
    case file, folder, symbolicLink, hardLink, device, pipe, encrypted
    /// A file that claims more bytes than were to be read of one.
    case tooLarge
  }

  /// Why no more comes, of an entry or of the archive.
  package enum Trouble: UInt8, Sendable {
    case damaged, truncated, unknownFormat, encrypted, tooLarge, noResources
  }

  /// An entry begins. `size` in bytes is what the archive claims; the name is of any encoding, and empty when there is none.
  case entry(EntryKind, size: Int?, name: [UInt8])
  /// So many of its bytes follow.
  case data(count: Int)
  /// So many bytes were unpacked and dropped.
  case passed(count: Int)
  /// The entry is whole.
  case entryEnd
  /// Of this entry no more comes.
  case entryFailed(Trouble, String)
  /// The archive is whole.
  case end
  /// Of this archive no more comes.
  case failed(Trouble, String)
}

extension ArchiveFrame {
  /// Bytes of a frame's name and length.
  package static let headLength = 5
  /// Most bytes of `data` in a frame.
  package static let maxData = 128 << 10
  /// Most bytes of a name; longer ones are left out.
  package static let maxName = 4096
  /// Most bytes of what follows any other frame's head.
  package static let maxPayload = maxName + 16

  private enum Code {
    static let entry = UInt8(ascii: "E")
    static let data = UInt8(ascii: "D")
    static let passed = UInt8(ascii: "P")
    static let entryEnd = UInt8(ascii: "W")
    static let entryFailed = UInt8(ascii: "B")
    static let end = UInt8(ascii: "Z")
    static let failed = UInt8(ascii: "X")
  }

  /// The frame as bytes; of `data` the head alone.
  package var bytes: [UInt8] {
    switch self {
    case .entry(let kind, let size, let name):
      let number = size.map { UInt64($0) } ?? .max
      return Self.framed(
        Code.entry, [kind.rawValue] + Self.little(number, 8) + name.prefix(Self.maxName))
    case .data(let count): return [Code.data] + Self.little(UInt64(count), 4)
    case .passed(let count): return Self.framed(Code.passed, Self.little(UInt64(count), 8))
    case .entryEnd: return Self.framed(Code.entryEnd, [])
    case .entryFailed(let trouble, let message):
      return Self.framed(Code.entryFailed, [trouble.rawValue] + message.utf8.prefix(1024))
    case .end: return Self.framed(Code.end, [])
    case .failed(let trouble, let message):
      return Self.framed(Code.failed, [trouble.rawValue] + message.utf8.prefix(1024))
    }
  }

  /// The first frame in `bytes` and how many of them it takes, those of `data` not counted; nil when more bytes are needed.
  ///
  /// - Throws: `Malformed` when no frame begins so.
  package static func first(
    in bytes: ArraySlice<UInt8>
  ) throws(Malformed) -> (frame: ArchiveFrame, length: Int)? {
    guard bytes.count >= headLength else { return nil }
    let code = bytes[bytes.startIndex]
    let length = Int(number(bytes.dropFirst().prefix(4)))
    if code == Code.data {
      guard (1...maxData).contains(length) else { throw Malformed() }
      return (.data(count: length), headLength)
    }
    guard length <= maxPayload else { throw Malformed() }
    let payload = bytes.dropFirst(headLength).prefix(length)
    guard payload.count == length else { return nil }
    guard let frame = ArchiveFrame(code, payload) else { throw Malformed() }
    return (frame, headLength + length)
  }

  /// Bytes that are no frame.
  package struct Malformed: Error {}

  private init?(_ code: UInt8, _ payload: ArraySlice<UInt8>) {
    switch (code, payload.count) {
    case (Code.entry, 9...):
      guard let kind = payload.first.flatMap(EntryKind.init) else { return nil }
      let size = Self.number(payload.dropFirst().prefix(8))
      self = .entry(kind, size: Int(exactly: size), name: Array(payload.dropFirst(9)))
    case (Code.passed, 8):
      guard let count = Int(exactly: Self.number(payload)) else { return nil }
      self = .passed(count: count)
    case (Code.entryEnd, 0): self = .entryEnd
    case (Code.end, 0): self = .end
    case (Code.entryFailed, 1...), (Code.failed, 1...):
      guard let trouble = payload.first.flatMap(Trouble.init) else { return nil }
      let message = String(decoding: payload.dropFirst(), as: UTF8.self)
      self = code == Code.failed ? .failed(trouble, message) : .entryFailed(trouble, message)
    default: return nil
    }
  }

  private static func framed(_ code: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [code] + little(UInt64(payload.count), 4) + payload
  }

  private static func little(_ number: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func number(_ bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

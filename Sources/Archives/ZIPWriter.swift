internal import CZlib
package import Files

/// A ZIP archive of files that are packed already, such as pictures: they are stored as they are, one after the other, and no more than
/// a list of them is kept, on the disk where it is long. Names are UTF-8; ZIP64 from 4 GiB or 65,535 files on (APPNOTE 6.3.10 by PKWARE).
package struct ZIPWriter {
  private struct Entry {
    let name: [UInt8]
    let checksum: UInt32
    let size: Int
    let offset: Int
  }

  private enum Signature {
    static let local: UInt32 = 0x0403_4b50
    static let central: UInt32 = 0x0201_4b50
    static let end64: UInt32 = 0x0606_4b50
    static let locator64: UInt32 = 0x0706_4b50
    static let end: UInt32 = 0x0605_4b50
  }

  /// Version 4.5, which knows ZIP64; made on Unix.
  private static let version: UInt16 = 45
  private static let isUTF8: UInt16 = 1 << 11
  private static let none32 = UInt32.max
  private static let none16 = UInt16.max
  /// 1 January 1980, the earliest date that a ZIP knows: the same files make the same bytes.
  private static let date: UInt16 = 1 << 5 | 1

  private let output: ([UInt8]) throws -> Void
  /// The list, as it comes at the end.
  private let list = SpilledBytes()
  private var count = 0
  private var offset = 0

  /// An archive without files.
  ///
  /// - Parameter output: takes its next bytes.
  package init(to output: @escaping ([UInt8]) throws -> Void) { self.output = output }

  /// Adds a file.
  ///
  /// - Parameter name: relative, with "/" between its parts, at most 65,535 bytes; no other file's.
  package mutating func add(_ bytes: [UInt8], as name: String) throws {
    try begin(name, size: bytes.count, checksum: Self.checksum(0, bytes))
    try put(bytes)
  }

  /// Adds a file of bytes that may not be in memory, fewer than 4 GiB.
  package mutating func add(_ bytes: SpilledBytes, as name: String) throws {
    var checksum: UInt32 = 0
    try bytes.forEachPiece { checksum = Self.checksum(checksum, $0) }
    try begin(name, size: bytes.count, checksum: checksum)
    try bytes.forEachPiece { try put($0) }
  }

  private mutating func begin(_ name: String, size: Int, checksum: UInt32) throws {
    let entry = Entry(
      name: Array(name.utf8.prefix(Int(UInt16.max))), checksum: checksum, size: size,
      offset: offset)
    try list.append(Self.central(entry))
    count += 1
    // A single picture never has 4 GiB, so a local header needs no ZIP64.
    var head: [UInt8] = []
    head.append(little: Signature.local)
    head += Self.common(entry, size: UInt32(clamping: entry.size))
    head.append(little: UInt16(0))
    try put(head + entry.name)
  }

  /// That was all: writes the list of what is there. Called once.
  package mutating func finish() throws {
    let start = offset
    try list.forEachPiece { try put($0) }
    let length = offset - start
    if count >= Self.none16 || start >= Self.none32 || length >= Self.none32 {
      try put(Self.end64(count: count, start: start, length: length))
    }
    var end: [UInt8] = []
    end.append(little: Signature.end)
    end.append(little: UInt32(0))
    end.append(little: UInt16(clamping: count))
    end.append(little: UInt16(clamping: count))
    end.append(little: UInt32(clamping: length))
    end.append(little: UInt32(clamping: start))
    end.append(little: UInt16(0))
    try put(end)
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    try output(bytes)
    offset += bytes.count
  }

  /// From the version needed to the length of the name, which both headers of a file have.
  private static func common(_ entry: Entry, size: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: version)
    bytes.append(little: isUTF8)
    // Stored; at midnight.
    bytes.append(little: UInt16(0))
    bytes.append(little: UInt16(0))
    bytes.append(little: date)
    bytes.append(little: entry.checksum)
    bytes.append(little: size)
    bytes.append(little: size)
    bytes.append(little: UInt16(entry.name.count))
    return bytes
  }

  private static func central(_ entry: Entry) -> [UInt8] {
    let isFar = entry.offset >= none32
    var bytes: [UInt8] = []
    bytes.append(little: Signature.central)
    bytes.append(little: version | 3 << 8)
    bytes += common(entry, size: UInt32(clamping: entry.size))
    bytes.append(little: UInt16(isFar ? 12 : 0))
    // No comment, the first disk, no inner attributes.
    for _ in 0..<3 { bytes.append(little: UInt16(0)) }
    // An ordinary file, readable for all.
    bytes.append(little: UInt32(0o100644) << 16)
    bytes.append(little: UInt32(clamping: entry.offset))
    bytes += entry.name
    if isFar {
      bytes.append(little: UInt16(1))
      bytes.append(little: UInt16(8))
      bytes.append(little: UInt64(entry.offset))
    }
    return bytes
  }

  private static func end64(count: Int, start: Int, length: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: Signature.end64)
    bytes.append(little: UInt64(44))
    bytes.append(little: version | 3 << 8)
    bytes.append(little: version)
    bytes.append(little: UInt64(0))
    bytes.append(little: UInt64(count))
    bytes.append(little: UInt64(count))
    bytes.append(little: UInt64(length))
    bytes.append(little: UInt64(start))
    bytes.append(little: Signature.locator64)
    bytes.append(little: UInt32(0))
    bytes.append(little: UInt64(start + length))
    bytes.append(little: UInt32(1))
    return bytes
  }

  /// Goes on from that of the bytes before; 0 where there are none.
  private static func checksum(_ before: UInt32, _ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_z(UInt(before), bytes, bytes.count))
  }
}

extension [UInt8] {
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

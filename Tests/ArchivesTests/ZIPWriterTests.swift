import Archives
import Files
import Images
import TestSupport
import Testing

@Suite("Writing ZIP archives")
struct ZIPWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reader(_ bytes: [UInt8], _ pass: ArchiveReader.Pass) throws -> ArchiveReader {
    let path = folder.path + "/made.zip"
    try Files.write(bytes, to: path)
    return try ArchiveReader(
      OpenFile(reading: path), pass, helper: DecodingTools.standard.helper)
  }

  private func made(_ files: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var archive = ZIPWriter { bytes += $0 }
    for file in files { try archive.add(file.bytes, as: file.name) }
    try archive.finish()
    return bytes
  }

  @Test("what was added is read again, by its name")
  func readAgain() throws {
    let files: [(name: String, bytes: [UInt8])] = [
      ("a/b.png", Array("first".utf8)), ("跳舞.jpg", []),
      ("c", (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }),
    ]
    var reader = try reader(made(files), .read)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    for file in files {
      let entry = try #require(try reader.next())
      #expect(entry.name == file.name && entry.refusal == nil)
      var bytes: [UInt8] = []
      while case let count = try reader.read(into: &buffer), count > 0 { bytes += buffer[..<count] }
      #expect(bytes == file.bytes)
    }
    #expect(try reader.next() == nil)
  }

  @Test("bytes that are not in memory are added as others are")
  func spilled() throws {
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let spilled = SpilledBytes()
    for start in stride(from: 0, to: bytes.count, by: 300_000) {
      try spilled.append(bytes[start..<min(start + 300_000, bytes.count)])
    }
    var made: [UInt8] = []
    var archive = ZIPWriter { made += $0 }
    try archive.add(spilled, as: "a")
    try archive.finish()
    #expect(try made == self.made([("a", bytes)]))
  }

  @Test("more files than a ZIP of old can name are all there")
  func many() throws {
    let count = 65_540
    let bytes = try made((0..<count).map { ("\($0)", []) })
    var reader = try reader(bytes, .list)
    var found = 0
    while let entry = try reader.next() {
      found += 1
      if entry.name != "\(found - 1)" { Issue.record("\(entry.name) in place \(found)") }
    }
    #expect(found == count)
  }

  @Test("the same files make the same bytes")
  func same() throws {
    #expect(try made([("a", [1])]) == made([("a", [1])]))
  }
}

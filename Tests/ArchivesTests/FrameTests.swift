import ArchiveFrames
import Testing

@Suite("Frames of archives")
struct FrameTests {
  private static let frames: [ArchiveFrame] = [
    .entry(.file, size: nil, name: Array("a/ü.jpg".utf8)), .entry(.encrypted, size: 0, name: []),
    .entry(.folder, size: .max, name: [0xff, 0x00]), .passed(count: 1 << 40), .entryEnd,
    .entryFailed(.tooLarge, "more"), .end, .failed(.truncated, ""),
  ]

  @Test("Each is read as it was written, and no sooner than it is there", arguments: frames)
  func roundTrip(frame: ArchiveFrame) throws {
    let bytes = frame.bytes
    for count in bytes.indices {
      #expect(try ArchiveFrame.first(in: bytes[..<count]) == nil)
    }
    let first = try #require(try ArchiveFrame.first(in: (bytes + [1, 2])[...]))
    #expect(first.frame == frame && first.length == bytes.count)
  }

  @Test("Data is announced, its bytes are left")
  func data() throws {
    let bytes = ArchiveFrame.data(count: 7).bytes + [1, 2, 3]
    let first = try #require(try ArchiveFrame.first(in: bytes[...]))
    #expect(first.frame == .data(count: 7) && first.length == ArchiveFrame.headLength)
  }

  @Test(
    "What is none is refused",
    arguments: [
      [0x41, 0, 0, 0, 0], [0x44, 0, 0, 0, 0], [0x44, 1, 0, 2, 0], [0x45, 0xff, 0xff, 0xff, 0x7f],
      [0x45, 1, 0, 0, 0, 9], [0x57, 1, 0, 0, 0, 9], [0x58, 1, 0, 0, 0, 99],
      [0x50, 8, 0, 0, 0] + [UInt8](repeating: 0xff, count: 8),
    ])
  func malformed(bytes: [UInt8]) {
    #expect(throws: ArchiveFrame.Malformed.self) { try ArchiveFrame.first(in: bytes[...]) }
  }

  private static let long = [UInt8](repeating: 65, count: 10_000)

  @Test("Names and messages that are too long are cut")
  func long() throws {
    for frame in [
      ArchiveFrame.entry(.file, size: 1, name: Self.long),
      .failed(.damaged, String(decoding: Self.long, as: UTF8.self)),
    ] {
      #expect(try ArchiveFrame.first(in: frame.bytes[...])?.length == frame.bytes.count)
      #expect(frame.bytes.count <= ArchiveFrame.headLength + ArchiveFrame.maxPayload)
    }
  }
}

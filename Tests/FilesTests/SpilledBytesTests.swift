import Files
import Testing

@Suite("Bytes that are kept on the disk when they become many")
struct SpilledBytesTests {
  @Test("they come back as they were added, each time", arguments: [0, 10, 1 << 20, 3_333_333])
  func readAgain(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let spilled = SpilledBytes()
    for start in stride(from: 0, to: count, by: 70_000) {
      try spilled.append(bytes[start..<min(start + 70_000, count)])
    }
    #expect(spilled.count == count)
    for _ in 0..<2 {
      var found: [UInt8] = []
      try spilled.forEachPiece { piece in
        #expect(piece.count <= 1 << 20)
        found += piece
      }
      #expect(found == bytes)
    }
  }
}

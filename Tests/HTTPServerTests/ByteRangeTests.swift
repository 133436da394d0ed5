import HTTPServer
import Testing

@Suite("Ranges and preferences")
struct ByteRangeTests {
  private static let tag = "\"abc\""

  private func range(_ field: String, _ others: [(String, String)] = [], size: Int = 10)
    -> ByteRange
  {
    ByteRange(HTTPHeaders([("Range", field)] + others), size: size, entityTag: Self.tag)
  }

  @Test(
    "one range is a part of the file",
    arguments: [
      ("bytes=0-0", 0..<1), ("bytes=2-", 2..<10), ("bytes=2-4", 2..<5), ("bytes=-3", 7..<10),
      ("bytes=-30", 0..<10), ("bytes=9-99999999999999999999", 9..<10), ("BYTES = 1-2 ", 1..<3),
      ("bytes=0-9", 0..<10),
    ])
  func part(field: String, expected: Range<Int>) {
    #expect(range(field) == .part(expected))
  }

  @Test(
    "what is not understood, and several ranges, are answered with all of it",
    arguments: [
      "bytes", "bytes=", "bytes=a-b", "bytes=5-2", "bytes=-", "lines=0-1", "bytes=0-1,4-5",
      "bytes=0-1-2", "bytes=+1-2", "bytes=1-2,x",
    ])
  func whole(field: String) {
    #expect(range(field) == .whole)
  }

  @Test(
    "nothing of what was asked for is there",
    arguments: [
      "bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-", "bytes=10-,11-",
    ])
  func unsatisfiable(field: String) {
    #expect(range(field) == .unsatisfiable)
  }

  @Test("an empty file has no part")
  func empty() {
    #expect(range("bytes=0-", size: 0) == .unsatisfiable)
    #expect(range("bytes=-1", size: 0) == .unsatisfiable)
  }

  @Test("a range is for the version that If-Range names alone")
  func ifRange() {
    #expect(range("bytes=1-2", [("If-Range", Self.tag)]) == .part(1..<3))
    #expect(range("bytes=1-2", [("If-Range", "\"other\"")]) == .whole)
    #expect(range("bytes=1-2", [("If-Range", "W/\(Self.tag)")]) == .whole)
  }

  @Test("a known version is told by its tag, weak or among others")
  func versions() {
    for field in ["\"abc\"", "*", "W/\"abc\"", "\"x\", \"abc\""] {
      #expect(HTTPHeaders([("If-None-Match", field)]).hasVersion(Self.tag), "\(field)")
    }
    for field in ["abc", "\"ab\"", "\"abcd\"", ""] {
      #expect(!HTTPHeaders([("If-None-Match", field)]).hasVersion(Self.tag), "\(field)")
    }
  }

  @Test(
    "a wish to wait is read among others",
    arguments: [
      ("wait=5", 5), ("respond-async, wait=10", 10), ("WAIT = \"7\"; x", 7), ("wait=5, wait=9", 5),
      ("wait=99999999999999999999", Int.max), ("wait", nil), ("wait=", nil), ("wait=-1", nil),
      ("wait=1.5", nil), ("waiting=5", nil),
    ] as [(String, Int?)])
  func preference(field: String, seconds: Int?) {
    #expect(Preferences(HTTPHeaders([("Prefer", field)])).wait == seconds)
  }

  @Test("an event's data keep their lines")
  func event() {
    let event = ServerSentEvent("job", data: "a\nb", id: "1")
    #expect(
      String(decoding: event.bytes, as: UTF8.self) == "event: job\nid: 1\ndata: a\ndata: b\n\n")
  }
}

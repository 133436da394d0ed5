import Files
import Testing

@Suite("Paths as text")
struct PathBytesTests {
  @Test(
    "every path turns into text and back, UTF-8 or not, and no two into the same",
    arguments: [
      "", "/plain/a.jpg", "/bäd/\u{1F600}", "/\u{10FEFF}", "/a\u{301}",
    ])
  func roundTrip(_ text: String) {
    let utf8 = Array(text.utf8)
    for bytes in [utf8, utf8 + [0xff], [0xc3] + utf8, utf8.dropLast() + [0x80, 0xe4, 0x2f]] {
      let path = String(pathBytes: bytes)
      #expect(path.pathBytes == bytes)
      #expect(path.shownPath == String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test("UTF-8 is kept as it is")
  func utf8() {
    #expect(String(pathBytes: Array("/bäd/a.jpg".utf8)) == "/bäd/a.jpg")
    #expect(
      String(pathBytes: Array("ä".utf8) + [0xff]) != String(pathBytes: Array("ä\u{10FEFF}".utf8)))
  }
}

import Files
import Testing

@Suite("Names of strangers' files")
struct FileNameTests {
  @Test("A name in UTF-8 stays, one in GB18030 is converted, anything else is none")
  func encodings() {
    #expect(FileName.text(of: Array("图/é.jpg".utf8)) == "图/é.jpg")
    // GBK's two bytes a character, and GB18030's four for an emoji.
    #expect(FileName.text(of: [0xd5, 0xd5, 0xc6, 0xac] + Array(".jpg".utf8)) == "照片.jpg")
    #expect(FileName.text(of: [0x94, 0x39, 0xda, 0x33, 0xd5, 0xd5]) == "💩照")
    #expect(FileName.text(of: [0x61, 0xff, 0xff]) == nil)
    #expect(FileName.text(of: [0x61, 0xd5]) == nil)
    #expect(FileName.text(of: []) == nil)
    #expect(FileName.text(of: [UInt8](repeating: 65, count: 1025)) == nil)
  }

  @Test("Control characters are shown, not obeyed")
  func controls() {
    #expect(
      FileName.text(of: Array("a\u{1b}[2J\n\u{85}.jpg".utf8)) == "a\u{fffd}[2J\u{fffd}\u{fffd}.jpg")
  }

  @Test("What macOS leaves beside files is known by its name")
  func clutter() {
    for name in ["__MACOSX/a.jpg", "a/__MACOSX/._b", ".DS_Store", "a/.DS_Store", "a/._b.jpg"] {
      #expect(FileName.isClutter(Array(name.utf8)), "\(name)")
    }
    for name in ["", "a.jpg", "a/b.DS_Store", "__MACOSXX/a", ".hidden", "a._b"] {
      #expect(!FileName.isClutter(Array(name.utf8)), "\(name)")
    }
  }

  @Test("Names that come twice are numbered before their extension, and stay apart from all others")
  func distinct() {
    var names = DistinctNames()
    let given = [
      "a.b/c", "a.b/c", "d.jpg", "d.jpg", "d (2).jpg", "d.jpg", ".e", ".e", "é", "e\u{301}",
    ]
    #expect(
      given.map { names.take($0) } == [
        "a.b/c", "a.b/c (2)", "d.jpg", "d (2).jpg", "d (2) (2).jpg", "d (3).jpg", ".e", ".e (2)",
        "é", "e\u{301} (2)",
      ])
  }

  @Test("Ten thousand of the same name take no longer than others")
  func many() {
    var names = DistinctNames()
    #expect(Set((0..<10_000).map { _ in names.take("a.jpg") }).count == 10_000)
  }
}

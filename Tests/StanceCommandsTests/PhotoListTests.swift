import Files
import Foundation
import Images
import Stance
import StanceCommands
import Testing

@Suite("Photos and names for what is written")
struct PhotoListTests {
  @Test(
    "a folder gives its photos by name order, folders included, hidden names and other files not")
  func walk() throws {
    let folder = try TemporaryFolder()
    for name in [
      "b.JPG", "a.png", "c/d/e.heic", "c/a.webp", ".hidden.jpg", ".git/x.jpg", "notes.txt",
    ] {
      try folder.write("", to: name)
    }
    #expect(
      try relativePaths([folder.path + "//"]) == ["a.png", "b.JPG", "c/a.webp", "c/d/e.heic"])
  }

  @Test("loops of links end, and a folder that two links lead to is visited once")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "a/photo.jpg")
    for (link, target) in [
      ("a/up", ".."), ("a/self", "."), ("again", "a"), ("gone.jpg", "nowhere"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(link)", withDestinationPath: target)
    }
    #expect(try relativePaths([folder.path]) == ["a/photo.jpg", "gone.jpg"])
  }

  @Test("a file that is named is a photo whatever its name, and is listed where it stands")
  func files() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "in/a.jpg")
    let operands = ["z/missing", folder.path + "/in", "-", "x.jpg"]
    #expect(try relativePaths(operands) == ["missing", "a.jpg", "stdin", "x.jpg"])
  }

  @Test("folders that are written to are left out below an operand")
  func outputs() throws {
    let folder = try TemporaryFolder()
    for name in ["a.jpg", "out/a.jpg"] { try folder.write("", to: name) }
    let list = try PhotoList([folder.path], leavingOut: [folder.path + "/./out"])
    #expect(list.entries == [.photo(Photo(path: folder.path + "/a.jpg", relativePath: "a.jpg"))])
  }

  @Test("names in a folder say which photo they belong to, and none is given twice")
  func names() {
    var pictures = OutputNames.pictures(in: "out/")
    let photos = [
      "a.jpg", "a.png", "a.heic", "s/a.jpg", "a.jpg", "a.jpg", "README", "a.heic.jpg", "s.x/b",
    ]
    #expect(
      photos.map { pictures.next(for: Photo(path: $0, relativePath: $0)) } == [
        "out/a.jpg", "out/a.png", "out/a.heic.jpg", "out/s/a.jpg", "out/a-2.jpg", "out/a-3.jpg",
        "out/README.jpg", "out/a.heic-2.jpg", "out/s.x/b.jpg",
      ])
    var masks = OutputNames.masks(in: "/")
    #expect(
      ["a.jpg", "a.png"].map { masks.next(for: Photo(path: $0, relativePath: $0)) } == [
        "/a.jpg.png", "/a.png",
      ])
  }

  @Test("two photos of one name never share an output, however their names were put together")
  func spellings() {
    var pictures = OutputNames.pictures(in: "out")
    // The same bytes: below a folder whose name is no UTF-8, and by themselves; and another form of the letter.
    let escaped = String(String(pathBytes: [0xff] + Array("é.jpg".utf8)).dropFirst())
    let names = [escaped, "é.jpg", "e\u{301}.jpg"].map {
      pictures.next(for: Photo(path: $0, relativePath: $0))
    }
    #expect(
      names.map(\.pathBytes)
        == ["out/é.jpg", "out/é-2.jpg", "out/e\u{301}.jpg"].map { Array($0.utf8) })
  }

  @Test("the output is a file for one photo with a picture's name, else a folder")
  func destinations() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "dir.jpg/x")
    #expect(try Destination(output: "o.jpg", operands: ["a.jpg"]) == .file("o.jpg"))
    #expect(try Destination(output: "o.JPG", operands: ["-"]) == .file("o.JPG"))
    #expect(try Destination(output: "o", operands: ["a.jpg"]) == .folder("o"))
    #expect(try Destination(output: "o.v1", operands: ["a.jpg"]) == .folder("o.v1"))
    #expect(try Destination(output: "o.jpg/", operands: ["a.jpg"]) == .folder("o.jpg/"))
    let existing = folder.path + "/dir.jpg"
    #expect(try Destination(output: existing, operands: ["a.jpg"]) == .folder(existing))
  }

  private func relativePaths(_ operands: [String]) throws -> [String] {
    try PhotoList(operands).entries.map {
      switch $0 {
      case .photo(let photo): photo.relativePath
      case .problem(let path, let message): "\(path): \(message)"
      }
    }
  }
}

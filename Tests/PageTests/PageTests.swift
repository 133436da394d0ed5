import Foundation
import Stance
import Testing

@testable import PoseRendering

@Suite("The page's files")
struct PageTests {
  /// The folder that is embedded, in the checkout.
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/CPage/page")

  @Test("Every file of the folder is embedded, byte for byte, index.html first")
  func embedding() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(PageFile.all.map(\.name)) == Set(names))
    #expect(PageFile.all.count == names.count)
    #expect(PageFile.all.first?.name == "index.html")
    for file in PageFile.all {
      let bytes = try Data(contentsOf: Self.folder.appending(path: file.name))
      #expect(file.bytes == Array(bytes), "\(file.name)")
    }
  }

  @Test("Each file has the type of its ending", arguments: PageFile.all)
  func types(file: PageFile) throws {
    let types = [
      "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
      "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml; charset=utf-8",
    ]
    let ending = try #require(file.name.split(separator: ".").last)
    #expect(file.type == types[String(ending)])
  }

  @Test("What a file asks for is embedded", arguments: PageFile.all)
  func references(file: PageFile) {
    let names = Set(PageFile.all.map(\.name))
    for match in file.text.matches(of: #/"(?:assets/|\./)([^"]+)"/#) {
      #expect(names.contains(String(match.1)), "\(file.name) asks for \(match.1)")
    }
  }

  @Test(
    "No address begins at the server's root: the page may lie below a path", arguments: PageFile.all
  )
  func roots(file: PageFile) {
    let addresses = file.text.matches(
      of: #/(?:(?:href|src|action)=|url\(|import |from |fetch\()["'`]?\/[^"'`\s]*/#)
    #expect(addresses.map { String($0.0) } == [])
    #expect(
      file.text.matches(of: #/["'`]\/(?:assets|v1|docs|pose|openapi)[^"'`]*/#).map { String($0.0) }
        == [])
  }

  @Test("No file asks another server for anything", arguments: PageFile.all)
  func strangers(file: PageFile) {
    let addresses = file.text.matches(of: #/(?:https?:)?//[a-z0-9-]+\.[a-z.]+[^"\s]*/#).map {
      String($0.0)
    }
    #expect(addresses.filter { $0 != "http://www.w3.org/2000/svg" } == [])
  }

  @Test("The page runs under a policy without inline script or style")
  func policy() throws {
    let page = try PageFile.text(of: "index.html")
    #expect(page.matches(of: #/<script(?![^>]*\bsrc=)/#).isEmpty)
    #expect(page.matches(of: #/<style|\sstyle=|\son[a-z]+=|javascript:/#).isEmpty)
  }

  @Test("The tutorial's plain form is there for browsers without JavaScript")
  func plainForm() throws {
    let page = try PageFile.text(of: "index.html")
    let form = try #require(page.firstMatch(of: #/<noscript>(?s:.*?)<\/noscript>/#)).0
    #expect(form.contains(#"<form action="pose" method="post" enctype="multipart/form-data""#))
    #expect(form.contains(#"type="file" name="image""#))
  }

  /// The keys of a language's words.
  private func words(of file: String) throws -> Set<String> {
    let text = try PageFile.text(of: file)
    let words = try #require(text.firstMatch(of: #/export const (?s:.*)/#)).0
    return Set(words.matches(of: #/(?m)^  (?:([a-zA-Z]+)(?::|,$))/#).map { String($0.1) })
  }

  @Test("Both languages have the same words")
  func sameWords() throws {
    #expect(try words(of: "words.en.js").symmetricDifference(words(of: "words.zh.js")) == [])
  }

  @Test(
    "Words that the page says exist in both languages", arguments: ["words.en.js", "words.zh.js"])
  func words(file: String) throws {
    let known = try words(of: file)
    let said = PageFile.all.flatMap { file in
      file.text.matches(of: #/(?:data-say="|data-label="|\bsay\(")([a-zA-Z]+)"/#).map {
        String($0.1)
      }
    }
    #expect(said.count > 60)
    #expect(Set(said).subtracting(known) == [])
  }

  @Test(
    "Problems that a photo or a camera can meet have words in both languages",
    arguments: ["words.en.js", "words.zh.js"])
  func problems(file: String) throws {
    let words = try PageFile.text(of: file)
    let codes = [
      "unsupported_media", "unreadable_image", "image_too_large", "bad_parameter", "missing_image",
      "unauthorized", "request_timeout", "overloaded", "timeout", "internal", "network",
      "networkLarge", "other", "forbidden", "cameraRefused", "cameraMissing", "cameraBusy",
      "cameraInsecure", "cameraGone", "cameraOther", "liveBroken", "liveBlocked",
    ]
    for code in codes { #expect(words.contains("  \(code): [\""), "\(code)") }
  }

  @Test(
    "Problems a clip can meet have words in both languages",
    arguments: ["words.en.js", "words.zh.js"])
  func clipProblems(file: String) throws {
    let words = try PageFile.text(of: file)
    let request = try PageFile.text(of: "clip-request.js")
    let own = request.matches(of: #/"([a-z]+[A-Z][a-zA-Z]+)"/#).map { String($0.1) }
    #expect(own.count > 6)
    for code in ["missing_video"] + own { #expect(words.contains("  \(code): [\""), "\(code)") }
  }

  @Test("Landmarks have names in both languages", arguments: ["words.en.js", "words.zh.js"])
  func landmarkNames(file: String) throws {
    let words = try PageFile.text(of: file)
    for name in LandmarkName.allCases {
      #expect(words.contains("\(name.rawValue): \""), "\(name.rawValue)")
    }
  }

  @Test("The page's skeleton is the library's")
  func skeleton() throws {
    let script = try PageFile.text(of: "skeleton.js")
    let names = script.matches(of: #/"([a-zA-Z]+)"/#).map { String($0.1) }
    #expect(names == LandmarkName.allCases.map(\.rawValue))
    let bones = script.matches(of: #/\[(\d+), (\d+)\]/#).map { [Int($0.1), Int($0.2)] }
    #expect(Set(bones) == Set(Skeleton.bones.map { [$0.0.index, $0.1.index] }))
  }

  @Test("The page's people have the colours of drawn clips")
  func colors() throws {
    let script = try PageFile.text(of: "colors.js")
    let palette = script.matches(of: #/\[(\d+), (\d+), (\d+)\]/#).compactMap { match in
      switch (UInt8(match.1), UInt8(match.2), UInt8(match.3)) {
      case (let red?, let green?, let blue?): Color(red: red, green: green, blue: blue)
      default: nil
      }
    }
    #expect(palette == (1...palette.count).map { PersonColors(id: $0).bone })
    #expect(PersonColors(id: palette.count + 1) == PersonColors(id: 1))
  }
}

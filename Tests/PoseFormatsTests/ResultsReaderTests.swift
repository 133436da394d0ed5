import Files
import Foundation
import PoseFormats
import Stance
import TestSupport
import Testing

@Suite("Reading kept results")
struct ResultsReaderTests {
  private static func bytes(_ lines: [ResultsLine]) throws -> [UInt8] {
    try lines.flatMap { try $0.encoded() }
  }

  private static var clip: [ResultsLine] {
    [.header(MadeUpClip.header())] + MadeUpClip.frames.map { .frame($0) }
  }

  @Test("results written again are the same bytes")
  func lossless() throws {
    let bytes = try Self.bytes(Self.clip)
    var reader = try ResultsReader(file(bytes))
    let header = reader.header
    let source = ExportSource(try #require(header))
    var encoder = try #require(PoseFormat.jsonLines.encoder(for: source))
    var written = try encoder.begin()
    while let frame = try reader.next() { written += try encoder.encode(frame) }
    written += try encoder.end()
    #expect(written == bytes)
  }

  @Test("photos' results written again are the same bytes")
  func photos() throws {
    let lines = ["a.jpg", "größe.png"].map {
      ResultsLine.photo(MadeUpClip.frames[0].result, file: $0)
    }
    let bytes = try Self.bytes(lines)
    var reader = try ResultsReader(file(bytes))
    let header = reader.header
    #expect(header == nil)
    var encoder = try #require(PoseFormat.jsonLines.encoder(for: ExportSource(name: "photos")))
    var written: [UInt8] = []
    var numbers: [Int] = []
    while let frame = try reader.next() {
      written += try encoder.encode(frame)
      numbers.append(frame.index)
    }
    #expect(written == bytes && numbers == [0, 1])
  }

  @Test("results that are cut off give what is whole, and then an error")
  func cutOff() throws {
    let bytes = try Self.bytes(Self.clip)
    var reader = try ResultsReader(file(Array(bytes.dropLast(40))))
    var indices: [Int] = []
    var message: String?
    do { while let frame = try reader.next() { indices.append(frame.index) } } catch {
      message = "\(error)"
    }
    #expect(indices == [0, 1, 2] && message == "line 5, the last one, is cut off")
    #expect(throws: PoseFormatError.self) { _ = try reader.next() }
    // Only the last line break is missing: nothing is lost.
    var whole = try ResultsReader(file(Array(bytes.dropLast())))
    var count = 0
    while try whole.next() != nil { count += 1 }
    #expect(count == 4)
  }

  @Test(
    "what is no file of results is refused with the reason",
    arguments: [
      ("", "empty"), ("{\"people\":1}\n", "line 1"), ("nonsense\n", "line 1"), ("\n\n", "empty"),
      ("{\"end\":0}\n", "no first line"), ("{\"error\":{\"detail\":\"too dark\"}}\n", "too dark"),
    ])
  func refused(text: String, reason: String) throws {
    let file = try file(Array(text.utf8))
    do {
      _ = try ResultsReader(file)
      Issue.record("read")
    } catch { #expect("\(error)".contains(reason), "\(error)") }
  }

  @Test("a damaged line, other results and times that run backwards end it with the line's number")
  func damaged() throws {
    let frames = MadeUpClip.frames
    let header = ResultsLine.header(MadeUpClip.header())
    let wrong: [([ResultsLine], String)] = [
      ([header, .frame(frames[0]), header], "line 3: results of another clip"),
      ([header, .frame(frames[1]), .frame(frames[1])], "line 3: its time, 0.04 s"),
      ([header, .photo(frames[0].result, file: "a.jpg")], "line 2: a photo among"),
      ([header, .frame(frames[0]), .end(frames: 2)], "line 3: the results end after 1 frames"),
      ([header, .end(frames: 0), .frame(frames[0])], "line 3: more follows"),
      ([header, .end(frames: 0), .end(frames: 0)], "line 3: more follows"),
      (
        [header, .frame(frames[2]), .frame(MadeUpClip.frame(2, time: 9, []))],
        "line 3: frame 2 comes after frame 2"
      ),
      ([header, .frame(MadeUpClip.frame(-1, time: 9, []))], "line 2: frame -1; they are counted"),
      (
        [header, .frame(MadeUpClip.frame(0, time: 0, [1, 3, 3].map { MadeUpClip.person($0) }))],
        "line 2: the id 3 is there twice"
      ),
      (
        [header, .failure("the disk is full")],
        "line 2: the results end with an error: the disk is full"
      ),
    ]
    for (lines, message) in wrong {
      var reader = try ResultsReader(file(Self.bytes(lines)))
      var thrown: String?
      do { while try reader.next() != nil {} } catch { thrown = "\(error)" }
      #expect(thrown?.hasPrefix(message) == true, "\(thrown ?? "nothing") for \(message)")
    }
  }

  @Test("the last line of results over HTTP says that nothing is missing")
  func end() throws {
    var reader = try ResultsReader(file(Self.bytes(Self.clip + [.end(frames: 4)])))
    var count = 0
    while try reader.next() != nil { count += 1 }
    #expect(count == 4)
  }

  @Test("a line longer than any result is refused, whatever follows")
  func longLine() throws {
    let header = try ResultsLine.header(MadeUpClip.header()).encoded()
    let long = [UInt8](repeating: UInt8(ascii: " "), count: header.count + 1)
    var reader = try ResultsReader(file(header + long), lineLimit: header.count)
    var thrown: String?
    do { _ = try reader.next() } catch { thrown = "\(error)" }
    #expect(thrown == "line 2 has more than \(header.count) bytes")
  }

  @Test("numbers that no result has are refused or bounded, and end nothing")
  func absurd() throws {
    let text = try String(decoding: Self.bytes(Self.clip), as: UTF8.self)
    for (old, new) in [
      ("\"total\":0.0", "\"total\":1e300"), ("\"time\":0.04", "\"time\":1e308"),
      ("\"width\":640", "\"width\":-9223372036854775808"), ("\"id\":3", "\"id\":-3"),
      ("\"width\":640", "\"width\":9223372036854775807"), ("\"height\":480", "\"height\":0"),
      ("\"x\":0.09375", "\"x\":1e39"), ("\"frame\":2", "\"frame\":9223372036854775807"),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text, "\(old)")
      for format in [PoseFormat.csv, .coco, .openPose, .trc] {
        do {
          var reader = try ResultsReader(file(Array(changed.utf8)))
          let header = reader.header
          let source = ExportSource(try #require(header))
          var encoder = format.encoder(for: source)
          var clip = try PoseClip(source)
          while let frame = try reader.next() {
            _ = try encoder?.encode(frame)
            if case .frame(let frame) = frame { try clip.append(frame) }
          }
          for id in clip.ids { if encoder == nil { try format.write(clip.only(id)) { _ in } } }
        } catch { #expect(error is PoseFormatError || error is PoseError, "\(new): \(error)") }
      }
    }
  }

  private func file(_ bytes: [UInt8]) throws -> OpenFile {
    let folder = try TemporaryFolder()
    try Files.write(bytes, to: "\(folder.path)/a.jsonl")
    return try OpenFile(reading: "\(folder.path)/a.jsonl")
  }
}

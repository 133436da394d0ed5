import Files
import Foundation
import PoseFormats
import Stance
import TestSupport
import Testing

@Suite("Exports")
struct ExporterTests {
  @Test("several people get a file each of what holds one, named by id; one person gets the name")
  func people() throws {
    let folder = try TemporaryFolder()
    let remarks = try export([job(.trc, folder.path("all.trc"))])
    #expect(try folder.names == ["all.1.trc", "all.3.trc"])
    #expect(remarks.count == 1 && remarks[0].contains("2 people, a file each"))
    #expect(try folder.text("all.3.trc") == MadeUpClip.text(.trc, MadeUpClip.clip().only(3)))
    _ = try export([job(.trc, folder.path("one.trc"))], Array(MadeUpClip.frames.prefix(2)))
    #expect(try folder.names.contains("one.trc"))
  }

  @Test("one run writes in many formats, each as it would be alone")
  func many() throws {
    let folder = try TemporaryFolder()
    _ = try export([
      job(.csv, folder.path("a.csv")), job(.trc, folder.path("a.trc")),
      job(.coco, folder.path("a.json")), ExportJob(.openPose, to: .folder(folder.path("openpose"))),
    ])
    #expect(try folder.text("a.csv") == MadeUpClip.text(.csv, MadeUpClip.clip()))
    #expect(try folder.text("a.json") == MadeUpClip.streamed(.coco))
    #expect(
      try Files.names(in: folder.path("openpose"))
        == (0..<4).map { "dance_00000000000\($0)_keypoints.json" })
  }

  @Test("a file that is there stays until the new one is whole, and beside a partial one")
  func replaced() throws {
    let folder = try TemporaryFolder()
    try Files.write(Array("old".utf8), to: folder.path("a.csv"))
    let exporter = try Exporter([job(.csv, folder.path("a.csv"))], notOver: [])
    try exporter.begin(ExportSource(MadeUpClip.header()))
    try exporter.add(.frame(MadeUpClip.frames[0]))
    #expect(try folder.text("a.csv") == "old")
    let remarks = try exporter.abandon()
    #expect(try folder.text("a.csv") == "old")
    #expect(remarks.count == 1 && remarks[0].contains("a.partial.csv"))
    #expect(
      try folder.text("a.partial.csv")
        == MadeUpClip.text(.csv, MadeUpClip.clip(Array(MadeUpClip.frames.prefix(1)))))
    _ = try export([job(.csv, folder.path("a.csv"))])
    #expect(try folder.text("a.csv") == MadeUpClip.text(.csv, MadeUpClip.clip()))
    #expect(try folder.names == ["a.csv", "a.partial.csv"])
  }

  @Test("an export that nobody ends leaves nothing behind")
  func dropped() throws {
    let folder = try TemporaryFolder()
    do {
      let exporter = try Exporter([job(.csv, folder.path("a.csv"))], notOver: [])
      try exporter.begin(ExportSource(MadeUpClip.header()))
      try exporter.add(.frame(MadeUpClip.frames[0]))
    }
    #expect(try Files.names(in: folder.path).isEmpty)
  }

  @Test(
    "what is read is not written over, under no name",
    arguments: ["in.jsonl", "link.csv", "hard.csv"])
  func input(name: String) throws {
    let folder = try TemporaryFolder()
    try Files.write(Array("in".utf8), to: folder.path("in.jsonl"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.csv"), withDestinationPath: folder.path("in.jsonl"))
    try FileManager.default.linkItem(
      atPath: folder.path("in.jsonl"), toPath: folder.path("hard.csv"))
    let inputs = [try #require(FileIdentity(of: folder.path("in.jsonl")))]
    #expect(throws: OutputFailure.self) {
      _ = try Exporter([job(.csv, folder.path(name))], notOver: inputs)
    }
    #expect(try folder.text("in.jsonl") == "in")
  }

  @Test(
    "what can't be written is said before the work", arguments: ["none/a.trc", "/dev/null", ""])
  func unwritable(name: String) throws {
    let folder = try TemporaryFolder()
    let path = name.hasPrefix("/") ? name : folder.path(name)
    for format in [PoseFormat.trc, .csv] {
      #expect(throws: OutputFailure.self) { _ = try Exporter([job(format, path)], notOver: []) }
    }
  }

  @Test("a height scales what is in metres, and nothing else")
  func heights() throws {
    let folder = try TemporaryFolder()
    let jobs = [
      job(.csv, folder.path("a.csv")), job(.trc, folder.path("a.trc")),
      job(.jsonLines, folder.path("a.jsonl")), job(.wideCSV, folder.path("w.csv")),
    ]
    _ = try export(jobs, heights: [BodyHeight(metres: 1)])
    let scaled = try MadeUpClip.clip().scaled(to: [BodyHeight(metres: 1)]).clip
    #expect(try folder.text("a.csv") == MadeUpClip.text(.csv, scaled))
    #expect(try folder.text("a.1.trc") == MadeUpClip.text(.trc, scaled.only(1)))
    #expect(try folder.text("a.1.trc") != MadeUpClip.text(.trc, MadeUpClip.clip().only(1)))
    #expect(try folder.text("a.jsonl") == MadeUpClip.streamed(.jsonLines))
    #expect(try folder.text("w.csv") == MadeUpClip.text(.wideCSV, MadeUpClip.clip()))
  }

  @Test("a height for somebody who is not there is said")
  func strangers() throws {
    let folder = try TemporaryFolder()
    let remarks = try export(
      [job(.csv, folder.path("a.csv"))],
      heights: [BodyHeight(id: 3, metres: 1), BodyHeight(id: 9, metres: 1)])
    #expect(remarks == ["nobody has the id 9, for which there is a height"])
  }

  @Test("what one format refuses is written in the others")
  func refusedByOne() throws {
    let folder = try TemporaryFolder()
    #expect(throws: OutputFailure.self) {
      _ = try export(
        [job(.bvh, folder.path("a.bvh")), job(.trc, folder.path("a.trc"))],
        [MadeUpClip.frame(0, time: 0, [])])
    }
    #expect(try folder.names == ["a.trc"])
  }

  @Test("a frame with a number that is not finite leaves whole what was before it")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    var bad = MadeUpClip.frames[0]
    bad.result.people[0].landmarks[.nose].x = .infinity
    for (number, good) in [[], [MadeUpClip.frame(0, time: -1, [MadeUpClip.person(1)])]].enumerated()
    {
      let exporter = try Exporter(
        [job(.csv, folder.path("\(number).csv")), job(.coco, folder.path("\(number).json"))],
        notOver: [])
      try exporter.begin(ExportSource(MadeUpClip.header()))
      for frame in good { try exporter.add(.frame(frame)) }
      #expect(throws: PoseFormatError.self) { try exporter.add(.frame(bad)) }
      _ = try exporter.abandon()
      #expect(
        try folder.text("\(number).partial.csv")
          == MadeUpClip.text(.csv, MadeUpClip.clip(good)))
      #expect(try folder.text("\(number).partial.json") == MadeUpClip.streamed(.coco, good))
    }
  }

  @Test(
    "a name from hostile results stays a name of a file in the folder",
    arguments: [("../a\u{0}b\n.mp4", "a_b_"), ("..", "stance"), ("-", "stance"), ("/", "stance")])
  func hostileName(file: String, name: String) throws {
    let folder = try TemporaryFolder()
    var header = MadeUpClip.header()
    header.source.file = file
    let exporter = try Exporter([ExportJob(.openPose, to: .folder(folder.path))], notOver: [])
    try exporter.begin(ExportSource(header))
    for frame in MadeUpClip.frames.prefix(2) { try exporter.add(.frame(frame)) }
    _ = try exporter.finish()
    #expect(
      try folder.names == (0..<2).map { "\(name)_00000000000\($0)_keypoints.json" })
  }

  @Test("photos of one name in two folders get files of their own")
  func photos() throws {
    let folder = try TemporaryFolder()
    let exporter = try Exporter([ExportJob(.openPose, to: .folder(folder.path))], notOver: [])
    try exporter.begin(ExportSource(name: "photos"))
    for (number, file) in ["a/x.y.jpg", "b/x.y.png", "c.jpg"].enumerated() {
      try exporter.add(.photo(MadeUpClip.frames[0].result, file: file, number: number))
    }
    _ = try exporter.finish()
    #expect(
      try folder.names == ["c_keypoints.json", "x.y-2_keypoints.json", "x.y_keypoints.json"])
  }

  @Test("movement is not written of photos, nor what photos alone have of a clip")
  func unsuitable() throws {
    let folder = try TemporaryFolder()
    let trc = try Exporter([job(.trc, folder.path("a.trc"))], notOver: [])
    #expect(throws: PoseFormatError.self) { try trc.begin(ExportSource(name: "photos")) }
    let json = try Exporter([ExportJob(.json, to: .folder(folder.path))], notOver: [])
    #expect(throws: PoseFormatError.self) { try json.begin(ExportSource(MadeUpClip.header())) }
  }

  private func job(_ format: PoseFormat, _ path: String) -> ExportJob {
    ExportJob(format, to: .file(path))
  }

  private func export(
    _ jobs: [ExportJob], _ frames: [TrackedFrame] = MadeUpClip.frames, heights: [BodyHeight] = []
  ) throws -> [String] {
    let exporter = try Exporter(jobs, notOver: [], heights: heights)
    try exporter.begin(ExportSource(MadeUpClip.header()))
    for frame in frames { try exporter.add(.frame(frame)) }
    return try exporter.finish()
  }
}

extension TemporaryFolder {
  fileprivate func path(_ name: String) -> String { "\(path)/\(name)" }
  fileprivate var names: [String] { get throws { try Files.names(in: path) } }
  fileprivate func text(_ name: String) throws -> String {
    String(decoding: try Files.read(path(name), limit: 1 << 20), as: UTF8.self)
  }
}

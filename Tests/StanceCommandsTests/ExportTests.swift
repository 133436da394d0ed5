import Files
import Foundation
import Images
import PoseFormats
import Stance
import StanceCommands
import Testing

/// Kept results of a made-up clip: two people, of whom one comes later.
private enum KeptResults {
  static func clip(frames: Int = 3) throws -> [UInt8] {
    let header = ResultsHeader(
      source: ResultsHeader.Source(
        file: "clips/dance.mp4", size: ImageSize(width: 64, height: 48), frameRate: 25),
      pose: PoseOptions(), tracking: TrackingOptions(), precision: .f32)
    var bytes = try ResultsLine.header(header).encoded()
    for index in 0..<frames {
      let people = [person(2)] + (index > 0 ? [person(5)] : [])
      bytes += try ResultsLine.frame(
        TrackedFrame(
          index: index, time: Double(index) / 25, result: result(people), lost: [])
      ).encoded()
    }
    return bytes
  }

  static func result(_ people: [Person]) -> PoseResult {
    PoseResult(
      imageSize: ImageSize(width: 64, height: 48), complexity: .full, search: .auto,
      precision: .f32, people: people, timing: PoseTiming())
  }

  static func person(_ id: Int?) -> Person {
    func landmarks<Frame>() -> Landmarks<Frame> {
      Landmarks(
        (0..<33).map { Landmark(x: 0.5, y: Float($0) / 64, z: 0, visibility: 0.9, presence: 1) })
    }
    return Person(
      id: id, score: nil, presence: 1, confidence: 0.75,
      box: PixelBox(x: 1, y: 2, width: 3, height: 4), landmarks: landmarks(),
      worldLandmarks: landmarks())
  }
}

@Suite("export")
struct ExportTests {
  @Test("kept results become files of the formats that their names end in")
  func formats() throws {
    let folder = try TemporaryFolder()
    try Files.write(KeptResults.clip(), to: "\(folder.path)/in.jsonl")
    let run = Run([
      "export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/a.csv", "--export",
      "\(folder.path)/a.trc", "--export", "\(folder.path)/again.jsonl",
    ])
    #expect(run.status == 0 && run.output.text.isEmpty)
    #expect(run.errors.text.contains("a.trc: 2 people, a file each"))
    #expect(
      try Files.names(in: folder.path)
        == ["a.2.trc", "a.5.trc", "a.csv", "again.jsonl", "in.jsonl"])
    #expect(try folder.read("again.jsonl") == folder.read("in.jsonl"))
    let lines = try String(decoding: folder.read("a.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 1 + 33 * 5 && lines[0].hasPrefix("frame,time,id,person,landmark,x,"))
  }

  @Test("--format says what an ending does not, and a folder holds a file a frame")
  func named() throws {
    let folder = try TemporaryFolder()
    try Files.write(KeptResults.clip(), to: "\(folder.path)/in.jsonl")
    let coco = Run([
      "export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/a.json", "--format", "coco",
    ])
    #expect(coco.status == 0)
    #expect(try String(decoding: folder.read("a.json"), as: UTF8.self).hasPrefix("{\"info\":"))
    let openPose = Run([
      "export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/op", "--format", "openpose",
    ])
    #expect(openPose.status == 0)
    #expect(
      try Files.names(in: "\(folder.path)/op")
        == (0..<3).map { "dance_00000000000\($0)_keypoints.json" })
  }

  @Test("standard output takes what one file holds")
  func stream() throws {
    let folder = try TemporaryFolder()
    try Files.write(KeptResults.clip(), to: "\(folder.path)/in.jsonl")
    let run = Run(["export", "\(folder.path)/in.jsonl", "--export", "-", "--format", "csv-wide"])
    #expect(run.status == 0 && run.output.lines.count == 1 + 5)
  }

  @Test("photos' results become tables and annotations, but no movement")
  func photos() throws {
    let folder = try TemporaryFolder()
    let line = try PoseFormat.jsonLines.encode(
      KeptResults.result([KeptResults.person(nil)]), file: "a.jpg")
    try Files.write(line + line, to: "\(folder.path)/in.jsonl")
    let table = Run(["export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/a.csv"])
    #expect(table.status == 0)
    let text = try String(decoding: folder.read("a.csv"), as: UTF8.self)
    #expect(text.hasPrefix("file,person,landmark,") && text.contains("\na.jpg,1,nose,"))
    let markers = Run(["export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/a.trc"])
    #expect(markers.status == 1 && markers.errors.text.contains("trc holds movement"))
  }

  @Test("results that are cut off give what is whole under another name, an error and status 1")
  func cutOff() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a.csv")
    try Files.write(Array(KeptResults.clip().dropLast(50)), to: "\(folder.path)/in.jsonl")
    let run = Run(["export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/a.csv"])
    #expect(run.status == 1)
    #expect(run.errors.text.contains("in.jsonl: line 4, the last one, is cut off"))
    #expect(run.errors.text.contains("a.partial.csv has what there is"))
    #expect(try folder.read("a.csv") == Array("old".utf8))
    let lines = try String(decoding: folder.read("a.partial.csv"), as: UTF8.self)
    #expect(lines.split(separator: "\n").count == 1 + 33 * 3)
  }

  @Test(
    "what can't be asked for is wrong usage",
    arguments: [
      ([], "--export"), (["--export", "a"], "--format"), (["--export", "a.xyz"], "--format"),
      (["--export", "a.json"], "coco-results"), (["--format", "csv"], "--export"),
      (["--export", "a.csv", "--format", "excel"], "csv-wide"),
      (["--export", "a.csv", "--export", "a.csv"], "twice"),
      (["--export", "a.csv", "--export", ".//a.csv"], "twice"),
      (["--export", "kp", "--export", "./kp/", "--format", "openpose"], "twice"),
      (["--export", "", "--format", "csv"], "is not a file"),
      (["--export", "frames/0001.png", "--format", "csv"], "like a picture"),
      (["--export", "drawn.mp4", "--format", "csv"], "like a picture"),
      (["--export", "-", "--format", "trc"], "a file a person"),
      (["--export", "-", "--format", "openpose"], "folder"),
      (["--export", "a.csv", "--height", "12"], "1.75"),
      (["--export", "a.csv", "--height", "0=1.7"], "1.75"),
      (["--export", "a.csv", "--format", "csv-wide", "--height", "1.7"], "metres"),
      (["--export", "/tmp/"], "--format"), (["--export", "/tmp/", "--format", "csv"], "folder"),
    ] as [([String], String)])
  func usage(arguments: [String], word: String) {
    let run = Run(["export", "in.jsonl"] + arguments)
    #expect(run.status == 64 && run.errors.text.contains(word), "\(run.errors.text)")
  }

  @Test("what is read is not written over, and what is not there is said")
  func failures() throws {
    let folder = try TemporaryFolder()
    let bytes = try KeptResults.clip()
    try Files.write(bytes, to: "\(folder.path)/in.jsonl")
    let over = Run(["export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/in.jsonl"])
    #expect(over.status == 1 && over.errors.text.contains("is what is read"))
    #expect(try folder.read("in.jsonl") == bytes)
    let missing = Run(["export", "\(folder.path)/none.jsonl", "--export", "\(folder.path)/a.csv"])
    #expect(missing.status == 1 && missing.errors.text.contains("none.jsonl: no such file"))
    let nowhere = Run(["export", "\(folder.path)/in.jsonl", "--export", "\(folder.path)/no/a.trc"])
    #expect(nowhere.status == 1 && nowhere.errors.text.contains("no/a.trc: can't be written"))
    #expect(try Files.names(in: folder.path) == ["in.jsonl"])
  }

  @Test("photos are exported as they are found, in their order, without those that can't be read")
  func detect() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [("a.jpg", "1"), ("b.jpg", "bad"), ("c.jpg", "2")] {
      try folder.write(text, to: "photos/\(name)")
    }
    let run = Run([
      "detect", "\(folder.path)/photos", "--export", "\(folder.path)/people.csv", "--export",
      "\(folder.path)/people.jsonl",
    ])
    #expect(run.status == 1 && run.output.text.isEmpty)
    let rows = try String(decoding: folder.read("people.csv"), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 1 + 33 * 3)
    #expect(rows[1].hasPrefix("\(folder.path)/photos/a.jpg,1,nose,"))
    #expect(rows.last?.hasPrefix("\(folder.path)/photos/c.jpg,2,rightFootIndex,") == true)
    let json = Run(["detect", "\(folder.path)/photos", "--json"])
    #expect(try folder.read("people.jsonl") == Array(json.output.text.utf8))
    let wrong = Run(["detect", "\(folder.path)/photos", "--export", "\(folder.path)/a.trc"])
    #expect(wrong.status == 64 && wrong.errors.text.contains("photos can't be written in it"))
    let both = Run([
      "detect", "\(folder.path)/photos", "--json", "--export", "-", "--format", "csv",
    ])
    #expect(both.status == 64)
  }

  @Test("a video's results are exported while they are found", .enabled(if: canEncode))
  func video() throws {
    let clip = try VideoRuns.clip(4)
    let folder = try TemporaryFolder()
    let run = VideoRuns.run([
      clip.path, "--export", "\(folder.path)/a.csv", "--export", "\(folder.path)/a.jsonl",
      "--json",
    ])
    #expect(run.status == 0)
    #expect(try folder.read("a.jsonl") == Array(run.output.text.utf8))
    let people = try VideoRuns.frames(run).reduce(0) { $0 + $1.people.count }
    let rows = try String(decoding: folder.read("a.csv"), as: UTF8.self).split(separator: "\n")
    #expect(people > 0 && rows.count == 1 + 33 * people)
    let quiet = VideoRuns.run([clip.path, "--export", "\(folder.path)/b.csv"])
    #expect(quiet.status == 0 && quiet.output.text.isEmpty)
  }
}

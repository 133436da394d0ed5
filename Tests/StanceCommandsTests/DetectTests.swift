import Files
import Foundation
import Images
import Inference
import Stance
import StanceCommands
import Synchronization
import Testing

@Suite("detect")
struct DetectTests {
  @Test("a person is one readable line")
  func readableLines() throws {
    let folder = try TemporaryFolder()
    try folder.write("2", to: "two.jpg")
    try folder.write("0", to: "none.jpg")
    let run = Run(["detect", "\(folder.path)/two.jpg", "\(folder.path)/none.jpg"])
    let tail =
      "confidence 0.80, score 0.98, presence 0.99, box 200x410 at (12, 31), 30 of 33 landmarks seen"
    #expect(
      run.output.lines == [
        "\(folder.path)/two.jpg: person 1 of 2, \(tail)",
        "\(folder.path)/two.jpg: person 2 of 2, \(tail)", "\(folder.path)/none.jpg: nobody found",
      ])
    #expect(run.errors.text.isEmpty)
    #expect(run.status == 0)
  }

  @Test("the lines have the angles that are asked for, and how people are held")
  func readableAngles() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "one.jpg")
    let run = Run(["detect", "\(folder.path)/one.jpg", "--angles", "leftKnee,trunk", "--posture"])
    let line = try #require(run.output.lines.first)
    #expect(line.contains("landmarks seen, leftKnee ") && line.contains(", trunk "), "\(line)")
    #expect(run.status == 0)
  }

  @Test("the lines say how many were found, also beyond those wanted")
  func leftOut() throws {
    let folder = try TemporaryFolder()
    try folder.write("3", to: "a.jpg")
    let lines = Run(["detect", folder.path + "/a.jpg"], finder: FakeFinder(maxPeople: 1)).output
      .lines
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("\(folder.path)/a.jpg: person 1 of 3, ") == true)
    #expect(lines.last == "\(folder.path)/a.jpg: 2 more left out by --max-people")
  }

  @Test("--json has the angles that are asked for, with the view they were seen from")
  func angles() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "a.jpg")
    let photo = folder.path + "/a.jpg"
    let run = Run(["detect", photo, "--json", "--angles", "leftKnee,trunk"])
    #expect(run.status == 0, "\(run.errors.text)")
    let line = try #require(run.output.lines.first)
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    let person = try #require((object?["people"] as? [[String: Any]])?.first)
    let angles = person["angles"] as? [[String: Any]]
    #expect(angles?.map { $0["name"] as? String } == ["leftKnee", "trunk"])
    #expect(person["view"] != nil && person["reps"] == nil)
    #expect(!(Run(["detect", photo, "--json"]).output.text.contains("\"angles\"")))
    #expect(Run(["detect", photo, "--angles", "knee"]).status == 64)
  }

  @Test("--json prints one result a line in the order of the photos, never mixed")
  func order() throws {
    let folder = try TemporaryFolder()
    // Every seventh photo is slow, so that later ones overtake it.
    for index in 0..<60 {
      try folder.write("\(index % 4) \(index)", to: "p\(index + 100).jpg")
    }
    let finder = FakeFinder(before: {
      if let index = Int($0.split(separator: " ").last ?? ""), index % 7 == 0 { usleep(20_000) }
    })
    let run = Run(["detect", "--json", "--threads", "4", folder.path], finder: finder)
    #expect(run.status == 0)
    #expect(run.output.lines.count == 60)
    for (index, line) in run.output.lines.enumerated() {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(object["file"] as? String == "\(folder.path)/p\(index + 100).jpg")
      #expect((object["people"] as? [Any])?.count == index % 4)
    }
  }

  @Test("photos that can't be read are error lines, the others go on, and the status is 1")
  func errors() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "a.jpg")
    try folder.write("bad", to: "b.jpg")
    try folder.write("1", to: "d.jpg")
    let run = Run(["detect", "--json"] + ["a", "b", "c", "d"].map { "\(folder.path)/\($0).jpg" })
    #expect(run.output.lines.count == 2)
    #expect(
      run.errors.lines == [
        "stance: \(folder.path)/b.jpg: no picture", "stance: \(folder.path)/c.jpg: no such file",
      ])
    #expect(run.status == 1)
  }

  @Test("a file name can't break a line or command the terminal")
  func controlCharacters() throws {
    let folder = try TemporaryFolder()
    try folder.write("0", to: "a\u{1B}[2J\nb.jpg")
    let run = Run(["detect", folder.path, "no\nsuch.jpg"])
    #expect(run.output.text == "\(folder.path)/a?[2J?b.jpg: nobody found\n")
    #expect(run.errors.text == "stance: no?such.jpg: no such file\n")
  }

  @Test("a name that is no UTF-8 is read, and shown in UTF-8")
  func bytesOfNames() throws {
    let folder = try TemporaryFolder()
    let name = String(pathBytes: Array("b\u{E4}d".utf8) + [0xff] + Array(".jpg".utf8))
    try folder.write("1", to: "in/" + name)
    let shown = "\(folder.path)/in/b\u{E4}d\u{FFFD}.jpg"
    for operand in ["/in", "/in/" + name] {
      let run = Run(["detect", folder.path + operand, "-o", folder.path + "/out/", "--json"])
      #expect(run.status == 0)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.text.utf8)) as? [String: Any])
      #expect(object["file"] as? String == shown)
      #expect(try Files.names(in: folder.path + "/out") == [name])
    }
    #expect(Run(["detect", folder.path + "/in"]).output.text.hasPrefix(shown + ": person 1 of 1"))
    let missing = Run(["detect", folder.path + "/" + name])
    #expect(missing.errors.text.hasSuffix("/b\u{E4}d\u{FFFD}.jpg: no such file\n"))
  }

  @Test("a folder without photos is an error line")
  func emptyFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "notes.txt")
    let run = Run(["detect", folder.path])
    #expect(run.errors.text == "stance: \(folder.path): no photos in this folder\n")
    #expect(run.status == 1)
  }

  @Test("- is standard input")
  func standardInput() throws {
    let run = Run(["detect", "-", "--json"], input: "3")
    #expect(run.status == 0)
    #expect(run.output.text.hasPrefix(#"{"file":"-","#))
    #expect(Run(["detect", "-", "-"]).status == 64)
  }

  @Test("standard input that can't be read is one photo's failure")
  func unreadableInput() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "a.jpg")
    let run = Run(["detect", "-", folder.path + "/a.jpg"], input: nil)
    #expect(run.status == 1)
    #expect(run.errors.text.hasPrefix("stance: -: "))
    #expect(run.output.text.contains("a.jpg: person 1"))
  }

  @Test("options reach the landmarker, and several photos get an engine a core")
  func options() throws {
    let folder = try TemporaryFolder()
    try folder.write("0", to: "a.jpg")
    try folder.write("0", to: "b.jpg")
    let seen = Mutex<[(PoseOptions, EngineOptions)]>([])
    let line = ["detect", "\(folder.path)/a.jpg", "--complexity", "2", "-n", "3", "--threads", "2"]
    _ = Run(line, environment: ["STANCE_MIN_DETECTION_CONFIDENCE": "0.25"]) { pose, engine in
      seen.withLock { $0.append((pose, engine)) }
    }
    _ = Run(["detect", folder.path, "--mask", "\(folder.path)/m", "--models", "there"]) {
      pose, engine in seen.withLock { $0.append((pose, engine)) }
    }
    _ = Run([
      "detect", "\(folder.path)/a.jpg", "-o", "\(folder.path)/o.png", "--background", "blur",
    ]) {
      pose, engine in seen.withLock { $0.append((pose, engine)) }
    }
    #expect(seen.withLock { $0.last?.0 } == PoseOptions(segmentation: true))
    let (first, second) = try #require(seen.withLock { $0.count == 3 ? ($0[0], $0[1]) : nil })
    #expect(
      first.0 == PoseOptions(complexity: .heavy, maxPeople: 3, minDetectionConfidence: 0.25))
    #expect(first.1 == EngineOptions(profile: .latency, threads: 2))
    #expect(second.0 == PoseOptions(segmentation: true))
    #expect(second.1 == EngineOptions(profile: .throughput, modelFolder: "there"))
  }

  @Test("models that can't be loaded are one error line and status 1")
  func noModels() throws {
    let run = Run(["detect", "-"], input: "1") { _, _ in
      throw InferenceError(.missingModel, "the full model is missing")
    }
    #expect(run.errors.text == "stance: the full model is missing\n")
    #expect(run.status == 1)
  }

  @Test("a reader that goes away ends the program quietly")
  func closedPipe() throws {
    let folder = try TemporaryFolder()
    for index in 0..<20 { try folder.write("1", to: "\(index).jpg") }
    let run = Run(["detect", "--json", folder.path], output: MemorySink(room: 3))
    #expect(run.status == 141)
    #expect(run.output.lines.count == 3)
    #expect(run.errors.text.isEmpty)
  }

  @Test("a signal ends it after the photos in hand")
  func interrupt() throws {
    let folder = try TemporaryFolder()
    for index in 0..<50 { try folder.write("1", to: "\(index + 10).jpg") }
    let seen = Counter()
    let finder = FakeFinder(before: { _ in seen.add() })
    let interrupts = Interrupts(watch: {}, signal: { seen.value >= 5 ? SIGINT : nil })
    let run = Run(
      ["detect", "--json", "--threads", "2", folder.path], finder: finder, interrupts: interrupts)
    #expect(run.status == 130)
    #expect(run.output.lines.count < 10)
    #expect(seen.value < 10)
  }

  @Test("progress is shown to a person only, and leaves nothing behind")
  func progress() throws {
    let folder = try TemporaryFolder()
    for index in 0..<3 { try folder.write("1", to: "\(index).jpg") }
    #expect(Run(["detect", folder.path]).errors.text.isEmpty)
    let shown = Run(["detect", folder.path, "--json"], showsProgress: true).errors.text
    #expect(shown.contains("1 of 3 photos"))
    #expect(shown.hasSuffix("\r\u{1B}[K"))
  }

  @Test(
    "wrong usage is status 64 and finds nothing",
    arguments: [
      ["detect"], ["detect", "--jsn", "a.jpg"], ["detect", "a.jpg", "-o", "a.gif"],
      ["detect", "a.jpg", "b.jpg", "-o", "out.jpg"], ["detect", "a.jpg", "-o", "-"],
      ["detect", "a.jpg", "-o", "same", "--mask", "same/"],
      ["detect", "a.jpg", "--mask", "/dev/null"], ["detect", "a.jpg", "-c", "3"],
      ["detect", "a.jpg", "--joint-color", "blurple"], ["detcet"], [],
    ])
  func wrongUsage(_ arguments: [String]) {
    let run = Run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.lines.count == 1)
    #expect(run.output.text.isEmpty)
  }
}

/// A number that threads count up together.
final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}

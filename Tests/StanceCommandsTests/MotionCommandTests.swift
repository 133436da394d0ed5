import Files
import Foundation
import Images
import PoseFormats
import Stance
import StanceCommands
import TestSupport
import Testing

@Suite("stance analyse, and the movement of stance video")
struct MotionCommandTests {
  @Test("counts kept squats, with what is unfinished, and says how deep they are")
  func counts() throws {
    let results = try Self.results()
    let run = Self.run(["analyse", results.path, "--reps", "squat"])
    #expect(run.status == 0 && run.errors.text.isEmpty)
    let line = try #require(run.output.lines.first)
    #expect(
      line.contains("person 1, squat: 2 repetitions and 1 unfinished, range 85 to 85 degrees"))
    #expect(line.contains("deepest knee 95"))
    #expect(run.output.lines.count == 1)
  }

  @Test(
    "prints the frames again, each person with view, angles and reps, which read back as before")
  func json() throws {
    let results = try Self.results()
    let run = Self.run([
      "analyse", results.path, "--json", "--reps", "squat", "--angles", "leftKnee,pelvis",
    ])
    #expect(run.status == 0)
    let before = String(decoding: try Files.read(results.path, limit: 1 << 24), as: UTF8.self)
    let kept = before.split(separator: "\n")
    #expect(run.output.lines.count == kept.count)
    for (line, old) in zip(run.output.lines, kept) {
      #expect(try ResultsLine(line.utf8).encoded() == ResultsLine(old.utf8).encoded())
    }
    let last = try Self.person(try #require(run.output.lines.last))
    let reps = try #require(last["reps"] as? [String: Any])
    #expect(reps["count"] as? Int == 2 && reps["exercise"] as? String == "squat")
    #expect((reps["unfinished"] as? [String: Any])?["end"] is NSNull)
    let angles = try #require(last["angles"] as? [[String: Any]])
    #expect(angles.map { $0["name"] as? String } == ["leftKnee", "pelvis"])
    #expect((angles[0]["plane"] as? Double).map { abs($0 - 95) < 0.01 } == true)
    #expect((angles[0]["world"] as? Double).map { abs($0 - 95) < 0.01 } == true)
    #expect(angles[1]["plane"] is NSNull && angles[1]["planeMissing"] as? String == "view")
    #expect((last["view"] as? [String: Any])?["from"] as? String == "side")
    let completed = try run.output.lines.dropFirst().flatMap { line in
      let reps = try Self.person(line)["reps"] as? [String: Any]
      return reps?["completed"] as? [[String: Any]] ?? []
    }
    #expect(completed.map { $0["number"] as? Int } == [1, 2])
    #expect(completed.allSatisfy { $0["judgedFromSeen"] as? Bool == true })
  }

  @Test("says on standard error where the movement repeats itself more often than was counted")
  func disputed() throws {
    let results = try Self.results(depth: 0.45)
    let run = Self.run(["analyse", results.path, "--reps", "squat", "--json"])
    #expect(run.status == 0)
    #expect(
      run.errors.text.contains(
        "person 1, squat: 0 counted, but the movement repeats itself 3 times"))
    let text = Self.run(["analyse", results.path, "--reps", "squat"]).output.text
    #expect(text.contains("0 repetitions, but the movement repeats itself 3 times"))
  }

  @Test("draws curves and writes them as OpenSim reads them")
  func files() throws {
    let results = try Self.results()
    let folder = try TemporaryFolder()
    let (svg, mot) = (folder.path + "/knee.svg", folder.path + "/knee.mot")
    let run = Self.run([
      "analyse", results.path, "--angles", "leftKnee,trunk", "--plot", svg, "--export", mot,
      "--reps", "squat",
    ])
    #expect(run.status == 0, "\(run.errors.text)")
    let drawing = String(decoding: try Files.read(svg, limit: 1 << 24), as: UTF8.self)
    #expect(drawing.hasPrefix("<svg ") && drawing.hasSuffix("</svg>\n"))
    #expect(drawing.contains("person 1, squat: 2") && drawing.contains(">leftKnee<"))
    let rows = String(decoding: try Files.read(mot, limit: 1 << 24), as: UTF8.self)
      .split(separator: "\n")
    #expect(rows.contains("time\tleftKnee\tleftKnee_plane\ttrunk\ttrunk_plane"))
    #expect(rows.contains("nRows=76") && rows.contains("inDegrees=yes"))
    #expect(run.output.lines.contains { $0.contains("leftKnee: by metres 10.0 to 95.0 degrees") })
  }

  @Test("leaves what is whole of results that are cut off, under a name of its own")
  func cutOff() throws {
    let results = try Self.results()
    let folder = try TemporaryFolder()
    let bytes = try Files.read(results.path, limit: 1 << 24)
    let (cut, svg) = (folder.path + "/cut.jsonl", folder.path + "/knee.svg")
    try Files.write(Array(bytes[..<(bytes.count * 2 / 3)]), to: cut)
    let run = Self.run(["analyse", cut, "--reps", "squat", "--plot", svg])
    #expect(run.status == 1 && run.errors.text.contains("is cut off"))
    #expect(run.output.text.contains("squat: "))
    #expect(!Files.exists(svg) && Files.exists(folder.path + "/knee.partial.svg"))
  }

  @Test("refuses what it can't measure, count or write")
  func refusals() throws {
    let path = try Self.results().path
    for (arguments, word) in [
      (["analyse", path], "--angles"), (["analyse", path, "--angles", "tail"], "leftKnee,trunk"),
      (["analyse", path, "--reps", "yawning"], "push-up"),
      (["analyse", path, "--reps", "squat", "--plot", "curves.png"], ".svg"),
      (["analyse", path, "--export", "landmarks.csv"], "stance export"),
      (["export", path, "--export", "curves.mot"], "stance analyse"),
    ] {
      let run = Self.run(arguments)
      #expect(
        run.status == 64 && run.errors.text.contains(word), "\(arguments): \(run.errors.text)")
    }
    let over = Self.run(["analyse", path, "--angles", "all", "--export", path + ".mot/no/such.mot"])
    #expect(over.status == 1)
  }

  @Test("are in a video's lines too, and a person's summary says what was counted")
  func video() throws {
    let clip = try VideoRuns.clip(3)
    let json = VideoRuns.run([clip.path, "--json", "--angles", "leftKnee", "--reps", "curl"])
    #expect(json.status == 0)
    let person = try Self.person(try #require(json.output.lines.last))
    // The made-up body's landmarks lie on one point.
    let angle = try #require((person["angles"] as? [[String: Any]])?.first)
    #expect(angle["world"] is NSNull && angle["worldMissing"] as? String == "degenerate")
    #expect((person["reps"] as? [String: Any])?["count"] as? Int == 0)
    let text = VideoRuns.run([clip.path, "--reps", "curl"])
    #expect(text.output.text.contains("person 1, curl: 0 repetitions"))
    #expect(text.output.text.contains("in 3 of 3 frames"))
  }

  // MARK: Made-up results

  private static func run(_ arguments: [String]) -> Run {
    let (output, errors) = (MemorySink(), MemorySink())
    let program = Program(console: Console(output: output, errors: errors))
    return Run(status: program.run(arguments), output: output, errors: errors)
  }

  private static func person(_ line: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return try #require((object?["people"] as? [[String: Any]])?.first)
  }

  private struct Results: ~Copyable {
    let folder: TemporaryFolder
    var path: String { folder.path + "/squats.jsonl" }
  }

  /// Two and a half squats of two seconds, seen from the side, 15 frames a second.
  private static func results(depth: Double = 1) throws -> Results {
    let results = Results(folder: try TemporaryFolder())
    let size = ImageSize(width: 640, height: 480)
    let header = ResultsHeader(
      source: ResultsHeader.Source(file: "squats.mp4", size: size, frameRate: 15),
      pose: PoseOptions(), tracking: TrackingOptions(), precision: .f32)
    var bytes = try ResultsLine.header(header).encoded()
    for index in 0..<76 {
      let part = depth * (1 - cos(2 * .pi * Double(index) / 30)) / 2
      let frame = TrackedFrame(
        index: index, time: Double(index) / 15,
        result: PoseResult(
          imageSize: size, complexity: .full, search: .auto, precision: .f32,
          people: [person(knee: 10 + 85 * part, hip: 5 + 80 * part, in: size)],
          timing: PoseTiming()), lost: [])
      bytes += try ResultsLine.frame(frame).encoded()
    }
    try Files.write(bytes, to: results.path)
    return results
  }

  /// A body that faces the picture's right.
  private static func person(knee: Double, hip: Double, in size: ImageSize) -> Person {
    func point(_ from: SIMD2<Double>, _ length: Double, _ degrees: Double) -> SIMD2<Double> {
      from + length * SIMD2(cos(degrees * .pi / 180), -sin(degrees * .pi / 180))
    }
    let shoulder = point(.zero, 0.5, 90)
    let kneePoint = point(.zero, 0.42, hip - 90)
    let ankle = point(kneePoint, 0.4, hip - 90 - knee)
    func landmarks<Frame>(_ scale: SIMD2<Double>, _ middle: Double) -> Landmarks<Frame> {
      Landmarks(
        LandmarkName.allCases.map { name in
          let place =
            switch name {
            case .leftHip, .rightHip: SIMD2<Double>.zero
            case .leftKnee, .rightKnee: kneePoint
            case .leftAnkle, .rightAnkle: ankle
            default: shoulder
            }
          return Landmark(
            x: Float(middle + place.x * scale.x), y: Float(middle + place.y * scale.y),
            z: name.side == .left ? 0.15 : -0.15, visibility: 0.99, presence: 1)
        })
    }
    let scale = SIMD2(200 / Double(size.width), 200 / Double(size.height))
    return Person(
      id: 1, score: nil, presence: 1, confidence: 0.9,
      box: PixelBox(x: 0, y: 0, width: 1, height: 1), landmarks: landmarks(scale, 0.5),
      worldLandmarks: landmarks(SIMD2(1, 1), 0))
  }
}

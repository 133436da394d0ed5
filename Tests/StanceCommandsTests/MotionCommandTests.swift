import Files
import Foundation
import Images
import PoseFormats
import PoseMotion
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

  @Test("draws curves as PNG too, with the lines in their colours")
  func png() throws {
    let results = try Self.results()
    let folder = try TemporaryFolder()
    let path = folder.path + "/knee.PNG"
    let run = Self.run([
      "analyse", results.path, "--angles", "leftKnee", "--reps", "squat", "--plot", path,
    ])
    #expect(run.status == 0 && run.errors.text.isEmpty, "\(run.errors.text)")
    let image = try EncodedImage(Files.read(path, limit: 1 << 24)).decode()
    #expect(image.size == ImageSize(width: 1920, height: 688))
    let colors = image.withPixels { pixels in
      stride(from: 0, to: pixels.count, by: 4).reduce(into: [UInt32: Int]()) { counts, place in
        let color =
          UInt32(pixels[place + 2]) << 16 | UInt32(pixels[place + 1]) << 8 | UInt32(pixels[place])
        counts[color, default: 0] += 1
      }
    }
    // The first line's blue, the grey of repetitions, and much paper.
    #expect(colors[0x0072b2, default: 0] > 1000 && colors[0xf2f2f2, default: 0] > 50_000)
    #expect(colors[0xffffff, default: 0] > 300_000)
  }

  @Test("says how fast a landmark goes, as text and as columns, in the person's own metres")
  func speed() throws {
    let results = try Self.results(withEyes: true)
    let folder = try TemporaryFolder()
    func columns(_ more: [String]) throws -> (text: String, rows: [[Double]]) {
      let mot = folder.path + "/ankle.mot"
      let run = Self.run(
        ["analyse", results.path, "--speed", "leftAnkle", "--reps", "squat", "--export", mot] + more
      )
      #expect(run.status == 0 && run.errors.text.isEmpty, "\(run.errors.text)")
      let lines = String(decoding: try Files.read(mot, limit: 1 << 24), as: UTF8.self)
        .split(separator: "\n")
      let header = try #require(lines.firstIndex { $0.hasPrefix("time") })
      #expect(
        lines[header]
          == "time\tleftAnkle_speed\tleftAnkle_acceleration\tleftAnkle_plane_speed\tleftAnkle_plane_acceleration"
      )
      return (
        run.output.text,
        lines[(header + 1)...].map { $0.split(separator: "\t").compactMap { Double($0) } }
      )
    }
    let (text, average) = try columns([])
    #expect(average.count == 76 && text.contains("leftAnkle: from the hips at most "))
    let fastest = try #require(average.map { $0[1] }.max())
    // 200 pixels a metre.
    #expect(try abs(#require(average.map { $0[3] }.max()) - 200 * fastest) < 1)
    let (tall, scaled) = try columns(["--height", "1.9"])
    let factor = try #require(scaled.map { $0[1] }.max()) / fastest
    #expect(abs(factor - 1.9 / Self.height) < 1e-3)
    #expect(zip(scaled, average).allSatisfy { abs($0[3] - $1[3]) < 1e-9 })
    func width(_ text: String) throws -> Double {
      let words = text.split(separator: " ")
      let place = try #require(words.firstIndex(of: "feet"))
      return try #require(Double(words[place + 1]))
    }
    #expect(try abs(width(tall) - factor * width(text)) < 0.01)
  }

  @Test("says who was never seen whole where a height is given, and refuses heights of nothing")
  func heights() throws {
    let results = try Self.results()
    let path = results.path
    let run = Self.run(["analyse", path, "--reps", "squat", "--height", "1.9"])
    #expect(
      run.status == 0 && run.output.text.contains("person 1 was never seen from head to foot"))
    let refused = Self.run(["analyse", path, "--angles", "leftKnee", "--height", "1.9"])
    #expect(refused.status == 64 && refused.errors.text.contains("--height"))
  }

  @Test("names poses by examples beside the built-in ones, and for how long they were held")
  func postures() throws {
    let results = try Self.results()
    let folder = try TemporaryFolder()
    let csv = folder.path + "/poses.csv"
    let size = ImageSize(width: 640, height: 480)
    let lines = try [(10.0, 5.0, "tall"), (95, 85, "low")].flatMap { knee, hip, label in
      try (0..<3).map { number in
        try #require(
          PostureSample.csv(
            name: "\(label)\(number)__1", label: label,
            person: Self.person(knee: knee - Double(number), hip: hip, in: size), in: size))
      }
    }
    try Files.write(Array(lines.joined(separator: "\n").utf8), to: csv)
    let text = Self.run(["analyse", results.path, "--examples", csv]).output.text
    #expect(
      text.contains("person 1, postures: ") && text.contains("tall ") && text.contains("low "))
    let json = Self.run(["analyse", results.path, "--examples", csv, "--json"])
    #expect(json.status == 0, "\(json.errors.text)")
    let first = try Self.person(json.output.lines[1])["posture"] as? [String: Any]
    #expect(first?["label"] as? String == "tall" && first?["stand"] as? String == "standing")
    #expect(first?["confidence"] as? Double == 1)
    // The built-in ones alone know neither.
    let builtIn = Self.run(["analyse", results.path, "--posture", "--json"])
    let label = (try Self.person(builtIn.output.lines[1])["posture"] as? [String: Any])?["label"]
    #expect(label as? String != "tall")
    for (content, word) in [("name,tall,1,2", "line 1"), ("", "no sample")] {
      try Files.write(Array(content.utf8), to: csv)
      let run = Self.run(["analyse", results.path, "--examples", csv])
      #expect(run.status == 64 && run.errors.text.contains(word), "\(run.errors.text)")
    }
    let missing = Self.run(["analyse", results.path, "--examples", folder.path + "/none.csv"])
    #expect(missing.status == 64 && missing.errors.text.contains("none.csv"))
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
      (["analyse", path, "--reps", "squat", "--plot", "curves.jpg"], ".svg"),
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
  ///
  /// - Parameter withEyes: whether eyes are where they are, so that a height can be told.
  private static func results(depth: Double = 1, withEyes: Bool = false) throws -> Results {
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
          people: [person(knee: 10 + 85 * part, hip: 5 + 80 * part, in: size, withEyes)],
          timing: PoseTiming()), lost: [])
      bytes += try ResultsLine.frame(frame).encoded()
    }
    try Files.write(bytes, to: results.path)
    return results
  }

  /// What it is by the lengths of its parts, in metres: BodyScale.
  private static let height = (0.4 + 0.42 + 0.5 + 0.2) / (0.936 - 0.039)

  /// A body that faces the picture's right.
  private static func person(
    knee: Double, hip: Double, in size: ImageSize, _ withEyes: Bool = false
  ) -> Person {
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
            case .leftEye, .rightEye: shoulder + SIMD2(0, withEyes ? -0.2 : 0)
            default: shoulder
            }
          return Landmark(
            x: Float(middle + place.x * scale.x), y: Float(middle + place.y * scale.y),
            z: name.side == .left ? 0.15 : -0.15,
            // Who has no eyes has not been seen from head to foot.
            visibility: withEyes || name != .leftEye ? 0.99 : 0.1, presence: 1)
        })
    }
    let scale = SIMD2(200 / Double(size.width), 200 / Double(size.height))
    return Person(
      id: 1, score: nil, presence: 1, confidence: 0.9,
      box: PixelBox(x: 0, y: 0, width: 1, height: 1), landmarks: landmarks(scale, 0.5),
      worldLandmarks: landmarks(SIMD2(1, 1), 0))
  }
}

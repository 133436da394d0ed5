import Foundation
import Images
import PoseMotion
import Stance
import TestSupport
import Testing

@Suite("Postures")
struct PostureTests {
  private static func samples() throws -> [PostureSample] {
    try String(
      contentsOfFile: TestData.path("motion/fitness_pose_samples.csv"), encoding: .utf8
    ).split(whereSeparator: \.isNewline).compactMap { PostureSample(csv: $0) }
  }

  @Test(
    "of Google's samples are told by those of other clips",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func leaveOneClipOut() throws {
    let samples = try Self.samples()
    #expect(samples.count == 812)
    let classifier = PostureClassifier(samples)
    var right = 0
    var refused = 0
    for sample in samples {
      let answer = classifier.classify(sample)
      let first = answer.votes.max { $0.value < $1.value }?.key
      if first == sample.label { right += 1 }
      if answer.label == nil { refused += 1 }
    }
    #expect(Double(right) / 812 >= 0.97)
    // Those who lie, labelled as none, take no votes from who does push-ups.
    let contrasted = PostureClassifier(samples + PostureSample.lying)
    let kept = samples.filter { sample in
      contrasted.classify(sample).votes.max { $0.value < $1.value }?.key == sample.label
    }
    #expect(Double(kept.count) / 812 >= 0.97)
    // The limits are made so that one in twenty is too far.
    #expect(refused <= 45)
    for (label, limit) in classifier.limits {
      let built = try #require(PostureClassifier.builtIn.limits[label])
      #expect(abs(built - limit) < 0.06, "\(label): \(limit)")
    }
  }

  @Test(
    "that are built in are Google's to a tenth of a hundredth of the pose's size",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func builtIn() throws {
    let samples = try Self.samples()
    let builtIn = PostureSample.builtIn
    #expect(builtIn.count == samples.count)
    #expect(zip(builtIn, samples).allSatisfy { $0.label == $1.label })
    let classifier = PostureClassifier.builtIn
    for sample in samples.prefix(40) { #expect(classifier.classify(sample).distance < 12) }
  }

  @Test(
    "of who stands on the head, jumps, or is seen to the waist alone are none of the built-in ones",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: ["humanart_000590.jpg", "tfpose_armsup.jpg", "human_models14.jpg"])
  func none(photo: String) throws {
    let golden: GoldenPicture = try TestData.json("golden/photos/\(photo).json")
    let person = try #require(golden.person)
    let size = ImageSize(width: golden.width, height: golden.height)
    let answer = try #require(PostureClassifier.builtIn.classify(person, in: size))
    #expect(answer.label == nil, "\(answer)")
  }

  @Test(
    "of who lies stretched out, on either side, or hangs head down, are none of the built-in ones",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: [
      "human_aibody.jpg", "h36m_s7_greeting.jpg", "h36m_s8_tpose.jpg", "mpi3d_ts1.jpg",
    ])
  func lying(photo: String) throws {
    let golden: GoldenPicture = try TestData.json("golden/photos/\(photo).json")
    let person = try #require(golden.person)
    let size = ImageSize(width: golden.width, height: golden.height)
    // No photo shows somebody lying: those who stand are turned, as the picture of somebody lying would be.
    for quarters in 1...3 {
      let turned = person.turned(by: quarters, in: size)
      #expect(PostureClassifier.builtIn.classify(turned, in: size)?.label == nil)
      let reading = try #require(
        MotionAnalyser.still(
          PoseResult(
            imageSize: size, complexity: .full, search: .quick, precision: .f32, people: [turned],
            timing: PoseTiming()), MotionOptions(postures: .builtIn)
        ).people.first?.posture)
      #expect(reading.label == nil && reading.posture.stand == (quarters == 2 ? nil : .lying))
    }
  }

  @Test(
    "of who stands in a photo that was turned are hardly ever a built-in one",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func turned() throws {
    var (named, all) = (0, 0)
    for path in try FileManager.default.contentsOfDirectory(
      atPath: TestData.path("golden/photos")) where path.hasSuffix(".json")
    {
      let golden: GoldenPicture = try TestData.json("golden/photos/\(path)")
      guard let person = golden.person else { continue }
      let size = ImageSize(width: golden.width, height: golden.height)
      for quarters in [1, 3] {
        let turned = person.turned(by: quarters, in: size)
        let options = MotionOptions(postures: .builtIn)
        let result = PoseResult(
          imageSize: size, complexity: .full, search: .quick, precision: .f32, people: [turned],
          timing: PoseTiming())
        let label = MotionAnalyser.still(result, options).people.first?.posture?.label
        all += 1
        if label != nil { named += 1 }
      }
    }
    #expect(all > 60 && Double(named) <= 0.1 * Double(all), "\(named) of \(all)")
  }

  @Test("of one's own are told as the page tells them, and as an independent reckoning does")
  func kept() throws {
    struct Kept: Decodable {
      struct Answer: Decodable {
        var label: String?
        var votes: [String: Double]
        var distance: Double
      }
      var samples: [String]
      var limits: [String: Double]
      var queries: [String]
      var answers: [Answer]
    }
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Kept/postures.json")
    let kept = try JSONDecoder().decode(Kept.self, from: Data(contentsOf: path))
    let classifier = try PostureClassifier(
      PostureSample.samples(csv: kept.samples.joined(separator: "\n")))
    #expect(classifier.labels == kept.limits.keys.sorted())
    for (label, limit) in kept.limits {
      #expect(try abs(#require(classifier.limits[label]) - limit) < 1e-3)
    }
    let queries = try PostureSample.samples(csv: kept.queries.joined(separator: "\r\n"))
    #expect(queries.count == kept.answers.count)
    for (query, wanted) in zip(queries, kept.answers) {
      let answer = classifier.classify(query)
      #expect(answer.label == wanted.label && abs(answer.distance - wanted.distance) < 1e-3)
      #expect(answer.votes.keys.sorted() == wanted.votes.keys.sorted())
      #expect(wanted.votes.allSatisfy { abs((answer.votes[$0.key] ?? 0) - $0.value) < 1e-9 })
    }
  }

  @Test(
    "of one's own beside the built-in ones win by a few samples, and leave those as they were",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func beside() throws {
    var tree = Skeleton()
    (tree.heading, tree.shoulder, tree.knee, tree.hip) = (90, (170, 170), (0, 110), (0, 60))
    let samples = try (0..<4).map { number in
      var body = tree
      body.lean = Double(number)
      return try #require(PostureSample(label: "tree", person: body.person, in: body.size))
    }
    let classifier = PostureClassifier(samples, besideBuiltIn: true)
    #expect(classifier.labels.count == 5 && classifier.limits.count == 5)
    #expect(classifier.limits["tree"].map(PostureClassifier.limitRange.contains) == true)
    #expect(classifier.limits["squats_up"] == PostureClassifier.builtIn.limits["squats_up"])
    tree.lean = 1.5
    #expect(classifier.classify(tree.person, in: tree.size)?.label == "tree")
    let google = try Self.samples()
    let right = google.filter { classifier.classify($0).votes[$0.label, default: 0] > 0.5 }
    #expect(Double(right.count) / Double(google.count) >= 0.97)
  }

  @Test("whose table is damaged are refused with the line that is wrong, and what was wanted")
  func tables() throws {
    let body = Skeleton()
    let line = try #require(
      PostureSample.csv(name: "a", label: "up", person: body.person, in: body.size))
    #expect(try PostureSample.samples(csv: "\n\(line)\r\n\n\(line)\n").count == 2)
    for (text, wrong) in [("", 1), ("\n \n", 1), ("\(line)\nname,up,1,2", 2)] {
      #expect { try PostureSample.samples(csv: text) } throws: { error in
        (error as? PostureTableError)?.line == wrong && "\(error)".hasPrefix("line \(wrong) ")
      }
    }
  }

  @Test("are held to in time: one odd frame changes no label, and who is out of sight has none")
  func inTime() throws {
    var up = Skeleton()
    up.shoulder = (170, 170)
    let down = Skeleton()
    let samples = try (0..<12).flatMap { number in
      try [("up", up), ("down", down)].map { label, body in
        var body = body
        body.lean = Double(number) / 2
        return try #require(
          PostureSample(label: label, person: body.person, in: body.size, clip: "\(number)"))
      }
    }
    var analyser = MotionAnalyser(MotionOptions(postures: PostureClassifier(samples)))
    var record = MotionRecord(analyser.options)
    var labels: [String?] = []
    for index in 0..<60 {
      var body = index < 30 && index != 10 ? up : down
      if index >= 50 { body.hidden = Set(LandmarkName.allCases) }
      let motion = analyser.add(
        TrackedFrame(
          index: index, time: Double(index) / 30,
          result: PoseResult(
            imageSize: body.size, complexity: .full, search: .quick, precision: .f32,
            people: [body.person], timing: PoseTiming()), lost: []))
      record.add(motion)
      let reading = try #require(motion.people.first?.posture)
      #expect(
        reading.confidence.map { (0...1).contains($0) } == (reading.label == nil ? nil : true))
      labels.append(reading.label)
    }
    #expect(labels[..<30].allSatisfy { $0 == "up" } && labels[40..<50].allSatisfy { $0 == "down" })
    #expect(labels[50...].allSatisfy { $0 == nil })
    let summary = try #require(record.summaries.first)
    let seconds = Dictionary(uniqueKeysWithValues: summary.postures.map { ($0.name, $0.seconds) })
    #expect(seconds["up"].map { abs($0 - 1) < 0.2 } == true)
    #expect(seconds["standing"].map { abs($0 - 49.0 / 30) < 0.01 } == true)
  }

  @Test("by rules are standing, sitting, lying, and hands up")
  func rules() {
    var body = Skeleton()
    #expect(Posture(of: body.person).stand == .standing)
    #expect(Posture(of: body.person).handsUp == false)
    body.shoulder = (175, 170)
    #expect(Posture(of: body.person).handsUp == true)
    body.hidden = [.leftWrist]
    #expect(Posture(of: body.person).handsUp == nil)
    body = Skeleton()
    (body.hip, body.knee) = ((85, 85), (90, 90))
    #expect(Posture(of: body.person).stand == .sitting)
    body = Skeleton()
    for lean in [88.0, -88] {
      body.lean = lean
      #expect(Posture(of: body.person).stand == .lying)
    }
    // Bent over, but on the feet.
    (body.lean, body.hip) = (80, (80, 80))
    #expect(Posture(of: body.person).stand == nil)
    body.hidden = Set(LandmarkName.allCases)
    #expect(Posture(of: body.person).stand == nil)
  }

  @Test("of one's own are told from a CSV of ML Kit's form, and from people")
  func own() throws {
    var up = Skeleton()
    up.shoulder = (170, 170)
    let down = Skeleton()
    let samples = try (0..<12).flatMap { number in
      try [("up", up), ("down", down)].map { label, body in
        var body = body
        body.lean = Double(number)
        return try #require(
          PostureSample(label: label, person: body.person, in: body.size, clip: "\(number)"))
      }
    }
    let classifier = PostureClassifier(samples)
    up.lean = 5.5
    #expect(classifier.classify(up.person, in: up.size)?.label == "up")
    var lying = Skeleton()
    (lying.lean, lying.hip, lying.knee) = (90, (90, 90), (120, 120))
    #expect(classifier.classify(lying.person, in: lying.size)?.label == nil)
    #expect(PostureSample(csv: "name,up,1,2,3") == nil)
    let nameless = PostureSample.csv(name: "a", label: "", person: up.person, in: up.size)
    #expect(nameless.map { PostureSample(csv: $0) == nil } == true)
    #expect(PostureSample(csv: "name,up" + String(repeating: ",x", count: 99)) == nil)
    #expect(PostureSample(csv: "name,up" + String(repeating: ",1", count: 99)) == nil)
    #expect(PostureClassifier([]).classify(up.person, in: up.size)?.label == nil)
  }
}

extension GoldenPicture {
  /// The full model's person.
  fileprivate var person: Person? {
    guard let pose = complexity["1"], let points = pose.pose_landmarks,
      let world = pose.pose_world_landmarks
    else { return nil }
    func landmarks<Frame>(_ points: [[Double]]) -> Landmarks<Frame> {
      Landmarks(
        points.map {
          Landmark(
            x: Float($0[0]), y: Float($0[1]), z: Float($0[2]), visibility: Float($0[3]),
            presence: Float($0[4]))
        })
    }
    return Person(
      score: nil, presence: 1, confidence: 1, box: PixelBox(x: 0, y: 0, width: 1, height: 1),
      landmarks: landmarks(points), worldLandmarks: landmarks(world))
  }
}

extension Person {
  /// The person in a picture of the same size, turned clockwise about its middle by quarter turns, and smaller, so that nothing
  /// leaves it.
  fileprivate func turned(by quarters: Int, in size: ImageSize) -> Person {
    func turned(_ x: Float, _ y: Float) -> (Float, Float) {
      (0..<quarters).reduce((x, y)) { point, _ in (-point.1, point.0) }
    }
    var person = self
    let (width, height) = (Float(size.width), Float(size.height))
    person.landmarks = Landmarks(
      landmarks.map { landmark in
        var landmark = landmark
        let (x, y) = turned((landmark.x - 0.5) * width, (landmark.y - 0.5) * height)
        (landmark.x, landmark.y) = (0.4 * x / width + 0.5, 0.4 * y / height + 0.5)
        landmark.z *= 0.4
        return landmark
      })
    person.worldLandmarks = Landmarks(
      worldLandmarks.map { landmark in
        var landmark = landmark
        (landmark.x, landmark.y) = turned(landmark.x, landmark.y)
        return landmark
      })
    return person
  }
}

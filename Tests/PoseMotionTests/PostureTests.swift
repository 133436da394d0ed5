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
    guard let person = golden.person else { return }
    let size = ImageSize(width: golden.width, height: golden.height)
    let answer = try #require(PostureClassifier.builtIn.classify(person, in: size))
    #expect(answer.label == nil, "\(answer)")
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

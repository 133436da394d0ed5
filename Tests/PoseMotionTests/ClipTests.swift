import Foundation
import Images
import PoseMotion
import Stance
import TestSupport
import Testing

@Suite("Real movement")
struct ClipTests {
  @Test(
    "five squats of motion capture are five, and their ranges the curve's own",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: ["knee_angle_r", "knee_angle_l"])
  func openCap(column: String) throws {
    let (times, values) = try Self.column(column, of: TestData.path("motion/opencap_squats.mot"))
    var counter = RepetitionCounter(.squat)
    var curve = MotionCurve()
    var found: [Repetition] = []
    for (time, value) in zip(times, values) {
      curve.append(value, at: time)
      if let repetition = counter.add(value, at: time) { found.append(repetition) }
    }
    #expect(found.count == 5)
    var begin = times.first ?? 0
    for repetition in found {
      let end = try #require(repetition.end)
      let piece = zip(times, values).filter { (begin...end).contains($0.0) }.map(\.1)
      let highest = try #require(piece.max())
      let lowest = try #require(
        zip(times, values).filter { (begin...repetition.turn).contains($0.0) }.map(\.1).min())
      #expect(abs(repetition.range - (highest - lowest)) < 1)
      begin = end
    }
    let opinion = try #require(SecondOpinion(curve, leastRange: 25))
    #expect(opinion.turns == 5)
  }

  @Test(
    "a woman seen from the front does two squats and begins a third; her knees have no angle in the picture",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: [MotionOptions.Counting.exercise(.squat), .auto])
  func squats(counting: MotionOptions.Counting) throws {
    let options = MotionOptions(angles: [.leftKnee, .rightKnee], counting: counting)
    let summary = try #require(try Self.record("tfjs_squats.mp4", options).first)
    #expect(summary.exercise == .squat && summary.repetitions.count == 2)
    // By eye her turns are at 2.0, 6.8 and 12.0 s.
    for (repetition, turn) in zip(summary.repetitions, [2.0, 6.8]) {
      #expect(abs(repetition.turn - turn) < 0.35 && repetition.isJudgedFromSeen)
      #expect((60..<100).contains(repetition.range))
    }
    #expect(summary.unfinished.map { abs($0.turn - 12) < 0.35 } == true)
    #expect(summary.secondOpinion?.turns == 3 && !summary.isDisputed)
    for curves in summary.angles {
      #expect(!curves.plane.values.contains { !$0.isNaN })
      #expect(curves.world.values.contains { !$0.isNaN })
    }
  }

  @Test(
    "who walks in a street does no exercise and no squat",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: [MotionOptions.Counting.exercise(.squat), .auto, .exercise(.lunge)])
  func walker(counting: MotionOptions.Counting) throws {
    for summary in try Self.record("openpose_street.avi", MotionOptions(counting: counting)) {
      #expect(summary.repetitions.isEmpty && summary.unfinished == nil)
    }
  }

  /// A golden clip's person, as MediaPipe followed it.
  private static func record(
    _ clip: String, _ options: MotionOptions
  ) throws -> [MotionRecord.Summary] {
    let golden: GoldenClip = try TestData.json("golden/video/\(clip).json")
    var analyser = MotionAnalyser(options)
    var record = MotionRecord(options)
    let size = ImageSize(width: golden.width, height: golden.height)
    // The goldens' times are of 30 frames a second, whatever the clip's.
    let rate = clip.hasPrefix("tfjs") ? 5.0 : 50
    for (index, frame) in golden.frames.enumerated() {
      let people = frame.person.map { [$0] } ?? []
      let result = PoseResult(
        imageSize: size, complexity: .full, search: .quick, precision: .f32, people: people,
        timing: PoseTiming())
      record.add(
        analyser.add(
          TrackedFrame(
            index: index, time: Double(index) / rate, result: result,
            lost: people.isEmpty ? [1] : [])))
    }
    return record.summaries
  }

  /// Times and one column of an OpenSim motion file.
  private static func column(
    _ name: String, of path: String
  ) throws -> (times: [Double], values: [Double]) {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
    let header = try #require(lines.firstIndex { $0.hasPrefix("time") })
    let place = try #require(lines[header].split(separator: "\t").firstIndex { $0 == name })
    let rows = lines[(header + 1)...].map { line in
      line.split(separator: "\t").map { Double($0.trimmingCharacters(in: .whitespaces)) ?? .nan }
    }
    return (rows.map { $0[0] }, rows.map { $0[place] })
  }
}

private struct GoldenClip: Decodable {
  struct Frame: Decodable {
    var pose_landmarks: [[Double]]?
    var pose_world_landmarks: [[Double]]?

    var person: Person? {
      guard let points = pose_landmarks, let world = pose_world_landmarks else { return nil }
      return Person(
        id: 1, score: nil, presence: 1, confidence: 1,
        box: PixelBox(x: 0, y: 0, width: 1, height: 1), landmarks: Self.landmarks(points),
        worldLandmarks: Self.landmarks(world))
    }

    private static func landmarks<Frame>(_ points: [[Double]]) -> Landmarks<Frame> {
      Landmarks(
        points.map {
          Landmark(
            x: Float($0[0]), y: Float($0[1]), z: Float($0[2]), visibility: Float($0[3]),
            presence: 1)
        })
    }
  }

  var width: Int
  var height: Int
  var frames: [Frame]
}

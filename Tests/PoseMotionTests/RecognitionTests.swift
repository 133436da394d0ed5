import Foundation
import Images
import PoseMotion
import Stance
import TestSupport
import Testing

@Suite("What somebody does who was asked for nothing")
struct RecognitionTests {
  /// From 0 to 1 and back, once in two seconds.
  private static func swing(_ time: Double) -> Double { (1 - cos(.pi * time)) / 2 }

  private static func summary(
    seconds: Double, _ body: (_ part: Double) -> (person: Person, size: ImageSize)
  ) throws -> MotionRecord.Summary {
    let options = MotionOptions(counting: .auto)
    var analyser = MotionAnalyser(options)
    var record = MotionRecord(options)
    for index in 0..<Int(seconds * 30) {
      let (person, size) = body(swing(Double(index) / 30))
      let result = PoseResult(
        imageSize: size, complexity: .full, search: .quick, precision: .f32, people: [person],
        timing: PoseTiming())
      record.add(
        analyser.add(
          TrackedFrame(index: index, time: Double(index) / 30, result: result, lost: [])))
    }
    return try #require(record.summaries.first)
  }

  @Test("is a sit-up by lying and sitting over lying legs, twice, and all of them count")
  func sitUps() throws {
    func body(_ part: Double) -> Skeleton {
      var body = Skeleton()
      // On the back, head to the left, knees up; the trunk rises and the legs stay.
      body.lean = -88 + 75 * part
      body.hip = (45 + 75 * part, 45 + 75 * part)
      body.knee = (90, 90)
      return body
    }
    let summary = try Self.summary(seconds: 8.2) { part in
      let body = body(part)
      return (body.person, body.size)
    }
    #expect(summary.exercise == .sitUp && summary.repetitions.count == 4)
    // Once is not twice.
    let once = try Self.summary(seconds: 2.2) { (body($0).person, body($0).size) }
    #expect(once.exercise == nil)
  }

  @Test("is a jumping jack by arms and feet together, and none by one of them alone")
  func jumpingJacks() throws {
    func summary(arms: Double, legs: Double) throws -> MotionRecord.Summary {
      try Self.summary(seconds: 8.2) { part in
        var body = Skeleton()
        body.heading = 90
        body.shoulder = (10 + arms * part, 10 + arms * part)
        body.hip = (legs * part, -legs * part)
        return (body.person, body.size)
      }
    }
    let jacks = try summary(arms: 160, legs: 25)
    #expect(jacks.exercise == .jumpingJack && jacks.repetitions.count == 4)
    #expect(try summary(arms: 160, legs: 0).exercise == nil)
    #expect(try summary(arms: 0, legs: 25).exercise == nil)
  }

  @Test(
    "is a push-up by people's own poses, up and down in turn",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func pushUps() throws {
    var pairs: [String: [String: [SIMD3<Double>]]] = [:]
    let table = try String(
      contentsOfFile: TestData.path("motion/fitness_pose_samples.csv"), encoding: .utf8)
    for line in table.split(whereSeparator: \.isNewline) where line.contains(",pushups_") {
      let cells = line.split(separator: ",")
      let numbers = cells.dropFirst(2).compactMap { Double($0) }
      let clip = cells[0].split(separator: "_", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "_")
      pairs[clip, default: [:]][String(cells[1])] = stride(from: 0, to: 99, by: 3).map {
        SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
      }
    }
    let both = pairs.values.compactMap { states in
      states["pushups_up"].flatMap { up in states["pushups_down"].map { (up, $0) } }
    }
    #expect(both.count >= 30)
    var named = 0
    for (up, down) in both {
      let summary = try Self.summary(seconds: 8.2) { part in
        // Up and down are held; between them joints go straight.
        let part = min(max(1.8 * part - 0.4, 0), 1)
        return (
          Self.person(zip(up, down).map { $0 + part * ($1 - $0) }),
          ImageSize(width: 1000, height: 1000)
        )
      }
      #expect(summary.exercise == nil || summary.exercise == .pushUp)
      if summary.exercise == .pushUp { named += 1 }
    }
    // Of a clip's two photos some are from two sides.
    #expect(Double(named) / Double(both.count) >= 0.6)
  }

  /// A person of points in pixels; the trunk is half a metre long.
  private static func person(_ points: [SIMD3<Double>]) -> Person {
    let hips = (points[23] + points[24]) / 2
    let trunk = (points[11] + points[12]) / 2 - hips
    let metre = 2 * (trunk * trunk).sum().squareRoot()
    return Person(
      id: 1, score: nil, presence: 1, confidence: 1,
      box: PixelBox(x: 0, y: 0, width: 1, height: 1),
      landmarks: Landmarks(
        points.map {
          Landmark(
            x: Float($0.x / 1000), y: Float($0.y / 1000), z: Float($0.z / 1000), visibility: 1,
            presence: 1)
        }),
      worldLandmarks: Landmarks(
        points.map { point in
          let place = (point - hips) / metre
          return Landmark(
            x: Float(place.x), y: Float(place.y), z: Float(place.z), visibility: 1, presence: 1)
        }))
  }
}

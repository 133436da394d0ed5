import PoseFormats
import Stance
import TestSupport
import Testing

@Suite(
  "Figures of a real clip", .enabled(if: TestData.isPresent, "\(TestData.missing)"))
struct RealFigureTests {
  private struct Clip: Decodable {
    struct Frame: Decodable {
      var pose_world_landmarks: [[Float]]?
    }
    var frames: [Frame]
  }

  /// What MediaPipe makes of five squats.
  private let sights: [Landmarks<World>?]
  private let clip: PoseClip

  init() throws {
    let golden: Clip = try TestData.json("golden/video/tfjs_squats.mp4.json")
    sights = golden.frames.map { frame in
      frame.pose_world_landmarks.map { points in
        Landmarks(
          points.map { Landmark(x: $0[0], y: $0[1], z: $0[2], visibility: $0[3], presence: 1) })
      }
    }
    var clip = try PoseClip.made([])
    for (index, landmarks) in sights.enumerated() {
      var person = MadeBody().person(1)
      if let landmarks { person.worldLandmarks = landmarks }
      try clip.append(
        .made(index, time: Double(index) / 30, landmarks == nil ? [] : [person]))
    }
    self.clip = clip
  }

  /// From the hips outwards; the first of each chain is the middle of the hips.
  private static let legs: [[(joint: String, landmark: LandmarkName)]] = [
    [
      ("LeftUpLeg", .leftHip), ("LeftLeg", .leftKnee), ("LeftFoot", .leftAnkle),
      ("LeftFoot end", .leftFootIndex),
    ],
    [
      ("RightUpLeg", .rightHip), ("RightLeg", .rightKnee), ("RightFoot", .rightAnkle),
      ("RightFoot end", .rightFootIndex),
    ],
  ]
  private static let arms: [[(joint: String, landmark: LandmarkName)]] = [
    [("LeftArm", .leftShoulder), ("LeftForeArm", .leftElbow), ("LeftHand", .leftWrist)],
    [("RightArm", .rightShoulder), ("RightForeArm", .rightElbow), ("RightHand", .rightWrist)],
  ]

  @Test("limbs point as their landmarks within 1e-4, and are as long as the T-pose's")
  func directions() throws {
    let file = try BVHReading(try clip.bytes(.bvh))
    #expect(file.rows.count == sights.count)
    for (row, sight) in sights.enumerated() {
      guard let sight else { continue }
      let places = try file.places(in: row)
      for chain in Self.legs + Self.arms {
        for (inner, outer) in zip(chain, chain.dropFirst()) {
          let bone = try #require(places[outer.joint]) - (try #require(places[inner.joint]))
          let truth = point(outer.landmark, of: sight) - point(inner.landmark, of: sight)
          let apart = distance(bone / distance(bone, .zero), truth / distance(truth, .zero))
          #expect(apart < 1e-4, "\(outer.joint) in frame \(row)")
        }
      }
    }
  }

  @Test(
    "a leg's joints are off by no more than its bones differ in length from their medians, and 10 µm"
  )
  func places() throws {
    let file = try BVHReading(try clip.bytes(.bvh))
    for (row, sight) in sights.enumerated() {
      guard let sight else { continue }
      let places = try file.places(in: row)
      let hips = (point(.leftHip, of: sight) + point(.rightHip, of: sight)) / 2
      let origin = try #require(places["Hips"])
      for chain in Self.legs {
        var (allowed, inner, innerPlace) = (1e-5, hips, origin)
        for (joint, landmark) in chain {
          let place = try #require(places[joint])
          let truth = point(landmark, of: sight)
          allowed += abs(distance(truth, inner) - distance(place, innerPlace) / 100)
          #expect(
            distance((place - origin) / 100, truth - hips) <= allowed, "\(joint) in frame \(row)")
          (inner, innerPlace) = (truth, place)
        }
      }
    }
  }

  @Test("who squats facing the camera faces +z, upright, left at +x, and the knees bend back alone")
  func squats() throws {
    let file = try BVHReading(try clip.bytes(.bvh))
    var deepest = 0.0
    for (row, sight) in sights.enumerated() where sight != nil {
      let places = try file.places(in: row)
      let (left, right) = (try #require(places["LeftArm"]), try #require(places["RightArm"]))
      let (head, foot) = (try #require(places["Head"]), try #require(places["LeftFoot"]))
      #expect(left.x > right.x && head.y > foot.y, "frame \(row)")
      let toe = try #require(places["LeftFoot end"])
      #expect(toe.z > foot.z, "frame \(row)")
      let knee = try file.channels("LeftLeg", in: row)[1]
      #expect(knee > -10, "frame \(row)")
      deepest = max(deepest, knee)
    }
    #expect(deepest > 60)
  }

  private func point(_ name: LandmarkName, of sight: Landmarks<World>) -> SIMD3<Double> {
    SIMD3(Double(sight[name].x), -Double(sight[name].y), -Double(sight[name].z))
  }
}

import Foundation
import Images
import PoseFormats
import Stance

/// A person of known lengths, which single precision holds exactly, in a known pose: x to the left hand of who faces +z, y up; metres and degrees.
struct MadeBody {
  /// About the vertical: 90 faces +x.
  var heading = 0.0
  /// Of the shoulders against the hips, about the trunk.
  var twist = 0.0
  /// Of the head against the shoulders: 30 looks to the person's left.
  var look = 0.0
  /// Of both arms, forward from hanging.
  var raise = 0.0
  var leftElbow = 0.0
  var rightElbow = 0.0
  /// Of the left thigh, forward; the right one stands.
  var leftHip = 0.0
  var leftKnee = 0.0
  /// By how much longer everything is.
  var scale = 1.0

  static let lengths = (
    hips: 0.25, shoulders: 0.375, trunk: 0.5, upperArm: 0.3125, foreArm: 0.25, hand: 0.125,
    thigh: 0.4375,
    shank: 0.40625
  )

  /// The 33 points with y up.
  var points: [LandmarkName: SIMD3<Double>] {
    var points: [LandmarkName: SIMD3<Double>] = [:]
    let lengths = Self.lengths
    points[.leftHip] = SIMD3(lengths.hips / 2, 0, 0)
    points[.rightHip] = SIMD3(-lengths.hips / 2, 0, 0)
    let chest = SIMD3(0, lengths.trunk, 0)
    func twisted(_ point: SIMD3<Double>) -> SIMD3<Double> { turned(point, .y, twist) }
    func looking(_ point: SIMD3<Double>) -> SIMD3<Double> {
      twisted(chest + SIMD3(0, 0.25, 0) + turned(point, .y, look))
    }
    points[.nose] = looking(SIMD3(0, 0, 0.125))
    for (side, names) in [(1.0, Self.leftFace), (-1, Self.rightFace)] {
      for (name, x, y, z) in names { points[name] = looking(SIMD3(side * x, y, z)) }
    }
    for side in [1.0, -1] {
      let isLeft = side > 0
      // Forward is about -x, as knees and elbows of who hangs and stands.
      let shoulder = chest + SIMD3(side * lengths.shoulders / 2, 0, 0)
      let elbow = shoulder + turned(SIMD3(0, -lengths.upperArm, 0), .x, -raise)
      let bend = raise + (isLeft ? leftElbow : rightElbow)
      let wrist = elbow + turned(SIMD3(0, -lengths.foreArm, 0), .x, -bend)
      func hand(_ x: Double) -> SIMD3<Double> {
        wrist + turned(SIMD3(0, -lengths.hand, x), .x, -bend)
      }
      points[isLeft ? .leftShoulder : .rightShoulder] = twisted(shoulder)
      points[isLeft ? .leftElbow : .rightElbow] = twisted(elbow)
      points[isLeft ? .leftWrist : .rightWrist] = twisted(wrist)
      points[isLeft ? .leftIndex : .rightIndex] = twisted(hand(0.03))
      points[isLeft ? .leftPinky : .rightPinky] = twisted(hand(-0.03))
      points[isLeft ? .leftThumb : .rightThumb] = twisted(hand(0.05))

      let (flexion, knee) = isLeft ? (leftHip, leftKnee) : (0, 0)
      let hip = SIMD3(side * lengths.hips / 2, 0, 0)
      let kneePoint = hip + turned(SIMD3(0, -lengths.thigh, 0), .x, -flexion)
      let shank = knee - flexion
      let ankle = kneePoint + turned(SIMD3(0, -lengths.shank, 0), .x, shank)
      points[isLeft ? .leftKnee : .rightKnee] = kneePoint
      points[isLeft ? .leftAnkle : .rightAnkle] = ankle
      points[isLeft ? .leftHeel : .rightHeel] =
        ankle + turned(SIMD3(0, -0.0625, -0.0625), .x, shank)
      points[isLeft ? .leftFootIndex : .rightFootIndex] =
        ankle + turned(SIMD3(0, -0.0625, 0.15625), .x, shank)
    }
    return points.mapValues { turned($0, .y, heading) * scale }
  }

  private static let leftFace: [(LandmarkName, Double, Double, Double)] = [
    (.leftEyeInner, 0.02, 0.04, 0.1), (.leftEye, 0.03, 0.04, 0.1), (.leftEyeOuter, 0.04, 0.04, 0.1),
    (.leftEar, 0.0625, 0, 0), (.mouthLeft, 0.025, -0.06, 0.1),
  ]
  private static let rightFace: [(LandmarkName, Double, Double, Double)] = [
    (.rightEyeInner, 0.02, 0.04, 0.1), (.rightEye, 0.03, 0.04, 0.1),
    (.rightEyeOuter, 0.04, 0.04, 0.1), (.rightEar, 0.0625, 0, 0), (.mouthRight, 0.025, -0.06, 0.1),
  ]

  /// As the model gives them: y down, z away from the camera.
  var landmarks: Landmarks<World> {
    let points = points
    return Landmarks(
      LandmarkName.allCases.map { name in
        let point = points[name] ?? .zero
        return Landmark(
          x: Float(point.x), y: Float(-point.y), z: Float(-point.z), visibility: 0.9, presence: 0.9)
      })
  }

  func person(_ id: Int) -> Person {
    Person(
      id: id, score: nil, presence: 0.9, confidence: 0.9,
      box: PixelBox(x: 0, y: 0, width: 10, height: 10),
      landmarks: Landmarks(
        repeatElement(
          Landmark(x: 0.5, y: 0.5, z: 0, visibility: 0.9, presence: 0.9),
          count: LandmarkName.count
        ).map(\.self)), worldLandmarks: landmarks)
  }
}

extension TrackedFrame {
  static func made(_ index: Int, time: Double, _ people: [Person]) -> TrackedFrame {
    TrackedFrame(
      index: index, time: time,
      result: PoseResult(
        imageSize: ImageSize(width: 100, height: 100), complexity: .full, search: .quick,
        precision: .f32, people: people, timing: PoseTiming()),
      lost: [])
  }
}

extension PoseClip {
  /// A clip of 25 frames a second, with the bodies of each frame by id.
  static func made(_ frames: [[Int: MadeBody]]) throws -> PoseClip {
    var clip = try PoseClip(ExportSource(name: "made"))
    for (index, bodies) in frames.enumerated() {
      let people = bodies.sorted { $0.key < $1.key }.map { $1.person($0) }
      try clip.append(.made(index, time: 2 + Double(index) / 25, people))
    }
    return clip
  }

  func bytes(_ format: PoseFormat) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try format.write(self) { bytes += $0 }
    return bytes
  }
}

enum Axis { case x, y, z }

/// Turned about an axis of space, in degrees, anticlockwise for who sees the axis come towards them.
func turned(_ point: SIMD3<Double>, _ axis: Axis, _ degrees: Double) -> SIMD3<Double> {
  let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
  return switch axis {
  case .x: SIMD3(point.x, c * point.y - s * point.z, s * point.y + c * point.z)
  case .y: SIMD3(c * point.x + s * point.z, point.y, c * point.z - s * point.x)
  case .z: SIMD3(c * point.x - s * point.y, s * point.x + c * point.y, point.z)
  }
}

func distance(_ first: SIMD3<Double>, _ second: SIMD3<Double>) -> Double {
  let difference = first - second
  return (difference * difference).sum().squareRoot()
}

import Foundation
import Images
import Stance

/// A body made of exact angles, in degrees, and where it is looked at from.
struct Skeleton {
  var knee = (left: 0.0, right: 0.0)
  var hip = (left: 0.0, right: 0.0)
  var elbow = (left: 0.0, right: 0.0)
  var shoulder = (left: 0.0, right: 0.0)
  var ankle = (left: 0.0, right: 0.0)
  /// Forwards.
  var lean = 0.0
  var neck = 0.0
  /// Of the knees inwards, by which they are moved off the line from hip to ankle; only of straight legs.
  var valgus = 0.0
  /// By how much the body is turned about the upright: 0 faces the picture's right, 90 the camera.
  var heading = 0.0
  /// By how much the picture is turned, anticlockwise.
  var roll = 0.0
  var isMirrored = false
  /// Pixels a metre.
  var scale = 300.0
  var size = ImageSize(width: 1280, height: 720)
  var hidden: Set<LandmarkName> = []

  private static let halfWidth = 0.15

  /// Points in metres; forwards, to the person's left, up.
  private var body: [LandmarkName: SIMD3<Double>] {
    func direction(_ degrees: Double) -> SIMD3<Double> {
      SIMD3(cos(degrees * .pi / 180), 0, sin(degrees * .pi / 180))
    }
    var points: [LandmarkName: SIMD3<Double>] = [:]
    for name in LandmarkName.allCases { points[name] = SIMD3(0.1, 0, 0.8) }
    let up = direction(90 - lean)
    func side(
      _ sign: Double, _ knee: Double, _ hip: Double, _ elbow: Double, _ shoulder: Double,
      _ ankle: Double, _ names: [LandmarkName]
    ) {
      let hipPoint = SIMD3(0, sign * Self.halfWidth, 0)
      let shoulderPoint = hipPoint + 0.5 * up
      let thigh = -90 - lean + hip
      let shank = thigh - knee
      let foot = direction(shank + 90 + ankle)
      let kneePoint = hipPoint + 0.42 * direction(thigh)
      let anklePoint = kneePoint + 0.4 * direction(shank)
      // Half of the bend at either end, so that hip and ankle stay.
      let inwards = SIMD3(0, -sign * 0.41 * tan(valgus / 2 * .pi / 180), 0)
      points[names[0]] = hipPoint
      points[names[1]] = valgus == 0 ? kneePoint : (hipPoint + anklePoint) / 2 + inwards
      points[names[2]] = anklePoint
      points[names[3]] = anklePoint - 0.06 * foot
      points[names[4]] = anklePoint + 0.16 * foot
      let arm = -90 - lean + shoulder
      let elbowPoint = shoulderPoint + 0.3 * direction(arm)
      points[names[5]] = shoulderPoint
      points[names[6]] = elbowPoint
      points[names[7]] = elbowPoint + 0.26 * direction(arm + elbow)
      points[names[8]] = shoulderPoint + 0.2 * direction(90 - lean - neck)
    }
    side(
      1, knee.left, hip.left, elbow.left, shoulder.left, ankle.left,
      [
        .leftHip, .leftKnee, .leftAnkle, .leftHeel, .leftFootIndex, .leftShoulder, .leftElbow,
        .leftWrist, .leftEar,
      ])
    side(
      -1, knee.right, hip.right, elbow.right, shoulder.right, ankle.right,
      [
        .rightHip, .rightKnee, .rightAnkle, .rightHeel, .rightFootIndex, .rightShoulder,
        .rightElbow, .rightWrist, .rightEar,
      ])
    points[.nose] = 0.7 * up + SIMD3(0.1, 0, 0)
    return points
  }

  /// In the camera's frame: x right, y down, z away.
  private func seen(_ point: SIMD3<Double>) -> SIMD3<Double> {
    let (turn, roll) = (heading * .pi / 180, roll * .pi / 180)
    var x = point.x * cos(turn) + point.y * sin(turn)
    let z = -point.x * sin(turn) + point.y * cos(turn)
    var y = -point.z
    (x, y) = (x * cos(roll) + y * sin(roll), -x * sin(roll) + y * cos(roll))
    return SIMD3(isMirrored ? -x : x, y, z)
  }

  var person: Person {
    let body = body
    let names = LandmarkName.allCases.map { isMirrored ? $0.mirrored : $0 }
    let points = names.map { seen(body[$0] ?? .zero) }
    let visibility = LandmarkName.allCases.map { hidden.contains($0) ? Float(0.1) : 0.99 }
    let normalized = zip(points, visibility).map { point, visibility in
      Landmark<Normalized>(
        x: Float(0.5 + point.x * scale / Double(size.width)),
        y: Float(0.5 + point.y * scale / Double(size.height)),
        z: Float(point.z * scale / Double(size.width)), visibility: visibility, presence: 1)
    }
    let world = zip(points, visibility).map { point, visibility in
      Landmark<World>(
        x: Float(point.x), y: Float(point.y), z: Float(point.z), visibility: visibility,
        presence: 1)
    }
    return Person(
      id: 1, score: nil, presence: 1, confidence: 1,
      box: PixelBox(x: 0, y: 0, width: 1, height: 1), landmarks: Landmarks(normalized),
      worldLandmarks: Landmarks(world))
  }
}

extension LandmarkName {
  /// The same on the other side.
  var mirrored: LandmarkName {
    let (left, right) = ("left", "right")
    let other =
      if rawValue.hasPrefix(left) {
        right + rawValue.dropFirst(left.count)
      } else if rawValue.hasPrefix(right) {
        left + rawValue.dropFirst(right.count)
      } else if rawValue == "mouthLeft" {
        "mouthRight"
      } else {
        rawValue == "mouthRight" ? "mouthLeft" : rawValue
      }
    return LandmarkName(rawValue: other) ?? self
  }
}

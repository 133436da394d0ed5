import Images

@testable import Stance

/// A body in one frame of a made-up scene: somebody who stands upright.
struct MadeUpBody: Sendable {
  /// Who it is, in the scene's own count.
  var who: Int
  /// The middle of the hips, in pixels of the picture.
  var hips: Point<Pixels>
  /// The diameter of the circle round the body, in pixels.
  var size: Float
  /// What the person wears.
  var color: SIMD3<Float>
  /// The segmentation's logit everywhere in the person's region; nil: no segmentation is asked for.
  var logit: Float?

  init(
    _ who: Int, x: Float, y: Float = 240, size: Float = 100,
    color: SIMD3<Float> = SIMD3(90, 120, 150), logit: Float? = nil
  ) {
    (self.who, hips, self.size, self.color) = (who, Point(x: x, y: y), size, color)
    self.logit = logit
  }

  /// Places to the right of and below the hips, in body sizes.
  private static let places: [LandmarkName: (x: Float, y: Float)] = [
    .nose: (0, -0.42), .leftEyeInner: (0.01, -0.44), .leftEye: (0.02, -0.44),
    .leftEyeOuter: (0.03, -0.44), .rightEyeInner: (-0.01, -0.44), .rightEye: (-0.02, -0.44),
    .rightEyeOuter: (-0.03, -0.44), .leftEar: (0.05, -0.43), .rightEar: (-0.05, -0.43),
    .mouthLeft: (0.015, -0.4), .mouthRight: (-0.015, -0.4),
    .leftShoulder: (0.1, -0.28), .rightShoulder: (-0.1, -0.28),
    .leftElbow: (0.13, -0.14), .rightElbow: (-0.13, -0.14),
    .leftWrist: (0.14, -0.01), .rightWrist: (-0.14, -0.01),
    .leftPinky: (0.15, 0.02), .rightPinky: (-0.15, 0.02), .leftIndex: (0.14, 0.03),
    .rightIndex: (-0.14, 0.03), .leftThumb: (0.13, 0.02), .rightThumb: (-0.13, 0.02),
    .leftHip: (0.06, 0), .rightHip: (-0.06, 0), .leftKnee: (0.07, 0.2), .rightKnee: (-0.07, 0.2),
    .leftAnkle: (0.07, 0.4), .rightAnkle: (-0.07, 0.4), .leftHeel: (0.06, 0.42),
    .rightHeel: (-0.06, 0.42), .leftFootIndex: (0.1, 0.43), .rightFootIndex: (-0.1, 0.43),
  ]

  /// The same in MediaPipe's order.
  private static let shape = LandmarkName.allCases.map { places[$0] ?? (0, 0) }

  var landmarks: Landmarks<Pixels> {
    Landmarks(
      Self.shape.map { x, y in
        Landmark(x: hips.x + x * size, y: hips.y + y * size, z: 0, visibility: 1, presence: 1)
      })
  }

  /// Where the landmark model has to look.
  var region: RegionOfInterest {
    RegionOfInterest(center: hips, side: size * RegionOfInterest.expansion, rotation: 0)
  }

  /// What the landmark model says who looks at a region.
  func estimate(in region: RegionOfInterest, score: Float, presence: Float) -> PoseEstimate {
    let (side, landmarks) = (LandmarkDecoder.inputSide, landmarks)
    return PoseEstimate(
      region: region, score: score, presence: presence, landmarks: landmarks,
      worldLandmarks: Landmarks(
        landmarks.map {
          Landmark(
            x: ($0.x - hips.x) / size, y: ($0.y - hips.y) / size, z: 0, visibility: 1, presence: 1)
        }),
      auxiliary: [
        Landmark(x: hips.x, y: hips.y, z: 0, visibility: 1, presence: 1),
        Landmark(x: hips.x, y: hips.y - size / 2, z: 0, visibility: 1, presence: 1),
      ],
      segmentation: logit.map { Array(repeating: $0, count: side * side) } ?? [])
  }

  /// What MoveNet sees.
  var scouted: ScoutedBody {
    let landmarks = landmarks
    return ScoutedBody(
      joints: ScoutedBody.names.map {
        ScoutedBody.Joint(x: landmarks[$0].x, y: landmarks[$0].y, score: 0.8)
      }, box: PixelBox(round: landmarks), score: 0.6)
  }

  func distance(to point: Point<Pixels>) -> Float {
    let (dx, dy) = (hips.x - point.x, hips.y - point.y)
    return (dx * dx + dy * dy).squareRoot()
  }
}

import Stance

/// A person's points in pixels of the picture or in metres, by their places in MediaPipe's order.
struct BodyPoints {
  /// Where points are taken from.
  enum Space { case plane, world }

  private let width: Double
  private let height: Double
  /// A bit for each that was seen: it is asked for far more often than there are points.
  private let seen: UInt64
  /// In parts of the picture, and in metres.
  private let normalized: [SIMD3<Float>]
  private let world: [SIMD3<Float>]

  init(_ person: Person, in size: ImageSize) {
    width = Double(size.width)
    height = Double(size.height)
    var seen: UInt64 = 0
    normalized = person.landmarks.enumerated().map { index, landmark in
      if landmark.seen { seen |= 1 << UInt64(index) }
      return SIMD3(landmark.x, landmark.y, landmark.z)
    }
    self.seen = seen
    world = person.worldLandmarks.map { SIMD3($0.x, $0.y, $0.z) }
  }

  /// A point: x right, y down, z away from the camera; in the plane z is 0.
  func point(_ index: Int, _ space: Space) -> SIMD3<Double> {
    switch space {
    case .plane:
      let point = normalized[index]
      return SIMD3(Double(point.x) * width, Double(point.y) * height, 0)
    case .world: return SIMD3<Double>(world[index])
    }
  }

  /// The middle of two points.
  func middle(_ pair: (left: Int, right: Int), _ space: Space) -> SIMD3<Double> {
    (point(pair.left, space) + point(pair.right, space)) / 2
  }

  /// All points in pixels, z too, which is in the scale of x.
  var solid: [SIMD3<Float>] {
    let scale = SIMD3(Float(width), Float(height), Float(width))
    return normalized.map { $0 * scale }
  }

  /// Whether the point was seen rather than guessed.
  func isSeen(_ index: Int) -> Bool { seen & 1 << UInt64(index) != 0 }

  /// The first of the points that was not seen, nil where all were.
  func unseen(_ indices: [Int]) -> LandmarkName? {
    indices.first { !isSeen($0) }.map { LandmarkName.allCases[$0] }
  }
}

/// The places of joints in MediaPipe's order.
enum Joint {
  static let nose = LandmarkName.nose.index
  static let ears = (left: LandmarkName.leftEar.index, right: LandmarkName.rightEar.index)
  static let shoulders = (
    left: LandmarkName.leftShoulder.index, right: LandmarkName.rightShoulder.index
  )
  static let elbows = (left: LandmarkName.leftElbow.index, right: LandmarkName.rightElbow.index)
  static let wrists = (left: LandmarkName.leftWrist.index, right: LandmarkName.rightWrist.index)
  static let hips = (left: LandmarkName.leftHip.index, right: LandmarkName.rightHip.index)
  static let knees = (left: LandmarkName.leftKnee.index, right: LandmarkName.rightKnee.index)
  static let ankles = (left: LandmarkName.leftAnkle.index, right: LandmarkName.rightAnkle.index)
  static let heels = (left: LandmarkName.leftHeel.index, right: LandmarkName.rightHeel.index)
  static let toes = (
    left: LandmarkName.leftFootIndex.index, right: LandmarkName.rightFootIndex.index
  )
}

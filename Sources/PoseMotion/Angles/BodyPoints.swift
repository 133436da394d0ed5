import Stance

/// A person's points in pixels of the picture or in metres, by their places in MediaPipe's order.
struct BodyPoints {
  /// Where points are taken from.
  enum Space { case plane, world }

  private let person: Person
  private let width: Double
  private let height: Double

  init(_ person: Person, in size: ImageSize) {
    self.person = person
    width = Double(size.width)
    height = Double(size.height)
  }

  /// A point: x right, y down, z away from the camera; in the plane z is 0.
  func point(_ index: Int, _ space: Space) -> SIMD3<Double> {
    switch space {
    case .plane:
      let landmark = person.landmarks[index]
      return SIMD3(Double(landmark.x) * width, Double(landmark.y) * height, 0)
    case .world:
      let landmark = person.worldLandmarks[index]
      return SIMD3(Double(landmark.x), Double(landmark.y), Double(landmark.z))
    }
  }

  /// The middle of two points.
  func middle(_ pair: (left: Int, right: Int), _ space: Space) -> SIMD3<Double> {
    (point(pair.left, space) + point(pair.right, space)) / 2
  }

  /// All points in pixels, z too, which is in the scale of x.
  var solid: [SIMD3<Float>] {
    let (width, height) = (Float(width), Float(height))
    return person.landmarks.map { SIMD3($0.x * width, $0.y * height, $0.z * width) }
  }

  /// Whether the point was seen rather than guessed.
  func isSeen(_ index: Int) -> Bool { person.landmarks[index].seen }

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

import Images
import Testing

@testable import Stance

@Suite("Duplicates")
struct DuplicatesTests {
  /// A body of `size` pixels whose joints lie on a circle round (x, y).
  private func body(x: Float, y: Float, size: Float) -> PoseEstimate {
    let landmarks = (0..<33).map { index -> Landmark<Pixels> in
      let (dx, dy) = (Float(index % 6) / 6 - 0.5, Float(index / 6) / 6 - 0.5)
      return Landmark(x: x + dx * size, y: y + dy * size, z: 0, visibility: 1, presence: 1)
    }
    let world = Landmark<World>(x: 0, y: 0, z: 0, visibility: 1, presence: 1)
    return PoseEstimate(
      region: RegionOfInterest(
        center: Point(x: x, y: y), side: size * RegionOfInterest.expansion, rotation: 0),
      score: 1, presence: 1, landmarks: Landmarks(landmarks),
      worldLandmarks: Landmarks(Array(repeating: world, count: 33)), auxiliary: [],
      segmentation: [])
  }

  @Test("the same body seen twice is one person: the first one stays")
  func same() {
    let first = body(x: 100, y: 100, size: 80)
    let again = body(x: 104, y: 103, size: 84)
    #expect(Duplicates.removed(from: [first, again]) == [first])
    #expect(Duplicates.removed(from: [again, first]) == [again])
  }

  @Test("two people shoulder to shoulder stay two")
  func close() {
    let left = body(x: 100, y: 100, size: 80)
    let right = body(x: 116, y: 100, size: 80)
    #expect(Duplicates.distance(left, right) > Duplicates.maxDistance)
    #expect(Duplicates.removed(from: [left, right]).count == 2)
  }

  @Test("distance counts in sizes of the smaller body")
  func scale() {
    let large = body(x: 100, y: 100, size: 200)
    let moved = body(x: 120, y: 100, size: 200)
    #expect(abs(Duplicates.distance(large, moved) - 0.1) < 1e-5)
    let child = body(x: 100, y: 130, size: 60)
    #expect(Duplicates.removed(from: [large, child]).count == 2)
  }

  @Test("of two bodies below one face the first one is the person")
  func sharedFace() {
    let first = body(x: 100, y: 100, size: 80)
    var second = body(x: 180, y: 100, size: 80)
    for name in Duplicates.face { second.landmarks[name] = first.landmarks[name] }
    #expect(Duplicates.sharedJoints(first, second) < Duplicates.minSharedJoints)
    #expect(Duplicates.removed(from: [first, second]) == [first])
  }

  @Test("of two bodies with one leg and one hip the first one keeps them")
  func sharedLimbs() {
    let first = body(x: 100, y: 100, size: 80)
    var second = body(x: 180, y: 100, size: 80)
    for name in [LandmarkName.leftHip, .leftKnee, .leftAnkle] {
      second.landmarks[name] = first.landmarks[name]
    }
    #expect(Duplicates.removed(from: [first, second]).count == 2)
    second.landmarks[.rightHip] = first.landmarks[.rightHip]
    #expect(Duplicates.distance(first, second) > Duplicates.maxDistance)
    #expect(Duplicates.removed(from: [first, second]) == [first])
  }

  @Test("nobody is upright and upside down in one place")
  func upsideDown() {
    let first = body(x: 100, y: 100, size: 80)
    var second = body(x: 120, y: 104, size: 90)
    #expect(Duplicates.removed(from: [first, second]).count == 2)
    second.region.rotation = .pi / 2
    #expect(Duplicates.removed(from: [first, second]).count == 2)
    second.region.rotation = .pi - 0.2
    #expect(Duplicates.removed(from: [first, second]) == [first])
    var acrobat = body(x: 145, y: 100, size: 80)
    acrobat.region.rotation = .pi
    #expect(Duplicates.removed(from: [first, acrobat]).count == 2)
  }

  @Test("of nobody nothing is removed")
  func nobody() { #expect(Duplicates.removed(from: []).isEmpty) }
}

@Suite("Box of a person")
struct PersonBoxTests {
  @Test("goes round the visible landmarks, or round all if none is visible")
  func visible() {
    var landmarks = Landmarks<Pixels>(
      (0..<33).map { Landmark(x: Float($0), y: 2 * Float($0), z: 0, visibility: 0, presence: 1) })
    #expect(PixelBox(round: landmarks) == PixelBox(x: 0, y: 0, width: 32, height: 64))
    landmarks[.leftShoulder].visibility = 0.5
    landmarks[.leftHip].visibility = 0.9
    #expect(PixelBox(round: landmarks) == PixelBox(x: 11, y: 22, width: 12, height: 24))
  }
}

@Suite("Landmark names")
struct LandmarkNameTests {
  @Test("33 in MediaPipe's order")
  func order() {
    #expect(LandmarkName.allCases.count == LandmarkName.count)
    #expect(LandmarkName.nose.index == 0 && LandmarkName.leftShoulder.index == 11)
    #expect(LandmarkName.leftHip.index == 23 && LandmarkName.rightFootIndex.index == 32)
  }

  @Test("every bone joins two landmarks of one side, or one of each side across the body")
  func bones() {
    #expect(Skeleton.bones.count == 35)
    #expect(LandmarkName.mouthLeft.side == .left && LandmarkName.nose.side == .middle)
    let across = Skeleton.bones.filter { $0.0.side == .left && $0.1.side == .right }
    #expect(across.map(\.0) == [.mouthLeft, .leftShoulder, .leftHip])
  }
}

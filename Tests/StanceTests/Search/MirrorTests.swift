import PixelKernels
import Testing

@testable import Stance

@Suite("Mirror")
struct MirrorTests {
  @Test("exchanges left and right, once and back")
  func back() {
    let landmarks = (0..<39).map { index in
      Landmark<Crop>(
        x: Float(index) / 100, y: Float(index), z: 0, visibility: 1, presence: 1,
        support: Float(index) / 33)
    }
    let world = (0..<33).map { index in
      Landmark<World>(x: Float(index), y: 0, z: 0, visibility: 1, presence: 1)
    }
    let once = Mirror.back(landmarks, world)
    #expect(once.0[LandmarkName.leftHip.index].y == Float(LandmarkName.rightHip.index))
    #expect(once.0[LandmarkName.mouthLeft.index].y == Float(LandmarkName.mouthRight.index))
    #expect(once.0[LandmarkName.nose.index].x == 1)
    #expect(once.1[LandmarkName.rightEar.index].x == -Float(LandmarkName.leftEar.index))
    #expect(once.0[33].support == 1 && once.0[LandmarkName.leftEye.index].support == 5 / 33)
    let twice = Mirror.back(once.0, once.1)
    #expect(twice.1 == world && twice.0.map(\.support) == landmarks.map(\.support))
    #expect(zip(twice.0, landmarks).allSatisfy { abs($0.x - $1.x) < 1e-6 && $0.y == $1.y })
  }

  @Test("a mirrored map shows the crop from its other side")
  func map() {
    let map = AffineMap(ux: 2, uy: 1, u0: 5, vx: -1, vy: 3, v0: 7)
    #expect(map.mirrored(side: 256)(256, 10) == map(0, 10))
    #expect(map.mirrored(side: 256)(0, 10) == map(256, 10))
  }
}

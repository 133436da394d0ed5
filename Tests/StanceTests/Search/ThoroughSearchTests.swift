import Foundation
import Images
import PixelKernels
import TestSupport
import Testing

@testable import Stance

@Suite("Search views")
struct SearchViewsTests {
  @Test("cover every pixel of the picture at every scale, whatever its shape")
  func coverage() {
    for size in [
      ImageSize(width: 640, height: 425), ImageSize(width: 425, height: 640),
      ImageSize(width: 3000, height: 10), ImageSize(width: 1, height: 1),
    ] {
      let views = SearchViews.all(for: size).filter { $0.rotation == 0 }
      for side in Set(views.map(\.side)) {
        for x in stride(from: Float(0), through: Float(size.width), by: Float(size.width) / 16) {
          for y in stride(from: Float(0), through: Float(size.height), by: Float(size.height) / 16)
          {
            let isSeen = views.contains {
              $0.side == side && abs($0.center.x - x) <= side / 2 + 1e-2
                && abs($0.center.y - y) <= side / 2 + 1e-2
            }
            #expect(isSeen, "(\(x), \(y)) of \(size) at \(side)")
          }
        }
      }
    }
  }

  @Test("are the whole picture and its tiles, upright and turned to either side")
  func turns() {
    let views = SearchViews.all(for: ImageSize(width: 600, height: 600))
    #expect(Set(views.map(\.rotation)).count == 3)
    #expect(Set(views.map(\.side)) == [600, 300, 200])
    #expect(views.count == 3 * (1 + 9 + 16))
  }
}

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

@Suite(
  "Thorough search", .serialized,
  .enabled(if: Requirements.goldens, "\(Requirements.missingGoldens)"))
struct ThoroughSearchTests {
  private let thorough = PoseOptions(maxPeople: 20, search: .thorough)

  @Test("finds small people whom one look at the whole picture misses")
  func smallPeople() throws {
    let landmarker = try PoseLandmarker()
    let image = try TestData.image("photos/cocov_000192.jpg")
    let quick = try landmarker.result(for: image, options: PoseOptions(maxPeople: 20)).people
    let found = try landmarker.result(for: image, options: thorough).people
    #expect(found.count > quick.count)
    #expect(found.compactMap(\.confidence) == found.compactMap(\.confidence).sorted(by: >))
    #expect(found.allSatisfy { $0.confidence != nil })
  }

  @Test("of one person seen at many scales it returns one")
  func onePerson() throws {
    let people = try PoseLandmarker().result(
      for: TestData.image("parity/tfjs_pose.png"), options: thorough
    ).people
    #expect(people.count == 1)
  }

  @Test("an empty picture has nobody in it")
  func nobody() throws {
    let image = Image(
      size: ImageSize(width: 300, height: 200), rgb: [UInt8](repeating: 128, count: 180_000))
    #expect(try PoseLandmarker().result(for: image, options: thorough).people.isEmpty)
  }

  @Test("finds the same person in a picture turned by 90 and 270 degrees, landmarks turned with it")
  func turned() throws {
    let landmarker = try PoseLandmarker(PoseOptions(complexity: .heavy))
    let options = PoseOptions(complexity: .heavy, maxPeople: 20, search: .thorough)
    let image = try TestData.image("parity/coco_000785.png")
    let upright = try #require(try landmarker.result(for: image, options: options).people.first)
    for clockwise in [true, false] {
      let people = try landmarker.result(for: turned(image, clockwise), options: options).people
      let person = try #require(people.first)
      #expect(people.count == 1)
      let distances = LandmarkName.allCases.filter { upright.landmarks[$0].visibility > 0.8 }.map {
        name in
        let (a, b) = (upright.landmarks[name], person.landmarks[name])
        let back = clockwise ? (x: b.y, y: 1 - b.x) : (x: 1 - b.y, y: b.x)
        return hypot(
          (a.x - back.x) * Float(image.width), (a.y - back.y) * Float(image.height))
      }
      // The body is 350 px tall: 4 % of it on average.
      #expect(distances.reduce(0, +) / Float(distances.count) < 14)
    }
  }

  private func turned(_ image: Image, _ clockwise: Bool) -> Image {
    let size = ImageSize(width: image.height, height: image.width)
    var pixels = [UInt8](repeating: 0, count: 4 * size.pixelCount)
    image.withPixels { source in
      for y in 0..<size.height {
        for x in 0..<size.width {
          let (column, row) = clockwise ? (y, image.height - 1 - x) : (image.width - 1 - y, x)
          for channel in 0..<4 {
            pixels[4 * (y * size.width + x) + channel] =
              source[4 * (row * image.width + column) + channel]
          }
        }
      }
    }
    return Image(size: size, bgrx: pixels)
  }
}

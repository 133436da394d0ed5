import Images
import TestSupport
import Testing

@testable import Stance

private func landmark(
  _ x: Float = 0.5, _ y: Float = 0.5, visibility: Float = 1, support: Float = 1
) -> Landmark<Normalized> {
  Landmark(x: x, y: y, z: 0, visibility: visibility, presence: 1, support: support)
}

@Suite("Seen or guessed")
struct SeenTests {
  @Test("the picture's left and upper edge are in the frame, its right and lower edge are not")
  func edges() {
    #expect(landmark(0, 0).inFrame)
    #expect(landmark(Float(1).nextDown, Float(1).nextDown).inFrame)
    for outside in [
      landmark(1, 0.5), landmark(0.5, 1), landmark(-.leastNonzeroMagnitude, 0.5),
      landmark(0.5, -0.1), landmark(.nan, 0.5), landmark(0.5, .infinity),
    ] {
      #expect(!outside.inFrame && !outside.seen, "(\(outside.x), \(outside.y))")
    }
  }

  @Test("seen is what is in the frame, visible and supported by the heatmap, each from a half on")
  func seen() {
    #expect(landmark(visibility: 0.5, support: 0.5).seen)
    #expect(!landmark(visibility: 0.49).seen)
    #expect(!landmark(support: 0.49).seen)
    #expect(!landmark(visibility: .nan).seen && !landmark(support: .nan).seen)
  }

  @Test("support goes with a landmark from the crop into the picture and its pixels")
  func support() {
    let region = RegionOfInterest(center: Point(x: 10, y: 10), side: 20, rotation: 1)
    let crop = Landmark<Crop>(x: 0.5, y: 0.5, z: 0, visibility: 1, presence: 1, support: 0.25)
    let pixels = LandmarkProjection(region).pixels(crop)
    let size = ImageSize(width: 20, height: 20)
    let normalized = Landmarks(Array(repeating: pixels, count: 33)).normalized(in: size)
    #expect(pixels.support == 0.25 && normalized[.nose].support == 0.25)
    #expect(normalized.pixels(in: size)[.nose].support == 0.25)
  }

  @Test(
    "of half a person no joint of the other half is seen, though the model calls most visible",
    .enabled(if: Requirements.goldens, "\(Requirements.missingGoldens)"))
  func half() throws {
    let whole = try TestData.image("parity/tfjs_pose.png")
    let landmarker = try PoseLandmarker(PoseOptions(maxPeople: 1, search: .quick))
    let known = try #require(try landmarker.detect(in: whole).first).landmarks
    #expect(known.count(where: \.seen) > 30)
    let half = try #require(try landmarker.detect(in: leftHalf(of: whole)).first).landmarks
    let outside = LandmarkName.allCases.filter { known[$0].x >= 0.5 }
    #expect(outside.count { half[$0].visibility >= 0.5 } > outside.count / 2)
    #expect(outside.allSatisfy { !half[$0].seen })
    #expect(LandmarkName.allCases.count { known[$0].x < 0.5 && half[$0].seen } > 20)
  }

  private func leftHalf(of image: Image) -> Image {
    let size = ImageSize(width: image.width / 2, height: image.height)
    return Image(
      size: size,
      bgrx: image.withPixels { pixels in
        (0..<size.height).flatMap { y in
          pixels[4 * image.width * y..<4 * (image.width * y + size.width)]
        }
      })
  }
}

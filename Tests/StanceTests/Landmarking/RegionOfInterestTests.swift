import Foundation
import Images
import PixelKernels
import Stance
import TestSupport
import Testing

@Suite("Region of interest")
struct RegionOfInterestTests {
  @Test("is centred on the hips, as wide as the body's circle and a quarter more")
  func upright() throws {
    let region = try #require(
      RegionOfInterest(hips: Point(x: 100, y: 200), rim: Point(x: 100, y: 120)))
    #expect(region.center == Point(x: 100, y: 200))
    #expect(region.side == 200 && region.bodySize == 160)
    #expect(abs(region.rotation) < 1e-6)
  }

  @Test(
    "turns with the body, clockwise positive, in -π..<π",
    arguments: [
      (Float(1), Float(0), Float.pi / 2), (-1, 0, -Float.pi / 2), (0, 1, -Float.pi),
      (1, -1, Float.pi / 4),
    ])
  func rotation(dx: Float, dy: Float, expected: Float) throws {
    let region = try #require(
      RegionOfInterest(hips: Point(x: 10, y: 10), rim: Point(x: 10 + dx, y: 10 + dy)))
    #expect(abs(region.rotation - expected) < 1e-6)
  }

  @Test("there is none where the points say nothing")
  func degenerate() {
    #expect(RegionOfInterest(hips: Point(x: 1, y: 1), rim: Point(x: 1, y: 1)) == nil)
    #expect(RegionOfInterest(hips: Point(x: .nan, y: 1), rim: Point(x: 1, y: 1)) == nil)
    #expect(RegionOfInterest(hips: Point(x: 0, y: 1), rim: Point(x: .infinity, y: 1)) == nil)
  }

  @Test("maps the crop's corners to the square's, corner on corner")
  func map() {
    let region = RegionOfInterest(center: Point(x: 50, y: 40), side: 20, rotation: .pi / 2)
    let map = region.map(toSide: 256)
    // A quarter turn clockwise: the crop's upper left is the picture's upper right.
    let (u, v) = map(0, 0)
    #expect(abs(u - 60) < 1e-5 && abs(v - 30) < 1e-5)
    let (centerU, centerV) = map(128, 128)
    #expect(abs(centerU - 50) < 1e-5 && abs(centerV - 40) < 1e-5)
  }

  @Test(
    "is MediaPipe's for MediaPipe's detections and landmarks, to 0.01 px",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func golden() throws {
    var compared = 0
    for golden in try GoldenPicture.all(in: "golden/parity") {
      let (width, height) = (Float(golden.width), Float(golden.height))
      func point(_ part: [Double]) -> Point<Pixels> {
        Point(x: Float(part[0]) * width, y: Float(part[1]) * height)
      }
      func expect(_ region: RegionOfInterest, is rect: GoldenPose.Rect) {
        #expect(abs(region.center.x - Float(rect.x_center) * width) < 0.01)
        #expect(abs(region.center.y - Float(rect.y_center) * height) < 0.01)
        #expect(abs(region.side - Float(rect.width) * width) < 0.01)
        #expect(abs(region.rotation - Float(rect.rotation)) < 1e-4)
        compared += 1
      }
      for pose in golden.complexity.values {
        if let detection = pose.pose_detections?.first, let rect = pose.pose_rect_from_detection {
          let region = try #require(
            RegionOfInterest(
              hips: point(detection.keypoints[0]), rim: point(detection.keypoints[1])))
          expect(region, is: rect)
        }
        if let auxiliary = pose.stages?.auxiliary_landmarks,
          let rect = pose.pose_rect_from_landmarks
        {
          expect(
            try #require(RegionOfInterest(hips: point(auxiliary[0]), rim: point(auxiliary[1]))),
            is: rect)
        }
      }
    }
    #expect(compared >= 70)
  }
}

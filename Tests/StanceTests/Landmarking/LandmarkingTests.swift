import Foundation
import Images
import TestSupport
import Testing

@testable import Stance

private func landmark(_ x: Float, _ y: Float, z: Float = 0) -> Landmark<Crop> {
  Landmark(x: x, y: y, z: z, visibility: 0.9, presence: 0.8)
}

@Suite("Landmark decoder")
struct LandmarkDecoderTests {
  @Test("turns crop pixels into parts and logits into probabilities")
  func decode() throws {
    var values = [Float](repeating: 0, count: 195)
    values.replaceSubrange(5..<10, with: [128, 64, -256, 0, 100])
    let landmarks = try #require(values.withUnsafeBufferPointer(LandmarkDecoder.landmarks))
    #expect(landmarks.count == 39)
    #expect(
      landmarks[1] == Landmark(x: 0.5, y: 0.25, z: -1, visibility: 0.5, presence: 1, support: 0))
  }

  @Test("gives nothing for numbers that are not finite or a wrong count")
  func unusable() {
    var values = [Float](repeating: 0, count: 195)
    #expect(Array(values.dropLast()).withUnsafeBufferPointer(LandmarkDecoder.landmarks) == nil)
    values[17] = .nan
    #expect(values.withUnsafeBufferPointer(LandmarkDecoder.landmarks) == nil)
  }
}

@Suite("Heatmap refinement")
struct HeatmapRefinementTests {
  private func heatmap(_ hot: [(x: Int, y: Int, logit: Float)]) -> [Float] {
    var map = [Float](repeating: -100, count: 64 * 64)
    for cell in hot { map[cell.y * 64 + cell.x] = cell.logit }
    return map
  }

  private func refined(_ landmark: Landmark<Crop>, _ map: [Float]) -> Landmark<Crop> {
    var landmarks = [landmark]
    map.withUnsafeBufferPointer { HeatmapRefinement.refine(&landmarks, with: $0) }
    return landmarks[0]
  }

  @Test("moves a landmark to the weighted middle of its window; z stays")
  func weighted() {
    let map = heatmap([(30, 20, 100), (32, 20, 100)])
    let moved = refined(landmark(30.5 / 64, 21.5 / 64, z: 3), map)
    #expect(abs(moved.x - 31 / 64) < 1e-6 && abs(moved.y - 20 / 64) < 1e-6 && moved.z == 3)
  }

  @Test("looks three cells to each side and no farther")
  func reach() {
    #expect(refined(landmark(0.5, 0.5), heatmap([(35, 32, 100)])).x == Float(35) / 64)
    #expect(refined(landmark(0.5, 0.5), heatmap([(36, 32, 100)])).x == 0.5)
  }

  @Test("leaves a landmark where the window is unsure")
  func unsure() {
    #expect(refined(landmark(0.5, 0.5), heatmap([(33, 33, -0.01)])).x == 0.5)
    #expect(refined(landmark(0.5, 0.5), heatmap([(33, 33, 0)])).x != 0.5)
  }

  @Test("leaves a landmark outside the map; one just left of it counts as its first column")
  func edges() {
    let corner = heatmap([(0, 0, 100), (63, 63, 100)])
    #expect(refined(landmark(1.2, 0.5), corner).x == 1.2)
    #expect(refined(landmark(1, 1), corner).x == 1)
    #expect(refined(landmark(-0.5 / 64, 0.01), corner).x == 0)
    #expect(refined(landmark(-1e30, 1e30), corner).x == -1e30)
  }

  @Test("support is the window's highest probability, and none outside the map")
  func support() {
    let map = heatmap([(30, 20, -1), (32, 20, 2), (40, 20, 9)])
    #expect(abs(refined(landmark(30.5 / 64, 20.5 / 64), map).support - 0.880797) < 1e-5)
    #expect(refined(landmark(1.2, 0.5), map).support == 0)
  }

  @Test(
    "MediaPipe's heatmap moves MediaPipe's landmarks to where MediaPipe has them",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: ["tfjs_pose.png", "tfpose_p1.png"])
  func golden(file: String) throws {
    let golden: GoldenPicture = try TestData.json("golden/parity/\(file).json")
    let stages = try #require(golden.complexity["1"]?.stages)
    let before = try #require(stages.roi_landmarks39_before_heatmap)
    let after = try #require(stages.roi_landmarks39_after_heatmap)
    var landmarks = before.map {
      Landmark<Crop>(
        x: Float($0[0]), y: Float($0[1]), z: Float($0[2]), visibility: 0, presence: 0)
    }
    try TestData.floats("golden/tensors/\(file).full.heatmap_64x64x39.f32")
      .withUnsafeBufferPointer { HeatmapRefinement.refine(&landmarks, with: $0) }
    // 1e-4 of the crop: the recorded heatmap is that of TFLite on the 8-bit crop.
    for (landmark, expected) in zip(landmarks, after) {
      #expect(abs(Double(landmark.x) - expected[0]) < 1e-4)
      #expect(abs(Double(landmark.y) - expected[1]) < 1e-4)
    }
  }
}

@Suite("Landmark projection")
struct LandmarkProjectionTests {
  private let region = RegionOfInterest(center: Point(x: 100, y: 50), side: 40, rotation: .pi / 2)

  @Test("turns, scales and moves a crop's landmark into the picture; z scales with the region")
  func pixels() {
    let projected = LandmarkProjection(region).pixels(landmark(0.5, 0, z: -0.25))
    // The top of an upright crop points right in a region turned by a quarter.
    #expect(abs(projected.x - 120) < 1e-4 && abs(projected.y - 50) < 1e-4 && projected.z == -10)
    #expect(projected.visibility == 0.9 && projected.presence == 0.8)
  }

  @Test("turns world landmarks and keeps their depth")
  func world() {
    let up = Landmark<World>(x: 0, y: -1, z: 0.3, visibility: 1, presence: 1)
    let turned = LandmarkProjection(region).turned(up)
    #expect(abs(turned.x - 1) < 1e-6 && abs(turned.y) < 1e-6 && turned.z == 0.3)
  }

  @Test("pixels and parts of the picture convert into each other, z by the width")
  func normalized() {
    let size = ImageSize(width: 200, height: 100)
    let pixels = Landmarks<Pixels>(
      (0..<33).map {
        Landmark(x: Float($0), y: 10, z: 20, visibility: 1, presence: 1)
      })
    let parts = pixels.normalized(in: size)
    #expect(parts[LandmarkName.leftEyeInner].x == 1 / 200 && parts[0].y == 0.1 && parts[0].z == 0.1)
    #expect(parts.pixels(in: size)[32].x == 32)
  }
}

@Suite("Person mask")
struct PersonMaskTests {
  @Test("lies where the region lies, in the picture's size")
  func place() throws {
    let flat = Landmark<Pixels>(x: 0, y: 0, z: 0, visibility: 0, presence: 0)
    let world = Landmark<World>(x: 0, y: 0, z: 0, visibility: 0, presence: 0)
    var estimate = PoseEstimate(
      region: RegionOfInterest(center: Point(x: 20, y: 10), side: 8, rotation: 0), score: 1,
      presence: 1, landmarks: Landmarks(Array(repeating: flat, count: 33)),
      worldLandmarks: Landmarks(Array(repeating: world, count: 33)), auxiliary: [],
      segmentation: [Float](repeating: 30, count: 256 * 256))
    let mask = try #require(Mask(estimate, size: ImageSize(width: 30, height: 15)))
    for y in 0..<15 {
      for x in 0..<30 {
        let inside = (16..<24).contains(x) && (6..<14).contains(y)
        #expect(mask.values[y * 30 + x] == (inside ? 255 : 0))
      }
    }
    estimate.segmentation = []
    #expect(Mask(estimate, size: ImageSize(width: 30, height: 15)) == nil)
  }
}

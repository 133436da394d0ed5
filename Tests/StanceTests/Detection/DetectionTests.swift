import Foundation
import Images
import PixelKernels
import Stance
import TestSupport
import Testing

private func square(
  _ left: Float, _ top: Float, _ side: Float, score: Float
) -> Detection<DetectorSquare> {
  Detection(
    score: score, lower: Point(x: left, y: top), upper: Point(x: left + side, y: top + side),
    keypoints: (0..<4).map { Point(x: left + Float($0), y: top) })
}

@Suite("Anchors")
struct AnchorsTests {
  @Test(
    "2254 in the order of the model: 28x28x2, 14x14x2, 7x7x6, row by row, centred in their cells")
  func layout() {
    let centers = Anchors.centers
    #expect(centers.count == 2254)
    #expect(centers[0] == Point(x: 0.5 / 28, y: 0.5 / 28) && centers[1] == centers[0])
    #expect(centers[2] == Point(x: 1.5 / 28, y: 0.5 / 28))
    #expect(centers[28 * 28 * 2] == Point(x: 0.5 / 14, y: 0.5 / 14))
    #expect(centers[28 * 28 * 2 + 14 * 14 * 2 + 6] == Point(x: 1.5 / 7, y: 0.5 / 7))
    #expect(centers[2253] == Point(x: 6.5 / 7, y: 6.5 / 7))
  }
}

@Suite("Detection decoder")
struct DetectionDecoderTests {
  @Test("keeps the anchors that reach the score, offsets from the anchor's centre")
  func offsets() {
    var boxes = [Float](repeating: 0, count: 2254 * 12)
    var logits = [Float](repeating: -100, count: 2254)
    logits[5] = 0  // a score of exactly 0.5
    boxes.replaceSubrange(
      60..<72, with: [22.4, -22.4, 44.8, 89.6, 0, 0, 112, 0, 0, 112, 22.4, 22.4])
    let found = boxes.withUnsafeBufferPointer { boxes in
      logits.withUnsafeBufferPointer {
        DetectionDecoder.detections(boxes: boxes, logits: $0, minScore: 0.5)
      }
    }
    let anchor = Anchors.centers[5]
    #expect(found.count == 1)
    #expect(found[0].score == 0.5)
    #expect(abs(found[0].lower.x - (anchor.x + 0.1 - 0.1)) < 1e-6)
    #expect(abs(found[0].lower.y - (anchor.y - 0.1 - 0.2)) < 1e-6)
    #expect(abs(found[0].upper.y - (anchor.y - 0.1 + 0.2)) < 1e-6)
    #expect(abs(found[0].keypoints[1].x - (anchor.x + 0.5)) < 1e-6)
  }

  @Test("drops numbers that are not finite and outputs of another shape")
  func unusable() {
    var boxes = [Float](repeating: 0, count: 2254 * 12)
    let logits = [Float](repeating: 50, count: 2254)
    boxes[3] = .nan
    boxes[20] = .infinity
    boxes.withUnsafeBufferPointer { boxes in
      logits.withUnsafeBufferPointer { logits in
        #expect(
          DetectionDecoder.detections(boxes: boxes, logits: logits, minScore: 0.5).count == 2252)
        #expect(
          DetectionDecoder.detections(
            boxes: boxes, logits: UnsafeBufferPointer(rebasing: logits[..<5]), minScore: 0.5
          ).isEmpty)
      }
    }
  }

  @Test(
    "MediaPipe's own raw outputs give MediaPipe's detections",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: ["tfjs_pose.png", "tfpose_p1.png"])
  func golden(file: String) throws {
    let boxes = try TestData.floats("golden/tensors/\(file).det.boxes_2254x12.f32")
    let logits = try TestData.floats("golden/tensors/\(file).det.scores_2254.f32")
    let golden: GoldenPicture = try TestData.json("golden/parity/\(file).json")
    let stages = try #require(golden.complexity["1"]?.stages)
    let found = boxes.withUnsafeBufferPointer { boxes in
      logits.withUnsafeBufferPointer {
        DetectionDecoder.detections(boxes: boxes, logits: $0, minScore: 0.5)
      }
    }
    expectEqual(found, try #require(stages.detections_before_nms))
    expectEqual(
      WeightedSuppression.merge(found), try #require(stages.detections_after_nms_letterboxed))
    let letterbox = Letterbox(ImageSize(width: golden.width, height: golden.height))
    let inPicture = WeightedSuppression.merge(found).map(letterbox.pixels)
    expectEqual(
      inPicture.map { normalized($0, golden) },
      try #require(golden.complexity["1"]?.pose_detections))
  }

  /// In parts of the picture, as the goldens have it.
  private func normalized(
    _ detection: Detection<Pixels>, _ golden: GoldenPicture
  ) -> Detection<DetectorSquare> {
    func part(_ point: Point<Pixels>) -> Point<DetectorSquare> {
      Point(x: point.x / Float(golden.width), y: point.y / Float(golden.height))
    }
    return Detection(
      score: detection.score, lower: part(detection.lower), upper: part(detection.upper),
      keypoints: detection.keypoints.map(part))
  }

  /// In order, within 2e-5 of the square (a two-hundredth of a pixel) and 2e-5 of score.
  private func expectEqual(
    _ found: [Detection<DetectorSquare>], _ golden: [GoldenPose.Detection],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let tolerance = 2e-5
    #expect(found.count == golden.count, sourceLocation: sourceLocation)
    for (found, golden) in zip(found, golden) {
      let values =
        [
          found.lower.x, found.lower.y, found.upper.x - found.lower.x,
          found.upper.y - found.lower.y,
        ] + found.keypoints.flatMap { [$0.x, $0.y] }
      let expected = golden.box + golden.keypoints.flatMap(\.self)
      #expect(abs(Double(found.score) - golden.score) < tolerance, sourceLocation: sourceLocation)
      #expect(
        zip(values, expected).allSatisfy { abs(Double($0) - $1) < tolerance },
        sourceLocation: sourceLocation)
    }
  }
}

@Suite("Weighted suppression")
struct WeightedSuppressionTests {
  @Test("averages what overlaps by score, and keeps the best score")
  func average() {
    let merged = WeightedSuppression.merge([
      square(0.1, 0, 1, score: 0.6), square(0, 0, 1, score: 0.9),
    ])
    #expect(merged.count == 1)
    #expect(merged[0].score == 0.9)
    #expect(abs(merged[0].lower.x - 0.1 * 0.6 / 1.5) < 1e-6)
    #expect(abs(merged[0].keypoints[2].x - (2 + 0.1 * 0.6 / 1.5)) < 1e-6)
  }

  @Test("keeps apart what overlaps by less, best score first")
  func apart() {
    // Two unit squares half a side apart overlap by a third; 0.6 apart by a quarter.
    let near = WeightedSuppression.merge([
      square(0, 0, 1, score: 0.6), square(0.5, 0, 1, score: 0.7),
    ])
    #expect(near.count == 1)
    let far = WeightedSuppression.merge([
      square(0, 0, 1, score: 0.6), square(0.6, 0, 1, score: 0.7),
    ])
    #expect(far.map(\.score) == [0.7, 0.6])
  }

  @Test("ends for boxes without area and for none at all")
  func degenerate() {
    let flat = square(0, 0, 0, score: 0.8)
    #expect(WeightedSuppression.merge([flat, flat]).count == 2)
    #expect(WeightedSuppression.merge([Detection<DetectorSquare>]()).isEmpty)
  }

  @Test("does not depend on the order of equal scores beyond the given one")
  func ties() {
    let (a, b) = (square(0, 0, 1, score: 0.7), square(3, 0, 1, score: 0.7))
    #expect(WeightedSuppression.merge([a, b]).map(\.lower) == [a.lower, b.lower])
    #expect(WeightedSuppression.merge([b, a]).map(\.lower) == [b.lower, a.lower])
  }
}

@Suite("Letterbox")
struct LetterboxTests {
  @Test("puts the picture in the middle of the square, the longer side filling it")
  func centred() {
    let wide = Letterbox(ImageSize(width: 448, height: 224))
    let (u, v) = wide.map(0, 0)
    #expect(u == 0 && v == -112)
    #expect(wide.map(112, 112) == (224, 112))
    let center = Detection<DetectorSquare>(
      score: 1, lower: Point(x: 0.5, y: 0.5), upper: Point(x: 1, y: 0.75), keypoints: [])
    #expect(wide.pixels(center).lower == Point(x: 224, y: 112))
    #expect(wide.pixels(center).upper == Point(x: 448, y: 224))
  }
}

import Glibc

/// The detector's raw outputs as detections: MediaPipe's `TensorsToDetectionsCalculator`.
package enum DetectionDecoder {
  /// Floats for one anchor: box (centre x, y, width, height), then four keypoints (x, y).
  package static let valuesPerAnchor = 12

  /// Every anchor whose score reaches `minScore`, in the order of the anchors.
  ///
  /// - Parameters:
  ///   - boxes: 2254 × 12, in pixels of the 224 px input; positions are offsets from the anchor.
  ///   - logits: 2254 scores before the sigmoid, which is taken of the value cut to ±100.
  package static func detections(
    boxes: UnsafeBufferPointer<Float>, logits: UnsafeBufferPointer<Float>, minScore: Float
  ) -> [Detection<DetectorSquare>] {
    let anchors = Anchors.centers
    guard logits.count == anchors.count, boxes.count == anchors.count * valuesPerAnchor else {
      return []
    }
    return anchors.indices.compactMap { index in
      let score = sigmoid(min(100, max(-100, logits[index])))
      guard score >= minScore else { return nil }
      let values = UnsafeBufferPointer(
        rebasing: boxes[index * valuesPerAnchor..<(index + 1) * valuesPerAnchor])
      return detection(values, anchor: anchors[index], score: score)
    }
  }

  private static func detection(
    _ values: UnsafeBufferPointer<Float>, anchor: Point<DetectorSquare>, score: Float
  ) -> Detection<DetectorSquare>? {
    guard values.allSatisfy(\.isFinite) else { return nil }
    let side = Float(Anchors.inputSide)
    func point(_ index: Int) -> Point<DetectorSquare> {
      Point(x: values[index] / side + anchor.x, y: values[index + 1] / side + anchor.y)
    }
    let center = point(0)
    let (width, height) = (values[2] / side, values[3] / side)
    guard width >= 0, height >= 0 else { return nil }
    return Detection(
      score: score,
      lower: Point(x: center.x - width / 2, y: center.y - height / 2),
      upper: Point(x: center.x + width / 2, y: center.y + height / 2),
      keypoints: [point(4), point(6), point(8), point(10)])
  }
}

/// The logistic function.
func sigmoid(_ logit: Float) -> Float { 1 / (1 + exp(-logit)) }

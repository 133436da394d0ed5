/// Makes one detection of those that overlap: MediaPipe's weighted `NonMaxSuppressionCalculator`.
package enum WeightedSuppression {
  /// From this overlap (intersection over union) on, two detections are of one body: `pose_detection_cpu.pbtxt`.
  package static let minOverlap: Float = 0.3

  /// One detection a body, best score first.
  ///
  /// The best detection left takes in all that overlap it by more than ``minOverlap``: box and keypoints are the
  /// averages of all, weighted by score; the score stays that of the best.
  package static func merge<Frame>(_ detections: [Detection<Frame>]) -> [Detection<Frame>] {
    // Equal scores keep their order, so that the result does not depend on the sort.
    var remaining = detections.enumerated()
      .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
      .map(\.element)
    var merged: [Detection<Frame>] = []
    while let best = remaining.first {
      let group = remaining.filter { $0.overlap(with: best) > minOverlap }
      guard !group.isEmpty else {
        // A box without area overlaps nothing, itself included.
        merged.append(best)
        remaining.removeFirst()
        continue
      }
      merged.append(average(group, score: best.score))
      remaining.removeAll { $0.overlap(with: best) > minOverlap }
    }
    return merged
  }

  private static func average<Frame>(_ group: [Detection<Frame>], score: Float) -> Detection<Frame>
  {
    let total = group.reduce(0) { $0 + $1.score }
    func mean(_ point: (Detection<Frame>) -> Point<Frame>) -> Point<Frame> {
      let sum = group.reduce(into: Point<Frame>(x: 0, y: 0)) { sum, detection in
        sum.x += point(detection).x * detection.score
        sum.y += point(detection).y * detection.score
      }
      return Point(x: sum.x / total, y: sum.y / total)
    }
    return Detection(
      score: score, lower: mean(\.lower), upper: mean(\.upper),
      keypoints: group[0].keypoints.indices.map { index in mean { $0.keypoints[index] } })
  }
}

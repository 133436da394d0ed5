import Images

extension Person {
  /// The person that was found in a picture of `size`.
  init(_ finding: Finding, in size: ImageSize) {
    let estimate = finding.estimate
    self.init(
      score: estimate.score, presence: estimate.presence, confidence: finding.confidence,
      box: PixelBox(round: estimate.landmarks),
      landmarks: estimate.landmarks.normalized(in: size), worldLandmarks: estimate.worldLandmarks,
      mask: Mask(estimate, size: size))
  }
}

extension PixelBox {
  /// Round the landmarks that are probably visible, or all of them if none is.
  init(round landmarks: Landmarks<Pixels>) {
    let visible = landmarks.filter(\.isVisible)
    let points = visible.isEmpty ? Array(landmarks) : visible
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    self.init(x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
  }
}

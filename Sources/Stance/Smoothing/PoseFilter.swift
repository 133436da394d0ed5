import Glibc

/// One person's filters: they belong to a track, and are begun anew when it was lost.
struct PoseFilter: Sendable {
  private var landmarks = LandmarkFilter(LandmarkFilter.landmarks)
  private var worldLandmarks = LandmarkFilter(LandmarkFilter.worldLandmarks)
  private var auxiliary = LandmarkFilter(LandmarkFilter.auxiliary)
  private var mask = MaskFilter()
  private var last: Double?

  /// The estimate with everything smoothed that is asked for.
  ///
  /// The auxiliary landmarks always are: the next region must not tremble.
  ///
  /// - Parameters:
  ///   - time: seconds of the source.
  ///   - smoothing: what landmarks and world landmarks are smoothed by.
  mutating func filter(_ raw: PoseEstimate, at time: Double, _ smoothing: Smoothing) -> PoseEstimate
  {
    let elapsed = Float(last.map { time - $0 } ?? 0)
    last = time
    let scale = raw.auxiliaryRadius.map { 1 / (2 * $0) } ?? 1
    var smoothed = raw
    smoothed.auxiliary = auxiliary.filter(raw.auxiliary, after: elapsed, scale: scale)
    if smoothing == .oneEuro {
      smoothed.landmarks = Landmarks(
        landmarks.filter(Array(raw.landmarks), after: elapsed, scale: scale))
      smoothed.worldLandmarks = Landmarks(
        worldLandmarks.filter(Array(raw.worldLandmarks), after: elapsed, scale: 1))
    }
    return smoothed
  }

  /// The filters of whoever is found after this person was lost, as MediaPipe's graph has them, which follows one.
  ///
  /// A frame without landmarks resets what works on places in the picture. The calculators of visibility and world
  /// landmarks have no other input, are not run for such a frame, and so keep their state.
  var afterLoss: PoseFilter {
    var next = self
    next.landmarks.forgetPlaces()
    next.auxiliary.forgetPlaces()
    next.mask = MaskFilter()
    return next
  }

  /// The frames have another size from now on; a mask of the old one blends with none.
  mutating func scale(by scale: FrameScale) {
    landmarks.scale(by: scale)
    auxiliary.scale(by: scale)
  }

  /// The mask of this frame, blended with the last one.
  mutating func filter(_ mask: Mask) -> Mask { self.mask.filter(mask) }
}

extension PoseEstimate {
  /// The radius of the circle round the body that the auxiliary landmarks describe, in pixels of the picture; nil where
  /// they say nothing.
  var auxiliaryRadius: Float? {
    guard auxiliary.count == 2 else { return nil }
    let radius = hypot(auxiliary[1].x - auxiliary[0].x, auxiliary[1].y - auxiliary[0].y)
    return radius > 0 && radius.isFinite ? radius : nil
  }
}

/// Points that are smoothed together: first how visible they are, then where.
///
/// MediaPipe's `VisibilitySmoothingCalculator` and `LandmarksSmoothingCalculator` as `pose_landmark_filtering.pbtxt`
/// sets them.
package struct LandmarkFilter: Sendable {
  /// 33 landmarks in pixels.
  package static let landmarks = OneEuroFilter.Constants(minCutoff: 0.05, beta: 80)
  /// 33 landmarks in metres.
  static let worldLandmarks = OneEuroFilter.Constants(minCutoff: 0.1, beta: 40)
  /// The two auxiliary landmarks in pixels, which the next region comes from.
  static let auxiliary = OneEuroFilter.Constants(minCutoff: 0.01, beta: 10)
  /// How much a new visibility counts.
  static let visibilityAlpha: Float = 0.1

  private let constants: OneEuroFilter.Constants
  private var points: [PointFilter] = []

  private struct PointFilter {
    var x, y, z: OneEuroFilter
    var visibility: LowPassFilter
  }

  init(_ constants: OneEuroFilter.Constants) { self.constants = constants }

  /// Begins anew with the places; how visible the points were goes on.
  mutating func forgetPlaces() {
    let filter = OneEuroFilter(constants)
    for index in points.indices {
      (points[index].x, points[index].y, points[index].z) = (filter, filter, filter)
    }
  }

  /// The pixels that the places are in have another size from now on; z is in those of the width.
  mutating func scale(by scale: FrameScale) {
    for index in points.indices {
      points[index].x.scale(by: scale.x)
      points[index].y.scale(by: scale.y)
      points[index].z.scale(by: scale.x)
    }
  }

  /// The smoothed points.
  ///
  /// - Parameters:
  ///   - elapsed: seconds since the last points.
  ///   - scale: one over a body's size in the points' unit; 1 for metres.
  mutating func filter<Frame>(
    _ landmarks: [Landmark<Frame>], after elapsed: Float, scale: Float
  ) -> [Landmark<Frame>] {
    if points.count != landmarks.count {
      let filter = OneEuroFilter(constants)
      points = landmarks.map {
        PointFilter(x: filter, y: filter, z: filter, visibility: LowPassFilter($0.visibility))
      }
    }
    return landmarks.indices.map { index in
      var landmark = landmarks[index]
      landmark.x = points[index].x.filter(landmark.x, after: elapsed, scale: scale)
      landmark.y = points[index].y.filter(landmark.y, after: elapsed, scale: scale)
      landmark.z = points[index].z.filter(landmark.z, after: elapsed, scale: scale)
      landmark.visibility = points[index].visibility.filter(
        landmark.visibility, alpha: Self.visibilityAlpha)
      return landmark
    }
  }
}

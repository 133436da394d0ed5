import Glibc
package import Images

/// From a region's crop back to the picture: MediaPipe's `LandmarkProjectionCalculator` and
/// `WorldLandmarkProjectionCalculator`.
package struct LandmarkProjection: Sendable {
  private let region: RegionOfInterest
  private let cosine: Float
  private let sine: Float

  /// The projection of one region.
  package init(_ region: RegionOfInterest) {
    self.region = region
    cosine = cos(region.rotation)
    sine = sin(region.rotation)
  }

  /// A landmark of the crop in pixels of the picture.
  package func pixels(_ landmark: Landmark<Crop>) -> Landmark<Pixels> {
    let turned = turn(landmark.x - 0.5, landmark.y - 0.5)
    return Landmark(
      x: turned.x * region.side + region.center.x, y: turned.y * region.side + region.center.y,
      z: landmark.z * region.side, visibility: landmark.visibility, presence: landmark.presence,
      support: landmark.support)
  }

  /// A world landmark of the upright crop, turned as the body is in the picture.
  package func turned(_ landmark: Landmark<World>) -> Landmark<World> {
    let turned = turn(landmark.x, landmark.y)
    var landmark = landmark
    landmark.x = turned.x
    landmark.y = turned.y
    return landmark
  }

  private func turn(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
    (cosine * x - sine * y, sine * x + cosine * y)
  }
}

extension Landmarks where Frame == Pixels {
  /// The same points in parts of a picture of `size`.
  package func normalized(in size: ImageSize) -> Landmarks<Normalized> {
    let (width, height) = (Float(size.width), Float(size.height))
    return Landmarks<Normalized>(
      map {
        Landmark<Normalized>(
          x: $0.x / width, y: $0.y / height, z: $0.z / width, visibility: $0.visibility,
          presence: $0.presence, support: $0.support)
      })
  }
}

/// Parts of a region's square: x and y in 0...1 from its upper left corner, z in the same scale.
package enum Crop: CoordinateFrame {}

/// The landmark model's raw outputs as landmarks: MediaPipe's `TensorsToLandmarksCalculator`.
package enum LandmarkDecoder {
  /// Landmarks that the model gives: 33 of the body, 2 auxiliary (the next region), 4 unused.
  package static let modelCount = 39
  /// Side of the model's input in pixels.
  package static let inputSide = 256

  /// 39 landmarks in parts of the crop, without support as yet; nil when the values are of another shape or not finite.
  ///
  /// - Parameter values: 39 × (x, y, z in pixels of the 256 px crop, visibility logit, presence logit).
  package static func landmarks(_ values: UnsafeBufferPointer<Float>) -> [Landmark<Crop>]? {
    guard values.count == modelCount * 5, values.allSatisfy(\.isFinite) else { return nil }
    let side = Float(inputSide)
    return (0..<modelCount).map { index in
      let start = 5 * index
      return Landmark(
        x: values[start] / side, y: values[start + 1] / side, z: values[start + 2] / side,
        visibility: sigmoid(values[start + 3]), presence: sigmoid(values[start + 4]),
        support: 0)
    }
  }

  /// 33 landmarks in metres, turned with the crop; nil when the values are of another shape or not finite.
  ///
  /// - Parameters:
  ///   - values: 39 × (x, y, z in metres).
  ///   - landmarks: the same landmarks in the crop, for visibility, presence and support.
  package static func worldLandmarks(
    _ values: UnsafeBufferPointer<Float>, like landmarks: [Landmark<Crop>]
  ) -> [Landmark<World>]? {
    guard values.count == modelCount * 3, values.allSatisfy(\.isFinite) else { return nil }
    return landmarks.prefix(LandmarkName.count).enumerated().map { index, landmark in
      Landmark(
        x: values[3 * index], y: values[3 * index + 1], z: values[3 * index + 2],
        visibility: landmark.visibility, presence: landmark.presence, support: landmark.support)
    }
  }
}

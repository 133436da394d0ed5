import Images
import Inference
import PixelKernels

/// Finds the landmarks of one body: BlazePose's landmark model with its steps before and after.
struct LandmarkEstimator: Sendable {
  /// The outputs that the network must have: landmarks, pose flag, heatmap, world landmarks.
  static let outputs = ["Identity", "Identity_1", "Identity_3", "Identity_4"]
  /// One more for a network that also segments.
  static let segmentationOutput = "Identity_2"

  let network: Network

  /// The body in a region; nil when the model's numbers are unusable.
  ///
  /// - Parameters:
  ///   - image: the picture, or a smaller copy of it.
  ///   - scale: pixels of `image` in one pixel of the picture that `region` and the result refer to.
  ///   - score: the detector's, handed on.
  ///   - mirrored: whether the model sees the crop's mirror image; the result is turned back.
  func estimate(
    in image: Image, scale: (x: Float, y: Float), region: RegionOfInterest, score: Float,
    mirrored: Bool = false
  ) throws -> PoseEstimate? {
    let side = LandmarkDecoder.inputSide
    let upright = region.scaled(x: scale.x, y: scale.y).map(toSide: side)
    let map = mirrored ? upright.mirrored(side: side) : upright
    return try network.run { input in
      image.withPixels { pixels in
        warp(
          pixels, width: image.width, height: image.height, by: map, border: .replicate,
          values: 0...1, into: input, targetWidth: side, targetHeight: side)
      }
    } read: { outputs in
      Self.decode(outputs, region: region, score: score, mirrored: mirrored)
    }
  }

  private static func decode(
    _ outputs: borrowing NetworkOutputs, region: RegionOfInterest, score: Float,
    mirrored: Bool
  ) -> PoseEstimate? {
    guard let presence = outputs[1].first, presence.isFinite,
      var landmarks = LandmarkDecoder.landmarks(outputs[0])
    else { return nil }
    HeatmapRefinement.refine(&landmarks, with: outputs[2])
    guard var world = LandmarkDecoder.worldLandmarks(outputs[3], like: landmarks) else {
      return nil
    }
    if mirrored { (landmarks, world) = Mirror.back(landmarks, world) }
    let projection = LandmarkProjection(region)
    let pixels = landmarks.map(projection.pixels)
    return PoseEstimate(
      region: region, score: score, presence: presence,
      landmarks: Landmarks(Array(pixels.prefix(LandmarkName.count))),
      worldLandmarks: Landmarks(world.map(projection.turned)),
      auxiliary: Array(pixels[LandmarkName.count..<LandmarkName.count + 2]),
      segmentation: Array(outputs[4]))
  }
}

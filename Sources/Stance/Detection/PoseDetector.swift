import Images
import Inference
import PixelKernels

/// Finds bodies in a whole picture: BlazePose's detector with its steps before and after.
struct PoseDetector: Sendable {
  /// The outputs that the network must have: boxes, then score logits.
  static let outputs = ["Identity", "Identity_1"]

  let network: Network

  /// Bodies whose score reaches `minScore`, one detection each, best first, in pixels of the picture.
  func detections(in image: Image, minScore: Float) throws -> [Detection<Pixels>] {
    let letterbox = Letterbox(image.size)
    let found = try network.run { input in
      image.withPixels { pixels in
        warp(
          pixels, width: image.width, height: image.height, by: letterbox.map, border: .black,
          values: -1...1, into: input, targetWidth: Anchors.inputSide,
          targetHeight: Anchors.inputSide)
      }
    } read: { outputs in
      DetectionDecoder.detections(boxes: outputs[0], logits: outputs[1], minScore: minScore)
    }
    return WeightedSuppression.merge(found).map(letterbox.pixels)
  }
}

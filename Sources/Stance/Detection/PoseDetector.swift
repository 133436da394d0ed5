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
    return try look(at: image, by: letterbox.map, minScore: minScore).map(letterbox.pixels)
  }

  /// Bodies in a turned square of the picture, as above.
  ///
  /// - Parameters:
  ///   - scale: pixels of `image` in one pixel of the picture that `view` and the result refer to.
  ///   - view: what is beyond the picture is black.
  func detections(
    in image: Image, scale: (x: Float, y: Float), within view: RegionOfInterest, minScore: Float
  ) throws -> [Detection<Pixels>] {
    let side = Anchors.inputSide
    let toPicture = view.map(toSide: side)
    func pixels(_ point: Point<DetectorSquare>) -> Point<Pixels> {
      let (x, y) = toPicture(Double(point.x) * Double(side), Double(point.y) * Double(side))
      return Point(x: Float(x), y: Float(y))
    }
    let map = view.scaled(x: scale.x, y: scale.y).map(toSide: side)
    return try look(at: image, by: map, minScore: minScore).map { detection in
      Detection(
        score: detection.score, lower: pixels(detection.lower), upper: pixels(detection.upper),
        keypoints: detection.keypoints.map(pixels))
    }
  }

  /// One pass of the model over what `map` takes from the picture, overlapping detections merged.
  private func look(
    at image: Image, by map: AffineMap, minScore: Float
  ) throws -> [Detection<DetectorSquare>] {
    let found = try network.run { input in
      image.withPixels { pixels in
        warp(
          pixels, width: image.width, height: image.height, by: map, border: .black,
          values: -1...1, into: input, targetWidth: Anchors.inputSide,
          targetHeight: Anchors.inputSide)
      }
    } read: { outputs in
      DetectionDecoder.detections(boxes: outputs[0], logits: outputs[1], minScore: minScore)
    }
    return WeightedSuppression.merge(found)
  }
}

import Images
import Inference
import PixelKernels

/// Finds bodies in a picture: BlazePose's detector with its steps before and after.
struct PoseDetector: Sendable {
  /// The outputs that the network must have: boxes, then score logits.
  static let outputs = ["Identity", "Identity_1"]

  let network: Network

  /// One look at the whole picture, as MediaPipe has it.
  ///
  /// - Parameters:
  ///   - image: the picture, or a smaller copy of it.
  ///   - scale: pixels of `image` in one pixel of the picture that the candidates refer to.
  ///   - minScore: what scores less is forgotten.
  func look(at image: Image, scale: (x: Float, y: Float), minScore: Float) throws -> Sighting {
    let letterbox = Letterbox(image.size)
    return Sighting(try detections(in: image, by: letterbox.map, minScore: minScore)) {
      RegionOfInterest(letterbox.pixels($0))?.scaled(x: 1 / scale.x, y: 1 / scale.y)
    }
  }

  /// One look at a turned square of the picture, as above.
  ///
  /// - Parameter view: in pixels of the picture that the candidates refer to; what is beyond the picture is black.
  func look(
    at image: Image, scale: (x: Float, y: Float), within view: RegionOfInterest,
    minScore: Float
  ) throws -> Sighting {
    let side = Anchors.inputSide
    let map = view.scaled(x: scale.x, y: scale.y).map(toSide: side)
    let toPicture = view.map(toSide: side)
    return Sighting(try detections(in: image, by: map, minScore: minScore)) { detection in
      let keypoints = detection.keypoints.prefix(2).map { point -> Point<Pixels> in
        let (x, y) = toPicture(Double(point.x) * Double(side), Double(point.y) * Double(side))
        return Point(x: Float(x), y: Float(y))
      }
      return keypoints.count == 2
        ? RegionOfInterest(hips: keypoints[0], rim: keypoints[1]) : nil
    }
  }

  /// One pass of the model over what `map` takes from the picture.
  private func detections(
    in image: Image, by map: AffineMap, minScore: Float
  ) throws -> [Detection<DetectorSquare>] {
    try network.run { input in
      image.withPixels { pixels in
        warp(
          pixels, width: image.width, height: image.height, by: map, border: .black,
          values: -1...1, into: input, targetWidth: Anchors.inputSide,
          targetHeight: Anchors.inputSide)
      }
    } read: { outputs in
      DetectionDecoder.detections(boxes: outputs[0], logits: outputs[1], minScore: minScore)
    }
  }
}

/// Where a body may be.
struct Candidate {
  /// In pixels of the original.
  var region: RegionOfInterest
  /// The detector's score, 0...1.
  var score: Float
}

/// What one pass of the detector saw.
struct Sighting {
  private let detections: [Detection<DetectorSquare>]
  private let region: (Detection<DetectorSquare>) -> RegionOfInterest?

  fileprivate init(
    _ detections: [Detection<DetectorSquare>],
    region: @escaping (Detection<DetectorSquare>) -> RegionOfInterest?
  ) {
    (self.detections, self.region) = (detections, region)
  }

  /// One candidate a body whose score reaches `minScore`, which is not below the look's, best first.
  func candidates(minScore: Float) -> [Candidate] {
    WeightedSuppression.merge(detections.filter { $0.score >= minScore }).compactMap { detection in
      region(detection).map { Candidate(region: $0, score: detection.score) }
    }
  }
}

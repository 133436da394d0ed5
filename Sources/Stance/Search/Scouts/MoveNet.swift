import Images
import Inference
import PixelKernels

/// A person as a scout saw it.
struct ScoutedBody {
  /// A point of the body in pixels of the picture, and how sure the scout is of it, 0...1.
  struct Joint {
    var x: Float
    var y: Float
    var score: Float
  }

  /// 17 joints in the order of ``names``.
  var joints: [Joint]
  /// Round the body, in pixels of the picture.
  var box: PixelBox
  /// The scout's score of the whole body, 0...1.
  var score: Float

  /// The joints' names: COCO's 17 key points.
  static let names: [LandmarkName] = [
    .nose, .leftEye, .rightEye, .leftEar, .rightEar, .leftShoulder, .rightShoulder, .leftElbow,
    .rightElbow, .leftWrist, .rightWrist, .leftHip, .rightHip, .leftKnee, .rightKnee, .leftAnkle,
    .rightAnkle,
  ]
}

/// Finds up to six people in a view, each with 17 joints: Google's MoveNet MultiPose Lightning.
struct MoveNet: Sendable {
  /// The outputs that the network must have.
  static let outputs = MoveNetMaps.outputs
  /// The input that the network must have: what the model makes of pixels first.
  static let input = NetworkInput.convolved(first: "sub_1", sides: closeUpSide...partSide)
  /// Sides of the square that a view becomes, in pixels: for the picture and its parts, and for one person's
  /// surroundings. Larger ones lose people who are large.
  static let (partSide, closeUpSide) = (320, 192)
  /// What black and white are to its first convolution: the published model scales bytes so, by a 16-bit float.
  private static let values: ClosedRange<Float> = -1...(255 * 0.007843017578125 - 1)

  let network: Network

  /// People in a view of the picture, the surest centre first.
  ///
  /// - Parameters:
  ///   - view: a turned square in pixels of the picture; the result is turned back.
  ///   - side: of what the view becomes, in pixels: ``partSide`` or ``closeUpSide``.
  ///   - minScore: who scores less is left out.
  func look(
    at picture: inout ImagePyramid, within view: RegionOfInterest, side: Int, minScore: Float
  ) throws -> [ScoutedBody] {
    let map = view.map(toSide: side)
    return try network.run(size: (side, side)) { input in
      picture.fill(input, side: side, values: Self.values, with: view)
    } read: { outputs in
      let maps = MoveNetMaps(
        center: outputs[0], offset: outputs[1], size: outputs[2], reach: outputs[3],
        joints: outputs[4], jointOffset: outputs[5], width: side, height: side)
      return maps?.bodies(minScore: minScore) { x, y in
        let (x, y) = map(Double(x), Double(y))
        return (Float(x), Float(y))
      } ?? []
    }
  }
}

extension PixelBox {
  /// The smallest that holds all points; empty at the origin when there are none.
  init(round points: [(x: Float, y: Float)]) {
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    self.init(x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
  }
}

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
  /// The output that the network must have: six people of 56 numbers.
  static let outputs = ["StatefulPartitionedCall:0"]

  let network: Network
  /// Side of the network's input in pixels, a multiple of 32.
  let side: Int

  /// People in a view of the picture, as the model orders them.
  ///
  /// - Parameters:
  ///   - view: a turned square in pixels of the picture; the result is turned back.
  ///   - minScore: who scores less is left out.
  func look(
    at picture: inout ImagePyramid, within view: RegionOfInterest, minScore: Float
  ) throws -> [ScoutedBody] {
    let map = view.map(toSide: side)
    return try network.run { input in
      picture.fill(input, side: side, with: view)
    } read: { outputs in
      Self.bodies(outputs[0], minScore: minScore) { x, y in
        let (x, y) = map(Double(x) * Double(side), Double(y) * Double(side))
        return (Float(x), Float(y))
      }
    }
  }

  /// - Parameters:
  ///   - values: for each person 17 × (y, x, score), then top, left, bottom, right and score; places in parts of the
  ///     input.
  ///   - place: from there to pixels of the picture.
  static func bodies(
    _ values: UnsafeBufferPointer<Float>, minScore: Float, place: (Float, Float) -> (Float, Float)
  ) -> [ScoutedBody] {
    let (joints, length) = (ScoutedBody.names.count, 56)
    return (0..<values.count / length).compactMap { person in
      let row = UnsafeBufferPointer(rebasing: values[person * length..<(person + 1) * length])
      let score = row[length - 1]
      guard row.allSatisfy(\.isFinite), score >= minScore else { return nil }
      let corners = [(52, 51), (54, 51), (52, 53), (54, 53)].map { place(row[$0.0], row[$0.1]) }
      return ScoutedBody(
        joints: (0..<joints).map { joint in
          let (x, y) = place(row[3 * joint + 1], row[3 * joint])
          return ScoutedBody.Joint(x: x, y: y, score: row[3 * joint + 2])
        },
        box: PixelBox(round: corners), score: score)
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

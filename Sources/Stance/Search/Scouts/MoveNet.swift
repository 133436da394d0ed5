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

  /// Side of the network's input in pixels, a multiple of 32. Larger ones lose people who are large.
  static let side = 320

  let network: Network

  /// People in a view of the picture, as the model orders them.
  ///
  /// - Parameters:
  ///   - view: a turned square in pixels of the picture; the result is turned back.
  ///   - minScore: who scores less is left out.
  func look(
    at picture: inout ImagePyramid, within view: RegionOfInterest, minScore: Float
  ) throws -> [ScoutedBody] {
    try look(at: &picture, within: [view], on: ContactSheet(columns: 1, side: Self.side), minScore)
      .flatMap(\.self)
  }

  /// People in each of many small views, four of which share one pass of the model.
  ///
  /// A pass finds six people at most, so that views of crowds lose some.
  func glance(
    at picture: inout ImagePyramid, within views: [RegionOfInterest], minScore: Float
  ) throws -> [[ScoutedBody]] {
    let sheet = ContactSheet(columns: 2, side: Self.side)
    return try stride(from: 0, to: views.count, by: sheet.capacity).flatMap { first in
      try look(
        at: &picture, within: Array(views[first...].prefix(sheet.capacity)), on: sheet, minScore)
    }
  }

  private func look(
    at picture: inout ImagePyramid, within views: [RegionOfInterest], on sheet: ContactSheet,
    _ minScore: Float
  ) throws -> [[ScoutedBody]] {
    try network.run { input in
      sheet.fill(input, with: views, of: &picture)
    } read: { outputs in
      let bodies = Self.bodies(outputs[0], minScore: minScore)
      return views.indices.map { sheet.bodies(bodies, in: $0, of: views[$0]) }
    }
  }

  /// People, with places in parts of the input.
  ///
  /// - Parameter values: for each person 17 × (y, x, score), then top, left, bottom, right and score.
  static func bodies(
    _ values: UnsafeBufferPointer<Float>, minScore: Float
  ) -> [ScoutedBody] {
    let (joints, length) = (ScoutedBody.names.count, 56)
    return (0..<values.count / length).compactMap { person in
      let row = UnsafeBufferPointer(rebasing: values[person * length..<(person + 1) * length])
      let score = row[length - 1]
      guard row.allSatisfy(\.isFinite), score >= minScore else { return nil }
      return ScoutedBody(
        joints: (0..<joints).map { joint in
          ScoutedBody.Joint(x: row[3 * joint + 1], y: row[3 * joint], score: row[3 * joint + 2])
        },
        box: PixelBox(round: [(row[52], row[51]), (row[54], row[53])]), score: score)
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

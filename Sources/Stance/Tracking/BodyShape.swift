import Glibc

/// A body as far as identity needs it: where its joints are, and how large it is.
package struct BodyShape: Sendable, Hashable {
  /// Joints in pixels of the picture, always the same ones in the same order; nil where one is not known.
  package var joints: [Point<Pixels>?]

  package init(joints: [Point<Pixels>?]) { self.joints = joints }

  /// The longer side of the box round the joints, in pixels: what distances are measured in. At least 1.
  package var size: Float {
    let known = joints.compactMap(\.self)
    func extent(_ values: [Float]) -> Float { (values.max() ?? 0) - (values.min() ?? 0) }
    return max(1, extent(known.map(\.x)), extent(known.map(\.y)))
  }

  /// The body, moved without changing its shape.
  ///
  /// - Parameters: pixels to the right and down.
  func moved(x: Float, y: Float) -> BodyShape {
    BodyShape(joints: joints.map { $0.map { Point(x: $0.x + x, y: $0.y + y) } })
  }

  /// How far the joints are from another body's, in pixels: mean and median; nil when they share none.
  func distance(to other: BodyShape) -> (mean: Float, median: Float)? {
    let distances = zip(joints, other.joints).compactMap { pair -> Float? in
      guard let a = pair.0, let b = pair.1 else { return nil }
      return hypot(a.x - b.x, a.y - b.y)
    }
    guard !distances.isEmpty else { return nil }
    return (distances.reduce(0, +) / Float(distances.count), distances.median)
  }

  /// By how much the joints moved from another body's in the median, in pixels; nil when they share none.
  func shift(from other: BodyShape) -> (x: Float, y: Float)? {
    let shifts = zip(joints, other.joints).compactMap { pair -> (x: Float, y: Float)? in
      guard let now = pair.0, let before = pair.1 else { return nil }
      return (now.x - before.x, now.y - before.y)
    }
    return shifts.isEmpty ? nil : (shifts.map(\.x).median, shifts.map(\.y).median)
  }
}

extension BodyShape {
  /// The main joints of the landmark model's body.
  init(_ landmarks: Landmarks<Pixels>) {
    self.init(
      joints: Duplicates.joints.map { Point(x: landmarks[$0].x, y: landmarks[$0].y) })
  }
}

extension [Float] {
  /// The middle value, or the mean of the two; 0 of none.
  var median: Float {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    let middle = count / 2
    return count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

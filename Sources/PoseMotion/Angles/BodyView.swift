public import Stance

/// From which side a body is seen, as far as the picture tells.
public struct BodyView: Sendable, Hashable {
  /// The larger of shoulder and hip width over the trunk's length, all in pixels; nil where shoulders or hips were not seen.
  ///
  /// About 0.65 from the front, 0 from the side. Of a hidden far side the model's guess is taken: from the side there is no
  /// other way.
  public let score: Double?

  /// Below this a body is seen from the side.
  public static let sideBelow = 0.35

  /// The name of a side.
  public enum Side: String, Sendable, Hashable {
    case side, front
  }

  /// The side; nil where it can't be told.
  public var side: Side? { score.map { $0 < Self.sideBelow ? .side : .front } }

  /// The view of a person in a picture of that size.
  public init(of person: Person, in size: ImageSize) {
    self.init(BodyPoints(person, in: size))
  }

  init(_ points: BodyPoints) {
    let (shoulders, hips) = (Joint.shoulders, Joint.hips)
    let isSeen =
      { points.isSeen($0.left) || points.isSeen($0.right) } as ((left: Int, right: Int)) -> Bool
    let trunk = Geometry.length(points.middle(shoulders, .plane) - points.middle(hips, .plane))
    func width(_ pair: (left: Int, right: Int)) -> Double {
      Geometry.length(points.point(pair.left, .plane) - points.point(pair.right, .plane))
    }
    let score = max(width(shoulders), width(hips)) / trunk
    self.score = isSeen(shoulders) && isSeen(hips) && score.isFinite ? score : nil
  }

  /// Whether an angle that needs such a view can be taken.
  func allows(_ view: Angle.View) -> Bool {
    switch view {
    case .any: true
    case .side: side == .side
    case .front: side == .front
    }
  }
}

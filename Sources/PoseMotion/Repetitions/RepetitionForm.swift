import Stance

/// Facts about a body at the turn of a repetition, by the landmarks in metres. They are measurements, not advice.
public struct RepetitionForm: Sendable, Hashable {
  /// How far each side of what the exercise moves went in this repetition, in degrees.
  public struct Sides: Sendable, Hashable {
    /// The person's left.
    public var left: Double
    /// The person's right.
    public var right: Double
  }

  /// The left knee's flexion in degrees; nil where it was not seen.
  public var leftKnee: Double?
  /// The right knee's flexion in degrees; nil where it was not seen.
  public var rightKnee: Double?
  /// How far the trunk was from upright, in degrees; nil where it was not seen.
  public var trunkLean: Double?
  /// How far the ankles were apart along the ground, in metres; nil where they were not seen.
  public var stanceWidth: Double?
  /// Left against right; nil where the exercise has no sides, or one was not seen.
  public var sides: Sides?

  init(_ points: BodyPoints) {
    leftKnee = Angle.leftKnee.world(points, .flexion).value
    rightKnee = Angle.rightKnee.world(points, .flexion).value
    trunkLean = Angle.trunk.world(points, .flexion).value
    let ankles = Joint.ankles
    if points.isSeen(ankles.left), points.isSeen(ankles.right) {
      var apart = points.point(ankles.left, .world) - points.point(ankles.right, .world)
      apart.y = 0
      stanceWidth = Geometry.length(apart)
    }
  }
}

/// The least and greatest value of both sides since the last repetition.
struct SideRanges: Sendable {
  private var left: ClosedRange<Double>?
  private var right: ClosedRange<Double>?

  mutating func add(left: Double?, right: Double?) {
    self.left = Self.widened(self.left, by: left)
    self.right = Self.widened(self.right, by: right)
  }

  var sides: RepetitionForm.Sides? {
    guard let left, let right else { return nil }
    return RepetitionForm.Sides(
      left: left.upperBound - left.lowerBound, right: right.upperBound - right.lowerBound)
  }

  private static func widened(
    _ range: ClosedRange<Double>?, by value: Double?
  ) -> ClosedRange<Double>? {
    guard let value, value.isFinite else { return range }
    guard let range else { return value...value }
    return min(range.lowerBound, value)...max(range.upperBound, value)
  }
}

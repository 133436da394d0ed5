public import Stance

/// A named angle of a body; docs/motion.md has the table of all.
///
///     let reading = Angle.leftKnee.world(of: person)   // .value(87.2), in degrees
///
/// In the plane, and so in pixels of the picture, an angle is right where the movement lies in the picture: each needs its
/// ``view``. In the world, by the model's estimate of depth, it needs none and is less exact.
public struct Angle: Sendable, Hashable {
  /// From which side a body must be seen for the angle in the picture.
  public enum View: String, Sendable, Hashable {
    case side, front, any
  }

  enum Formula: Hashable, Sendable {
    /// 180° less the angle at the second of three points.
    case flexion(Int, Int, Int)
    /// The angle at the second of three points.
    case opening(Int, Int, Int)
    /// 90° less the angle between shank (ankle to knee) and foot (heel to toes).
    case ankle(knee: Int, ankle: Int, heel: Int, toes: Int)
    /// How far the line from hips to shoulders is from upright.
    case trunk
    /// How far the line to the person's left point is above the horizontal.
    case line(left: Int, right: Int)
    /// The angle between the trunk, upwards, and the line from shoulders to ears.
    case neck
    /// How far the knee is bent inwards, seen from the front.
    case valgus(hip: Int, knee: Int, ankle: Int, otherHip: Int)
  }

  /// What it is called: "leftKnee", or three landmarks, "leftHip-leftKnee-leftAnkle".
  public let name: String
  /// From which side the body must be seen for the angle in the picture.
  public let view: View
  let formula: Formula
  /// What must have been seen; of trunk and neck one side is enough.
  private let needed: [Int]

  init(_ name: String, _ view: View, _ formula: Formula, needs needed: [Int]) {
    self.name = name
    self.view = view
    self.formula = formula
    self.needed = needed
  }

  /// 180° less the angle at `middle` between two other landmarks: 0 where all three lie on a line.
  public init(_ first: LandmarkName, at middle: LandmarkName, _ last: LandmarkName) {
    let indices = [first.index, middle.index, last.index]
    self.init(
      "\(first.rawValue)-\(middle.rawValue)-\(last.rawValue)", .any,
      .flexion(indices[0], indices[1], indices[2]), needs: indices)
  }

  /// The angle of that name, nil if there is none.
  public init?(name: String) {
    if let known = Self.all.first(where: { $0.name == name }) {
      self = known
      return
    }
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    let landmarks = parts.compactMap { LandmarkName(rawValue: String($0)) }
    guard parts.count == 3, landmarks.count == 3, Set(landmarks).count == 3 else { return nil }
    self.init(landmarks[0], at: landmarks[1], landmarks[2])
  }

  /// Degrees by the picture, in which `person` was found.
  ///
  /// - Parameters:
  ///   - size: the upright picture's, whose parts the landmarks are given in.
  public func plane(
    of person: Person, in size: ImageSize, convention: AngleConvention = .flexion
  ) -> Reading {
    let points = BodyPoints(person, in: size)
    return plane(points, BodyView(points), convention)
  }

  /// Degrees by the landmarks in metres.
  public func world(of person: Person, convention: AngleConvention = .flexion) -> Reading {
    world(BodyPoints(person, in: ImageSize(width: 1, height: 1)), convention)
  }

  func plane(_ points: BodyPoints, _ view: BodyView, _ convention: AngleConvention) -> Reading {
    if let unseen = points.unseen(needed) { return .missing(.notSeen(unseen)) }
    guard view.allows(self.view) else { return .missing(.view) }
    return degrees(points, .plane, convention)
  }

  func world(_ points: BodyPoints, _ convention: AngleConvention) -> Reading {
    if let unseen = points.unseen(needed) { return .missing(.notSeen(unseen)) }
    return degrees(points, .world, convention)
  }
}

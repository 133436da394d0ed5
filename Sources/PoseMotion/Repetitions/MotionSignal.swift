public import Stance

/// One number a frame by which a person's repetitions are counted.
///
/// It says when something is repeated, not how well: angles come from the landmarks in metres, which need no view.
public struct MotionSignal: Sendable, Hashable {
  /// What its numbers are.
  public enum Unit: String, Sendable, Hashable {
    case degrees
    /// Parts of the distance from the middle of the hips to that of the shoulders.
    case trunkLengths

    /// The least that a person's own range must be before it says anything: 25°, or 0.2 trunk lengths.
    public var leastRange: Double { self == .degrees ? 25 : 0.2 }
  }

  enum Source: Hashable, Sendable {
    case angle(Angle)
    /// Of two sides that were seen the mean; of one that one, from the side alone: from elsewhere a hidden one is a doubt.
    case mean(Angle, Angle)
    /// The greater of two sides, or the one that was seen.
    case greater(Angle, Angle)
    /// The lesser of two sides, which both must have been seen.
    case lesser(Angle, Angle)
    /// How far the trunk is from lying.
    case trunkRise
    /// How far the wrists are above the shoulders, along the trunk.
    case reach
    /// The same, negated: how far the shoulders are above the wrists.
    case pull
    /// The distance between the ankles.
    case stance
    /// A landmark's height in the picture.
    case height(Int)
  }

  /// What it is called: an angle's name, or "height:leftWrist".
  public let name: String
  /// What its numbers are.
  public let unit: Unit
  let source: Source

  init(_ name: String, _ unit: Unit, _ source: Source) {
    self.name = name
    self.unit = unit
    self.source = source
  }

  /// An angle, in degrees, by the landmarks in metres.
  public init(_ angle: Angle) { self.init(angle.name, .degrees, .angle(angle)) }

  /// How high a landmark is in the picture, in the person's trunk lengths above the picture's lower edge.
  public init(heightOf landmark: LandmarkName) {
    self.init("height:\(landmark.rawValue)", .trunkLengths, .height(landmark.index))
  }

  /// The signal of that name: an angle's name, or "height:" and a landmark's; nil if there is none.
  public init?(name: String) {
    let prefix = "height:"
    if name.hasPrefix(prefix) {
      guard let landmark = LandmarkName(rawValue: String(name.dropFirst(prefix.count))) else {
        return nil
      }
      self.init(heightOf: landmark)
    } else if let angle = Angle(name: name) {
      self.init(angle)
    } else {
      return nil
    }
  }

  /// The number of a person in a picture of that size.
  public func reading(of person: Person, in size: ImageSize) -> Reading {
    source.reading(BodyPoints(person, in: size), pictureHeight: Double(size.height))
  }
}

extension MotionSignal.Source {
  func reading(_ points: BodyPoints, pictureHeight: Double) -> Reading {
    switch self {
    case .angle(let angle): angle.world(points, .flexion)
    case .mean(let left, let right), .greater(let left, let right), .lesser(let left, let right):
      joined(left.world(points, .flexion), right.world(points, .flexion), points)
        ?? .missing(.degenerate)
    case .trunkRise: Angle.trunk.world(points, .flexion).map { 90 - $0 }
    case .reach: Self.reach(points)
    case .pull: Self.reach(points).map { -$0 }
    case .stance: Self.stance(points)
    case .height(let index): Self.height(points, index, pictureHeight)
    }
  }

  /// What two sides' angles make; nil where the signal is not of two sides.
  func joined(_ left: Reading, _ right: Reading, _ points: BodyPoints) -> Reading? {
    switch self {
    case .mean: Self.mean(left, right, points)
    case .greater: Self.both(left, right, max)
    case .lesser: Self.all(left, right, min)
    case .angle, .trunkRise, .reach, .pull, .stance, .height: nil
    }
  }

  private static func mean(_ left: Reading, _ right: Reading, _ points: BodyPoints) -> Reading {
    let isOneSided = (left.value == nil) != (right.value == nil)
    guard isOneSided, BodyView(points).side != .side else {
      return both(left, right) { ($0 + $1) / 2 }
    }
    return left.value == nil ? left : right
  }

  /// What two readings make, or the one that there is.
  private static func both(
    _ left: Reading, _ right: Reading, _ join: (Double, Double) -> Double
  ) -> Reading {
    switch (left, right) {
    case (.value(let left), .value(let right)): .value(join(left, right))
    case (.value, .missing): left
    default: right
    }
  }

  /// What two readings make; both are needed.
  private static func all(
    _ left: Reading, _ right: Reading, _ join: (Double, Double) -> Double
  ) -> Reading {
    switch (left, right) {
    case (.value(let left), .value(let right)): .value(join(left, right))
    case (.missing, _): left
    default: right
    }
  }

  private static func reach(_ points: BodyPoints) -> Reading {
    let hips = points.middle(Joint.hips, .world)
    let trunk = points.middle(Joint.shoulders, .world) - hips
    func side(_ wrist: Int, _ shoulder: Int, _ hip: Int) -> Reading {
      if let unseen = points.unseen([wrist, shoulder, hip]) { return .missing(.notSeen(unseen)) }
      let arm = points.point(wrist, .world) - points.point(shoulder, .world)
      let reach = Geometry.dot(arm, trunk) / Geometry.dot(trunk, trunk)
      return reach.isFinite ? .value(reach) : .missing(.degenerate)
    }
    return both(
      side(Joint.wrists.left, Joint.shoulders.left, Joint.hips.left),
      side(Joint.wrists.right, Joint.shoulders.right, Joint.hips.right)
    ) { ($0 + $1) / 2 }
  }

  private static func stance(_ points: BodyPoints) -> Reading {
    if let unseen = points.unseen([Joint.ankles.left, Joint.ankles.right]) {
      return .missing(.notSeen(unseen))
    }
    let trunk = points.middle(Joint.shoulders, .world) - points.middle(Joint.hips, .world)
    let apart = points.point(Joint.ankles.left, .world) - points.point(Joint.ankles.right, .world)
    let stance = Geometry.length(apart) / Geometry.length(trunk)
    return stance.isFinite ? .value(stance) : .missing(.degenerate)
  }

  private static func height(
    _ points: BodyPoints, _ index: Int, _ pictureHeight: Double
  ) -> Reading {
    if let unseen = points.unseen([index]) { return .missing(.notSeen(unseen)) }
    let trunk = points.middle(Joint.shoulders, .plane) - points.middle(Joint.hips, .plane)
    let height = (pictureHeight - points.point(index, .plane).y) / Geometry.length(trunk)
    return height.isFinite ? .value(height) : .missing(.degenerate)
  }
}

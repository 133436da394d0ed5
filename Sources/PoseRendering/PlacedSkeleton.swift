import Images
import Stance

/// One person's joints and bones as they will be drawn: placed in the picture, sized, coloured and sorted.
struct PlacedSkeleton {
  /// A joint that is drawn.
  struct Joint {
    var name: LandmarkName
    var center: Point
    /// Away from the camera; only its order counts.
    var depth: Double
    var radius: Double
    var color: Color
    var isHollow: Bool
  }

  /// Bones that are drawn by one stroke, so that a translucent colour does not add up where they meet.
  struct BoneGroup {
    var color: Color
    var width: Double
    var opacity: Double
    var segments: [Segment] = []
    fileprivate var depthSum = 0.0
    /// Away from the camera, the mean of all bones; only its order counts.
    var depth: Double { depthSum / Double(max(segments.count, 1)) }
  }

  /// The far ones first.
  let joints: [Joint]
  /// The faint ones first, then the far ones.
  let boneGroups: [BoneGroup]
  let sizes: StrokeSizes

  /// Places a person in a picture of `size`. Joints with coordinates that are no numbers are left out.
  ///
  /// - Parameter colors: of joints and bones for which the style names none.
  init(of person: Person, in size: ImageSize, style: DrawingStyle, colors: PersonColors) {
    let sizes = StrokeSizes(for: person, in: size, style: style)
    let landmarks = person.landmarks.pixels(in: size)
    let placed = LandmarkName.allCases.compactMap {
      Self.place(
        $0, landmarks[$0], isGuessed: !person.landmarks[$0].seen, sizes: sizes, style: style,
        color: style.jointColor ?? colors.joint)
    }
    let byName = Dictionary(uniqueKeysWithValues: placed.map { ($0.name, $0) })
    self.sizes = sizes
    joints = placed.sorted { ($0.depth, $0.name.index) > ($1.depth, $1.name.index) }
    boneGroups = Self.groupBones(
      of: byName, sizes: sizes, style: style, color: style.boneColor ?? colors.bone)
  }

  private static func place(
    _ name: LandmarkName, _ landmark: Landmark<Pixels>, isGuessed: Bool, sizes: StrokeSizes,
    style: DrawingStyle, color: Color
  ) -> Joint? {
    guard landmark.x.isFinite, landmark.y.isFinite, landmark.visibility >= style.minVisibility,
      !isGuessed || style.guessed != .hidden
    else { return nil }
    return Joint(
      name: name, center: Point(x: Double(landmark.x), y: Double(landmark.y)),
      depth: landmark.z.isFinite ? Double(landmark.z) : 0,
      radius: sizes.radius(of: name.part),
      color: style.color(of: name.side) ?? color,
      isHollow: isGuessed && style.guessed == .hollow)
  }

  private static func groupBones(
    of joints: [LandmarkName: Joint], sizes: StrokeSizes, style: DrawingStyle, color: Color
  ) -> [BoneGroup] {
    struct Look: Hashable {
      var color: Color
      var isFaint: Bool
      var isFace: Bool
    }
    var groups: [Look: BoneGroup] = [:]
    for (first, second) in Skeleton.bones {
      guard let start = joints[first], let end = joints[second] else { continue }
      let line = Segment(start: start.center, end: end.center)
      // A ring stays empty: the bone ends at its edge.
      let trims = [start, end].map { $0.isHollow && style.showsJoints ? $0.radius : 0 }
      guard let segment = line.trimmed(atStart: trims[0], atEnd: trims[1]) else { continue }

      let look = Look(
        color: style.color(of: .of(first, second)) ?? color,
        isFaint: start.isHollow || end.isHollow,
        isFace: first.part == .face && second.part == .face)
      let width = look.isFace ? sizes.faceThickness : sizes.thickness
      let empty = BoneGroup(
        color: look.color, width: look.isFaint ? 0.6 * width : width,
        opacity: look.isFaint ? 0.6 : 1)
      groups[look, default: empty].segments.append(segment)
      groups[look, default: empty].depthSum += (start.depth + end.depth) / 2
    }
    return groups.values.sorted {
      ($0.opacity, -$0.depth, $0.color.description, $0.width)
        < ($1.opacity, -$1.depth, $1.color.description, $1.width)
    }
  }
}

extension DrawingStyle {
  /// The colour that this half of the body has of its own.
  fileprivate func color(of side: LandmarkName.Side) -> Color? {
    switch side {
    case .left: leftColor
    case .right: rightColor
    case .middle: nil
    }
  }
}

extension LandmarkName.Side {
  /// The half that a bone belongs to: that of its ends, where one may lie in the middle.
  fileprivate static func of(_ first: LandmarkName, _ second: LandmarkName) -> Self {
    switch (first.side, second.side) {
    case (let side, .middle), (.middle, let side): side
    case (let side, let other): side == other ? side : .middle
    }
  }
}

/// The parts of the body whose joints differ in size.
enum BodyPart {
  case face, trunkAndLimbs, handsAndFeet
}

extension LandmarkName {
  var part: BodyPart {
    switch self {
    case .nose, .leftEyeInner, .leftEye, .leftEyeOuter, .rightEyeInner, .rightEye, .rightEyeOuter,
      .leftEar, .rightEar, .mouthLeft, .mouthRight:
      .face
    case .leftShoulder, .rightShoulder, .leftElbow, .rightElbow, .leftWrist, .rightWrist,
      .leftHip, .rightHip, .leftKnee, .rightKnee, .leftAnkle, .rightAnkle:
      .trunkAndLimbs
    case .leftPinky, .rightPinky, .leftIndex, .rightIndex, .leftThumb, .rightThumb, .leftHeel,
      .rightHeel, .leftFootIndex, .rightFootIndex:
      .handsAndFeet
    }
  }
}

extension StrokeSizes {
  fileprivate func radius(of part: BodyPart) -> Double {
    switch part {
    case .face: faceRadius
    case .trunkAndLimbs: radius
    case .handsAndFeet: smallRadius
    }
  }
}

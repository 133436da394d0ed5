import Stance

/// A state of the body that an exercise has at rest or at its turn, by rules on the landmarks in metres. What was not seen
/// speaks against it. Values are ours.
struct MotionState: Sendable {
  /// Whether a body is in it.
  let holds: @Sendable (BodyPoints) -> Bool

  /// Trunk 60° or more, and hips to ankles 50° or more, from upright.
  static let onTheBack = MotionState { points in
    isLegsLying(points) && reading(.angle(.trunk), points) { $0 >= 60 }
  }

  /// The trunk within 45° of upright over legs that lie as before, hips bent by 50° or more: nobody gets up so.
  static let satUp = MotionState { points in
    isLegsLying(points) && reading(.angle(.trunk), points) { $0 <= 45 }
      && reading(.mean(.leftHip, .rightHip), points) { $0 >= 50 }
  }

  /// Upright, wrists 0.4 trunk lengths or more below the shoulders, ankles within 0.7 of each other.
  static let armsDownFeetTogether = MotionState { points in
    isUpright(points) && reading(.reach, points) { $0 <= -0.4 }
      && reading(.stance, points) { $0 <= 0.7 }
  }

  /// Upright, wrists 0.4 trunk lengths or more above the shoulders, ankles 0.9 or more apart.
  static let armsUpFeetApart = MotionState { points in
    isUpright(points) && reading(.reach, points) { $0 >= 0.4 }
      && reading(.stance, points) { $0 >= 0.9 }
  }

  private static func isUpright(_ points: BodyPoints) -> Bool {
    reading(.angle(.trunk), points) { $0 <= 35 }
      && reading(.mean(.leftKnee, .rightKnee), points) { $0 < 60 }
  }

  private static func isLegsLying(_ points: BodyPoints) -> Bool {
    Posture.legs(points).map { $0 >= 50 } ?? false
  }

  private static func reading(
    _ source: MotionSignal.Source, _ points: BodyPoints, _ isRight: (Double) -> Bool
  ) -> Bool {
    source.reading(points, pictureHeight: 1).value.map(isRight) ?? false
  }
}

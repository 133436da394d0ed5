public import Stance

/// What is made of people's movement.
public struct MotionOptions: Sendable, Hashable {
  /// What is counted.
  public enum Counting: Sendable, Hashable {
    /// Nothing.
    case off
    /// Repetitions of one exercise, of everybody.
    case exercise(Exercise)
    /// Whatever of ``ExerciseRecognition/exercises`` a person does.
    case auto
  }

  /// The angles that are measured, in this order.
  public var angles: [Angle]
  /// What 0 means in them.
  public var convention: AngleConvention
  /// What is counted.
  public var counting: Counting
  /// By what poses are named; nil: postures are not looked at.
  public var postures: PostureClassifier?
  /// Landmarks whose places are kept, for their speed, in this order.
  public var landmarks: [LandmarkName]

  /// No angle, no counting and no posture, unless they are asked for.
  public init(
    angles: [Angle] = [], convention: AngleConvention = .flexion, counting: Counting = .off,
    postures: PostureClassifier? = nil, landmarks: [LandmarkName] = []
  ) {
    self.angles = angles
    self.convention = convention
    self.counting = counting
    self.postures = postures
    self.landmarks = landmarks
  }

  /// Whether nothing is made.
  public var isEmpty: Bool {
    angles.isEmpty && counting == .off && postures == nil && landmarks.isEmpty
  }
}

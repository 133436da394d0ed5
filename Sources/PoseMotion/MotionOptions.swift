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

  /// No angle and no counting, unless they are asked for.
  public init(
    angles: [Angle] = [], convention: AngleConvention = .flexion, counting: Counting = .off
  ) {
    self.angles = angles
    self.convention = convention
    self.counting = counting
  }

  /// Whether nothing is made.
  public var isEmpty: Bool { angles.isEmpty && counting == .off }
}

/// The angles and counts of the people in one frame.
public struct MotionFrame: Sendable, Hashable {
  /// The frame's time in seconds.
  public var time: Double
  /// One for each person of the frame, in the same order.
  public var people: [PersonMotion]

  /// A frame of the given parts.
  public init(time: Double, people: [PersonMotion]) {
    self.time = time
    self.people = people
  }
}

/// One person's angles and count in one frame.
public struct PersonMotion: Sendable, Hashable {
  /// Who it is; nil in a still.
  public var id: Int?
  /// From which side the body was seen.
  public var view: BodyView
  /// The angles that were asked for, in that order.
  public var angles: [AngleReading]
  /// Where the landmarks are that were asked for, in that order.
  public var places: [LandmarkPlace]
  /// How the body is held; nil where that was not asked for.
  public var posture: PostureReading?
  /// What has been counted; nil where nothing is, and while it is not known what.
  public var repetitions: RepetitionState?
  /// The signals of all that is counted, named or not yet.
  var signals: [ExerciseSignal] = []
}

/// By what an exercise is counted, in one frame.
struct ExerciseSignal: Sendable, Hashable {
  var exercise: Exercise
  var reading: Reading
}

/// One angle, measured in both ways, in degrees.
public struct AngleReading: Sendable, Hashable {
  /// Which.
  public var angle: Angle
  /// By the picture.
  public var plane: Reading
  /// By the landmarks in metres.
  public var world: Reading
}

/// How far somebody is with an exercise.
public struct RepetitionState: Sendable, Hashable {
  /// Which.
  public var exercise: Exercise
  /// How many are over.
  public var count: Int
  /// Whether one is under way.
  public var isWorking: Bool
  /// By what is counted, in this frame.
  public var signal: Reading
  /// Those that were over with this frame; more than one where it has just become known what somebody does.
  public var completed: [Repetition]
  /// What has been begun and has turned far enough to count, but is not back.
  public var unfinished: Repetition?
}

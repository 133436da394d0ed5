/// The built-in exercises. Their values are ours, chosen so that everyday movement stays below; the person's own range
/// raises them.
extension Exercise {
  /// Knees bend, and hips with them: in a step they don't.
  public static let squat = Exercise(
    "squat", knees, countsFrom: 55, returnsAt: 40, leastRange: 40, leastDuration: 0.5,
    [
      Condition(source: hips.source, bound: .atLeast(40)),
      Condition(source: .lesser(.leftKnee, .rightKnee), bound: .atLeast(35)),
    ])
  /// Elbows bend while the trunk lies.
  public static let pushUp = Exercise(
    "push-up", elbows, countsFrom: 65, returnsAt: 45,
    [Condition(source: .trunkRise, bound: .atMost(50))])
  /// The trunk rises from lying to sitting.
  public static let sitUp = Exercise(
    "sit-up", MotionSignal("trunkRise", .degrees, .trunkRise), countsFrom: 50, returnsAt: 25,
    leastDuration: 0.5,
    [Condition(source: hips.source, bound: .atLeast(50))])
  /// One knee bends deeply, the other with it, and the feet are apart.
  public static let lunge = Exercise(
    "lunge", MotionSignal("deeperKnee", .degrees, .greater(.leftKnee, .rightKnee)),
    countsFrom: 65, returnsAt: 45, leastRange: 40, leastDuration: 0.5,
    [
      Condition(source: .lesser(.leftKnee, .rightKnee), bound: .atLeast(35)),
      Condition(source: .stance, bound: .atLeast(0.8)),
    ])
  /// Hips bend and the trunk leans.
  public static let deadlift = Exercise(
    "deadlift", hips, countsFrom: 50, returnsAt: 30, leastDuration: 0.5,
    [Condition(source: .trunkRise, bound: .atMost(60))])
  /// An elbow bends while the upper arm hangs.
  public static let curl = Exercise(
    "curl", MotionSignal("deeperElbow", .degrees, .greater(.leftElbow, .rightElbow)),
    countsFrom: 95, returnsAt: 60,
    [Condition(source: .lesser(.leftShoulder, .rightShoulder), bound: .atMost(60))])
  /// Wrists go from the shoulders to overhead.
  public static let press = Exercise(
    "press", MotionSignal("reach", .trunkLengths, .reach), countsFrom: 0.7, returnsAt: 0.35)
  /// Arms are lifted to the side or forwards.
  public static let raise = Exercise(
    "raise",
    MotionSignal("shoulders", .degrees, .mean(.leftShoulder, .rightShoulder)), countsFrom: 65,
    returnsAt: 40)
  /// Arms go overhead and feet apart.
  public static let jumpingJack = Exercise(
    "jumping-jack", MotionSignal("reach", .trunkLengths, .reach), countsFrom: 0.4, returnsAt: -0.2,
    [Condition(source: .stance, bound: .atLeast(0.8))])
  /// Shoulders rise to hands that are overhead.
  public static let pullUp = Exercise(
    "pull-up", MotionSignal("pull", .trunkLengths, .pull), countsFrom: -0.5, returnsAt: -0.75,
    [Condition(source: .reach, bound: .atLeast(-0.1))])

  /// All of them.
  public static let all: [Exercise] = [
    squat, pushUp, sitUp, lunge, deadlift, curl, press, raise, jumpingJack, pullUp,
  ]

  private static let knees = MotionSignal("knees", .degrees, .mean(.leftKnee, .rightKnee))
  private static let hips = MotionSignal("hips", .degrees, .mean(.leftHip, .rightHip))
  private static let elbows = MotionSignal("elbows", .degrees, .mean(.leftElbow, .rightElbow))

  /// The two sides that are compared, nil where it has none.
  var sides: (left: Angle, right: Angle)? {
    switch signal.source {
    case .mean(let left, let right), .greater(let left, let right), .lesser(let left, let right):
      (left, right)
    case .reach, .pull: (.leftElbow, .rightElbow)
    case .angle, .trunkRise, .stance, .height: nil
    }
  }
}

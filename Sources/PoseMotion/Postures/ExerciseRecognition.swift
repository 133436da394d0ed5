import Stance

/// Tells what somebody does who was asked for nothing: an exercise has a name once its two states came in turn, twice.
///
/// One state names none: a walker stands as who is about to squat does. Squats and push-ups are told by labelled poses, votes of
/// ``PostureClassifier/builtIn`` smoothed over 0.15 s; sit-ups and jumping jacks by rules (``MotionState``). The other exercises
/// have states that everyday movement has too, drinking, reaching, bending, climbing stairs: nobody can tell them so.
public struct ExerciseRecognition: Sendable {
  /// What can be told.
  public static let exercises: [Exercise] = [.squat, .pushUp, .sitUp, .jumpingJack]

  /// What rest and turn of an exercise are known by.
  private enum States {
    case labels(rest: String, turn: String)
    /// Who needs longer than so many seconds from one to the other does something else.
    case rules(rest: MotionState, turn: MotionState, within: Double)
  }

  private static let states: [States] = [
    .labels(rest: "squats_up", turn: "squats_down"),
    .labels(rest: "pushups_up", turn: "pushups_down"),
    .rules(rest: .onTheBack, turn: .satUp, within: 6),
    .rules(rest: .armsDownFeetTogether, turn: .armsUpFeetApart, within: 3),
  ]
  /// Looks a second: states last longer.
  private static let spacing = 0.09
  /// Rest, turn, rest, turn.
  private static let changes = 4

  private var votes = PostureVotes()
  private var progress = [Int](repeating: 0, count: Self.exercises.count)
  /// When the state was last seen that each exercise is in.
  private var seen = [Double](repeating: -.infinity, count: Self.exercises.count)
  private var lastLook: Double?

  /// What somebody does; nil while it is not known.
  public private(set) var exercise: Exercise?

  /// Nobody has been seen.
  public init() {}

  mutating func add(_ points: BodyPoints, at time: Double) {
    guard exercise == nil, lastLook.map({ time - $0 >= Self.spacing }) ?? true else { return }
    guard let embedding = PoseEmbedding(seen: points) else { return }
    lastLook = time
    votes.add(PostureClassifier.builtIn.classify(embedding), at: time)
    for (place, states) in Self.states.enumerated() {
      let isRestNext = progress[place].isMultiple(of: 2)
      switch states {
      case .labels(let rest, let turn):
        let (next, other) = isRestNext ? (rest, turn) : (turn, rest)
        if votes[next] >= PostureVotes.entered, votes[other] <= PostureVotes.left { advance(place) }
      case .rules(let rest, let turn, let within):
        let (next, now) = isRestNext ? (rest, turn) : (turn, rest)
        if progress[place] > 0, now.holds(points) { seen[place] = time }
        if progress[place] > 0, time - seen[place] > within { progress[place] = 0 }
        if (progress[place] == 0 ? rest : next).holds(points) {
          seen[place] = time
          advance(place)
        }
      }
    }
  }

  private mutating func advance(_ place: Int) {
    progress[place] += 1
    if progress[place] == Self.changes { exercise = Self.exercises[place] }
  }
}

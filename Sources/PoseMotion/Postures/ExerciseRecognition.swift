import Glibc
import Stance

/// Tells what somebody does who was asked for nothing: an exercise has a name once its two postures came in turn, twice.
///
/// One posture names none: a walker stands as who is about to squat does. Votes of ``PostureClassifier/builtIn`` are smoothed
/// over 0.15 s; a posture is entered at 0.6 and left at 0.4, as in MediaPipe's guide.
public struct ExerciseRecognition: Sendable {
  /// What can be told: what there are samples of.
  public static let exercises: [Exercise] = [.squat, .pushUp]

  private static let states = [
    (up: "squats_up", down: "squats_down"), (up: "pushups_up", down: "pushups_down"),
  ]
  private static let smoothing = 0.15
  private static let entered = 0.6
  private static let left = 0.4
  /// Looks a second: postures last longer.
  private static let spacing = 0.09
  /// Up, down, up, down.
  private static let changes = 4

  private var confidence = [String: Double]()
  private var progress = [Int](repeating: 0, count: Self.exercises.count)
  private var lastLook: Double?

  /// What somebody does; nil while it is not known.
  public private(set) var exercise: Exercise?

  /// Nobody has been seen.
  public init() {}

  mutating func add(_ points: BodyPoints, at time: Double) {
    guard exercise == nil, lastLook.map({ time - $0 >= Self.spacing }) ?? true else { return }
    let joints = PoseEmbedding.joints.filter { points.isSeen($0.index) }
    // Of a guessed body no posture is told.
    guard joints.count >= PoseEmbedding.joints.count / 2,
      let embedding = PoseEmbedding(points.solid)
    else { return }
    let answer = PostureClassifier.builtIn.classify(embedding, without: nil)
    let weight = lastLook.map { 1 - exp(-(time - $0) / Self.smoothing) } ?? 1
    lastLook = time
    for label in PostureClassifier.builtIn.labels {
      // A pose that is none speaks against all.
      let vote = answer.label == nil ? 0 : answer.votes[label] ?? 0
      confidence[label, default: 0] += weight * (vote - confidence[label, default: 0])
    }
    for (place, state) in Self.states.enumerated() { advance(place, state.up, state.down) }
  }

  private mutating func advance(_ place: Int, _ up: String, _ down: String) {
    let isUpNext = progress[place].isMultiple(of: 2)
    let (next, other) = isUpNext ? (up, down) : (down, up)
    guard confidence[next, default: 0] >= Self.entered,
      confidence[other, default: 0] <= Self.left
    else { return }
    progress[place] += 1
    if progress[place] == Self.changes { exercise = Self.exercises[place] }
  }
}

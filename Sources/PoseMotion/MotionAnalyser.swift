public import Stance

/// Angles and counts of everybody, frame by frame, as they come: live or from a file.
///
///     var analyser = MotionAnalyser(MotionOptions(angles: [.leftKnee], counting: .exercise(.squat)))
///     let motion = analyser.add(frame)
///     for person in motion.people { print(person.id ?? 0, person.repetitions?.count ?? 0) }
///
/// It remembers some kilobytes for each person, whatever the time, and forgets who is neither seen nor remembered by the
/// tracker.
public struct MotionAnalyser: Sendable {
  /// What is made.
  public let options: MotionOptions
  private var people: [Int: Follower] = [:]
  private var votes: [Int: PostureVotes] = [:]

  /// An analyser that has seen nobody.
  public init(_ options: MotionOptions) { self.options = options }

  /// Takes the next frame.
  ///
  /// - Returns: what there is to say of its people.
  public mutating func add(_ frame: TrackedFrame) -> MotionFrame {
    let result = frame.result
    let motions = result.people.map { add($0, in: result.imageSize, at: frame.time) }
    if max(people.count, votes.count) > result.people.count {
      let present = Set(result.people.compactMap(\.id)).union(frame.lost)
      people = people.filter { present.contains($0.key) }
      votes = votes.filter { present.contains($0.key) }
    }
    return MotionFrame(time: frame.time, people: motions)
  }

  /// The people of a still: angles and postures, since nothing is counted in one picture.
  public static func still(_ result: PoseResult, _ options: MotionOptions) -> MotionFrame {
    var analyser = MotionAnalyser(
      MotionOptions(
        angles: options.angles, convention: options.convention, postures: options.postures))
    return MotionFrame(
      time: 0, people: result.people.map { analyser.add($0, in: result.imageSize, at: 0) })
  }

  private mutating func add(
    _ person: Person, in size: ImageSize, at time: Double
  ) -> PersonMotion {
    let points = BodyPoints(person, in: size)
    let view = BodyView(points)
    var motion = PersonMotion(
      id: person.id, view: view,
      angles: options.angles.map {
        AngleReading(
          angle: $0, plane: $0.plane(points, view, options.convention),
          world: $0.world(points, options.convention))
      }, places: options.landmarks.map { LandmarkPlace($0, points) })
    if let classifier = options.postures {
      motion.posture = posture(points, person.id, classifier, at: time)
    }
    guard let id = person.id, options.counting != .off else { return motion }
    // In place: a copy would copy what is remembered of the person's range.
    motion.repetitions = people[id, default: Follower(options.counting)]
      .add(points, pictureHeight: Double(size.height), at: time)
    motion.signals = people[id]?.signals ?? []
    return motion
  }

  private mutating func posture(
    _ points: BodyPoints, _ id: Int?, _ classifier: PostureClassifier, at time: Double
  ) -> PostureReading {
    let answer = PoseEmbedding(seen: points).map { classifier.classify($0) }
    var smoothed = id.flatMap { votes[$0] } ?? PostureVotes()
    smoothed.add(answer, at: time)
    if let id { votes[id] = smoothed }
    return PostureReading(
      posture: Posture(points), label: answer == nil ? nil : smoothed.label,
      confidence: answer.flatMap { _ in smoothed.label.map { smoothed[$0] } },
      distance: answer?.distance)
  }
}

/// What is remembered of one person.
private struct Follower: Sendable {
  /// So many repetitions are kept until it is known what somebody does.
  private static let mostEarly = 32

  private struct Candidate: Sendable {
    var counter: ExerciseCounter
    var early: [Repetition] = []
  }

  private var candidates: [Candidate]
  private var recognition: ExerciseRecognition?

  init(_ counting: MotionOptions.Counting) {
    let exercises: [Exercise] =
      switch counting {
      case .off: []
      case .exercise(let exercise): [exercise]
      case .auto: ExerciseRecognition.exercises
      }
    candidates = exercises.map { Candidate(counter: ExerciseCounter($0)) }
    if counting == .auto { recognition = ExerciseRecognition() }
  }

  var signals: [ExerciseSignal] {
    candidates.map {
      ExerciseSignal(
        exercise: $0.counter.exercise, reading: $0.counter.signal ?? .missing(.degenerate))
    }
  }

  mutating func add(
    _ points: BodyPoints, pictureHeight: Double, at time: Double
  ) -> RepetitionState? {
    recognition?.add(points, at: time)
    // Before it is known what somebody does everything is counted, so that the first ones are not lost.
    for place in candidates.indices {
      let completed = candidates[place].counter.add(
        points, pictureHeight: pictureHeight, at: time)
      if let completed, candidates[place].early.count < Self.mostEarly {
        candidates[place].early.append(completed)
      }
    }
    let named = candidates.indices.first { place in
      recognition.map { $0.exercise == candidates[place].counter.exercise } ?? true
    }
    guard let named else { return nil }
    let counter = candidates[named].counter
    let completed = candidates[named].early
    candidates[named].early = []
    return RepetitionState(
      exercise: counter.exercise, count: counter.count, isWorking: counter.isWorking,
      signal: counter.signal ?? .missing(.degenerate), completed: completed,
      unfinished: counter.unfinished)
  }
}

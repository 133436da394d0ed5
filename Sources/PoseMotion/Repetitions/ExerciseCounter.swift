public import Stance

/// Counts one person's repetitions of an exercise, frame by frame; in constant memory.
///
///     var counter = ExerciseCounter(.squat)
///     if let repetition = counter.add(person, in: frame.result.imageSize, at: frame.time) { print(repetition.number) }
public struct ExerciseCounter: Sendable {
  /// What is counted.
  public let exercise: Exercise
  /// The signal of the last frame, in its unit.
  public private(set) var signal: Reading?
  private var counter: RepetitionCounter
  private var sides = SideRanges()

  /// A counter that has seen nobody.
  public init(_ exercise: Exercise) {
    self.exercise = exercise
    counter = RepetitionCounter(exercise)
  }

  /// How many have been counted.
  public var count: Int { counter.count }
  /// Whether a repetition is under way.
  public var isWorking: Bool { counter.isWorking }
  /// What has been begun and is not back, once it has turned far enough to count.
  public var unfinished: Repetition? { counter.unfinished }

  /// Takes the person's next sight.
  ///
  /// - Parameters:
  ///   - size: of the picture that the person was found in.
  ///   - time: in seconds.
  /// - Returns: the repetition that is over with it.
  @discardableResult
  public mutating func add(_ person: Person, in size: ImageSize, at time: Double) -> Repetition? {
    add(BodyPoints(person, in: size), pictureHeight: Double(size.height), at: time)
  }

  mutating func add(
    _ points: BodyPoints, pictureHeight: Double, at time: Double
  ) -> Repetition? {
    let reading: Reading
    if let pair = exercise.sides {
      let (left, right) = (pair.left.world(points, .flexion), pair.right.world(points, .flexion))
      sides.add(left: left.value, right: right.value)
      reading =
        exercise.signal.source.joined(left, right, points)
        ?? exercise.signal.source.reading(points, pictureHeight: pictureHeight)
    } else {
      reading = exercise.signal.source.reading(points, pictureHeight: pictureHeight)
    }
    signal = reading
    let conditions = exercise.conditions
    var repetition = counter.add(reading.value, at: time) {
      (conditions.allSatisfy { $0.holds(points, pictureHeight) }, RepetitionForm(points))
    }
    guard repetition != nil else { return nil }
    repetition?.form?.sides = sides.sides
    sides = SideRanges()
    return repetition
  }
}

extension Exercise.Condition {
  /// Whether it holds; what was not seen speaks against nothing.
  fileprivate func holds(_ points: BodyPoints, _ pictureHeight: Double) -> Bool {
    guard let value = source.reading(points, pictureHeight: pictureHeight).value else {
      return true
    }
    return switch bound {
    case .atLeast(let least): value >= least
    case .atMost(let most): value <= most
    }
  }
}

/// What everybody did in a whole clip: curves, repetitions, and a second opinion on their number.
///
///     var record = MotionRecord(options)
///     for frame in frames { record.add(analyser.add(frame)) }
///     for summary in record.summaries { print(summary.id, summary.repetitions.count) }
public struct MotionRecord: Sendable {
  /// What one person did.
  public struct Summary: Sendable {
    /// Who.
    public var id: Int
    /// What was counted; nil where nothing was, and where it never became known what.
    public var exercise: Exercise?
    /// The repetitions, in order.
    public var repetitions: [Repetition]
    /// What was begun at the end.
    public var unfinished: Repetition?
    /// How often the signal repeats itself; nil where that can't be told.
    public var secondOpinion: SecondOpinion?
    /// For how many seconds the body was held in each way, "standing", "hands up" or a labelled pose's name; the longest first.
    public var postures: [(name: String, seconds: Double)]
    /// Of each angle that was asked for, by the picture and by the landmarks in metres, in degrees, unwrapped.
    public var angles: [AngleCurves]

    /// Of each landmark whose speed was asked for, where it was.
    public var landmarks: [LandmarkCurves]

    /// Whether the second opinion counts other turns than were counted.
    public var isDisputed: Bool {
      secondOpinion.map { $0.turns != repetitions.count + (unfinished == nil ? 0 : 1) } ?? false
    }
  }

  /// One angle over time.
  public struct AngleCurves: Sendable {
    /// Which.
    public var angle: Angle
    /// By the picture.
    public var plane: MotionCurve
    /// By the landmarks in metres.
    public var world: MotionCurve
  }

  private struct Kept: Sendable {
    var exercise: Exercise?
    var repetitions: [Repetition] = []
    var unfinished: Repetition?
    var signals: [Exercise: MotionCurve] = [:]
    var postures: [String: Double] = [:]
    var last: Double?
    var plane: [MotionCurve]
    var world: [MotionCurve]
    var landmarks: [LandmarkCurves]
  }

  /// So many numbers are kept: 256 MiB.
  public static let mostNumbers = 1 << 25

  /// Of a longer time between two frames, in seconds, nobody knows how the body was held.
  private static let longestStep = 0.5

  private let options: MotionOptions
  private let keepsAngles: Bool
  private var people: [Int: Kept] = [:]
  private var numbers = 0

  /// Whether so much came that curves end before their time; repetitions go on.
  public private(set) var isFull = false

  /// - Parameter keepsAngles: whether the angles' curves are wanted.
  public init(_ options: MotionOptions, keepsAngles: Bool = true) {
    self.options = options
    self.keepsAngles = keepsAngles
  }

  /// Takes the next frame; people without an id are passed over.
  public mutating func add(_ frame: MotionFrame) {
    for person in frame.people {
      guard let id = person.id else { continue }
      let blank = keepsAngles ? options.angles.map { _ in MotionCurve() } : []
      var kept =
        people[id]
        ?? Kept(
          plane: blank, world: blank, landmarks: options.landmarks.map { LandmarkCurves($0) })
      if let state = person.repetitions {
        kept.exercise = state.exercise
        kept.unfinished = state.unfinished
        kept.repetitions += state.completed
      }
      if let reading = person.posture {
        // What is told of a frame holds since the last one.
        let seconds = kept.last.map { min(max(0, frame.time - $0), Self.longestStep) } ?? 0
        for name in reading.names { kept.postures[name, default: 0] += seconds }
      }
      kept.last = frame.time
      keepCurves(of: person, in: &kept, at: frame.time)
      people[id] = kept
    }
  }

  private mutating func keepCurves(
    of person: PersonMotion, in kept: inout Kept, at time: Double
  ) {
    let count =
      (keepsAngles ? 4 * person.angles.count : 0) + 2 * person.signals.count
      + 10 * person.places.count
    guard numbers + count <= Self.mostNumbers else {
      isFull = true
      return
    }
    numbers += count
    for signal in person.signals {
      kept.signals[signal.exercise, default: MotionCurve()].append(signal.reading.value, at: time)
    }
    for (place, landmark) in person.places.enumerated() where place < kept.landmarks.count {
      kept.landmarks[place].add(landmark, at: time)
    }
    guard keepsAngles else { return }
    for (place, reading) in person.angles.enumerated() where place < kept.plane.count {
      kept.plane[place].append(reading.plane.value, at: time)
      kept.world[place].append(reading.world.value, at: time)
    }
  }

  /// Everybody, in order of the ids.
  public var summaries: [Summary] {
    people.sorted { $0.key < $1.key }.map { id, kept in
      Summary(
        id: id, exercise: kept.exercise, repetitions: kept.repetitions,
        unfinished: kept.unfinished,
        secondOpinion: kept.exercise.flatMap { exercise in
          kept.signals[exercise].flatMap {
            SecondOpinion($0, leastRange: exercise.signal.unit.leastRange)
          }
        },
        postures: kept.postures.filter { $0.value > 0 }
          .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
          .map { (name: $0.key, seconds: $0.value) },
        angles: zip(options.angles, zip(kept.plane, kept.world)).map { angle, curves in
          AngleCurves(
            angle: angle, plane: angle.wraps ? curves.0.unwrapped : curves.0, world: curves.1)
        }, landmarks: kept.landmarks)
    }
  }
}

extension PostureReading {
  /// All that holds.
  fileprivate var names: [String] {
    [posture.stand?.rawValue, posture.handsUp == true ? "hands up" : nil, label]
      .compactMap(\.self)
  }
}

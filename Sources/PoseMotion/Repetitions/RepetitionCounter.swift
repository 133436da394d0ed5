/// Counts the repetitions in a signal's values, as they come; in constant memory.
///
/// A repetition leaves rest, passes the exercise's least value (or half of the person's own range, where that is more) and
/// is counted when it is back: below the exercise's return value or 30 % of the person's own range. Two thresholds, so that
/// what trembles about one of them counts once. The own range is the 5th to 95th percentile so far, and says nothing until
/// it is 25° or 0.2 trunk lengths. Who is first seen in the middle of a repetition has not begun one.
public struct RepetitionCounter: Sendable {
  /// The longest, in seconds: who stays down is not repeating.
  public static let greatestDuration = 20.0
  /// Less of its frames seen, and it is not counted.
  public static let leastSeen = 0.5
  /// After so many seconds without a value nothing that was begun goes on.
  public static let greatestGap = 0.7

  private enum Part: String {
    case unknown, resting, working
  }

  /// What a repetition that was begun has shown.
  private struct Begun {
    var start: Double
    var rest: Double
    var extreme: Double
    var turn: Double
    var frames = 1
    var seen = 1
    /// Whether it has passed the least value with everything that must hold.
    var isFull = false
    /// Whether what must hold at the turn held at the farthest value.
    var holds = true
    var form: RepetitionForm?
  }

  private let exercise: Exercise
  private let leastRange: Double
  private var ownRange: RunningRange
  /// 1 where the signal rises from rest, −1 where it falls; nil until a signal without values of its own has moved.
  private var direction: Double?
  private var firstValue: Double?
  private var part = Part.unknown
  private var lowest = Double.infinity
  private var last: (value: Double, time: Double)?
  private var lastTime: Double?
  private var begun: Begun?

  /// How many have been counted.
  public private(set) var count = 0

  /// A counter that has seen nothing.
  public init(_ exercise: Exercise) {
    self.exercise = exercise
    leastRange = exercise.signal.unit.leastRange
    ownRange = RunningRange(width: exercise.signal.unit.leastRange / 25)
    direction = exercise.countsFrom == nil ? nil : 1
  }

  /// Whether a repetition is under way.
  public var isWorking: Bool { begun != nil }

  /// What has been begun and is not back, once it has turned far enough to count.
  public var unfinished: Repetition? {
    begun.flatMap { $0.isFull ? repetition($0, end: nil, number: count + 1) : nil }
  }

  /// Takes the next value.
  ///
  /// - Parameters:
  ///   - value: in the signal's unit; nil where it was not seen.
  ///   - time: in seconds; values that don't come later than the one before are passed over.
  /// - Returns: the repetition that is over with it.
  @discardableResult
  public mutating func add(_ value: Double?, at time: Double) -> Repetition? {
    add(value, at: time) { (true, nil) }
  }

  /// - Parameter look: tells whether the exercise's conditions hold, and the body's form; asked at each farthest value.
  mutating func add(
    _ value: Double?, at time: Double, look: () -> (holds: Bool, form: RepetitionForm?)
  ) -> Repetition? {
    guard time.isFinite, lastTime.map({ time > $0 }) ?? true else { return nil }
    lastTime = time
    guard let value, value.isFinite else {
      begun?.frames += 1
      return nil
    }
    if let last, time - last.time > Self.greatestGap { forget() }
    let signal = turned(value)
    ownRange.add(signal)
    defer { last = (signal, time) }
    let levels = levels(signal)
    if begun != nil {
      begun?.frames += 1
      begun?.seen += 1
    }
    if signal <= levels.back {
      defer {
        part = .resting
        // What only trembled about the level has not left rest.
        lowest = begun?.isFull == true ? signal : min(lowest, signal)
        begun = nil
      }
      return finished(signal, time, levels.back)
    }
    if part == .resting {
      begin(signal, time, levels.back)
      part = .working
    }
    extend(signal, time, levels.full, look)
    return nil
  }

  // MARK: Levels

  /// The value, turned so that it rises from rest.
  private mutating func turned(_ value: Double) -> Double {
    if let direction { return direction * value }
    let first = firstValue ?? value
    firstValue = first
    if abs(value - first) >= leastRange / 4 {
      direction = value > first ? 1 : -1
      // What came before is turned with it.
      ownRange = RunningRange(width: leastRange / 25)
      let rest = (direction ?? 1) * first
      ownRange.add(rest)
      lowest = rest
      last = last.map { (rest, $0.time) }
    }
    return (direction ?? 1) * value
  }

  private func levels(_ signal: Double) -> (full: Double, back: Double) {
    let own = ownRange.percentiles ?? (signal, signal)
    let range = own.high - own.low
    let rest = min(own.low, lowest)
    var full = exercise.countsFrom ?? rest + leastRange
    var back = exercise.returnsAt ?? rest + 0.4 * leastRange
    if range >= leastRange {
      full = max(full, own.low + 0.5 * range)
      back = max(back, own.low + 0.3 * range)
    }
    return (full, min(back, full - 0.3 * leastRange))
  }

  // MARK: Parts of a repetition

  private mutating func forget() {
    part = .unknown
    begun = nil
    lowest = .infinity
    last = nil
  }

  private mutating func begin(_ signal: Double, _ time: Double, _ level: Double) {
    begun = Begun(
      start: crossing(signal, time, level), rest: min(lowest, signal), extreme: signal, turn: time)
    begun?.extreme = -.infinity
  }

  private mutating func extend(
    _ signal: Double, _ time: Double, _ full: Double,
    _ look: () -> (holds: Bool, form: RepetitionForm?)
  ) {
    guard var current = begun, signal > current.extreme else { return }
    (current.extreme, current.turn) = (signal, time)
    if signal >= full {
      (current.holds, current.form) = look()
      current.isFull = current.holds
    }
    begun = current
  }

  private mutating func finished(
    _ signal: Double, _ time: Double, _ level: Double
  ) -> Repetition? {
    guard let current = begun, current.isFull else { return nil }
    let end = crossing(signal, time, level)
    let duration = end - current.start
    guard (exercise.leastDuration...Self.greatestDuration).contains(duration),
      current.extreme - current.rest >= exercise.leastRange,
      Double(current.seen) >= Self.leastSeen * Double(current.frames)
    else { return nil }
    count += 1
    return repetition(current, end: end, number: count)
  }

  /// When the straight line from the last value to this one passes a level.
  private func crossing(_ signal: Double, _ time: Double, _ level: Double) -> Double {
    guard let last, last.value != signal else { return time }
    let part = (level - last.value) / (signal - last.value)
    return last.time + max(0, min(1, part)) * (time - last.time)
  }

  private func repetition(_ begun: Begun, end: Double?, number: Int) -> Repetition {
    let sign = direction ?? 1
    return Repetition(
      number: number, start: begun.start, turn: begun.turn, end: end, rest: sign * begun.rest,
      extreme: sign * begun.extreme, seen: Double(begun.seen) / Double(begun.frames),
      form: begun.form)
  }
}

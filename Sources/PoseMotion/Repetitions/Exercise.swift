/// What is counted: a signal that rises from rest to a turn and returns, and what must hold at the turn.
public struct Exercise: Sendable, Hashable {
  /// What must hold at the turn, so that nothing else is counted.
  struct Condition: Hashable, Sendable {
    enum Bound: Hashable, Sendable {
      case atLeast(Double)
      case atMost(Double)
    }
    let source: MotionSignal.Source
    let bound: Bound
  }

  /// What it is called: "squat", or the signal's name.
  public let name: String
  /// By what it is counted.
  public let signal: MotionSignal
  /// A repetition turns at this value or above; nil: ``MotionSignal/Unit/leastRange`` from rest, whichever way.
  public let countsFrom: Double?
  /// It has returned at this value or below, whatever the person's own range is.
  public let returnsAt: Double?
  /// How far the signal must go, from rest to turn.
  public let leastRange: Double
  /// How many seconds it takes at least: 0.3, and 0.5 where the whole body moves.
  public let leastDuration: Double
  let conditions: [Condition]

  init(
    _ name: String, _ signal: MotionSignal, countsFrom: Double? = nil, returnsAt: Double? = nil,
    leastRange: Double? = nil, leastDuration: Double = 0.3, _ conditions: [Condition] = []
  ) {
    self.name = name
    self.signal = signal
    self.countsFrom = countsFrom
    self.returnsAt = returnsAt
    self.leastRange = leastRange ?? signal.unit.leastRange
    self.leastDuration = leastDuration
    self.conditions = conditions
  }

  /// Whatever makes this signal leave its rest and come back.
  public init(_ signal: MotionSignal) { self.init(signal.name, signal) }

  /// The built-in exercise of that name, or that of a signal; nil if there is neither.
  public init?(name: String) {
    if let known = Self.all.first(where: { $0.name == name }) {
      self = known
    } else if let signal = MotionSignal(name: name) {
      self.init(signal)
    } else {
      return nil
    }
  }
}

/// One repetition: out, a turn, and back.
public struct Repetition: Sendable, Hashable {
  /// Which of the person's it is, from 1.
  public var number: Int
  /// When the signal left rest, in seconds: where it passed the return level on its way out.
  public var start: Double
  /// When it was farthest, in seconds.
  public var turn: Double
  /// When it was back, in seconds, at the same level; nil while it is unfinished.
  public var end: Double?
  /// The signal where it was nearest to rest before, in its unit.
  public var rest: Double
  /// The signal at the turn, in its unit.
  public var extreme: Double
  /// The share, 0...1, of its frames whose joints were seen; the others were bridged.
  public var seen: Double
  /// What the body was like at the turn; nil where only values were given.
  public var form: RepetitionForm?

  /// How far the signal went, in its unit.
  public var range: Double { abs(extreme - rest) }
  /// Seconds from start to turn.
  public var outward: Double { turn - start }
  /// Seconds from turn to end.
  public var back: Double? { end.map { $0 - turn } }
  /// Seconds from start to end.
  public var duration: Double? { end.map { $0 - start } }
  /// Whether the joints were seen in at least 80 % of its frames.
  public var isJudgedFromSeen: Bool { seen >= 0.8 }
}

import Stance

/// Which model the requests get that name none: lighter while they wait too long, heavier again when they don't.
///
/// A value without a clock: every wait comes with the time at which it was seen.
struct AdaptiveComplexity: Sendable {
  /// What is used without load.
  let preferred: Complexity
  /// The wait from which the next lighter model is taken.
  let target: Duration
  /// How long one model is kept before the next lighter one: a step needs time to show.
  static let holdDown = Duration.seconds(2)
  /// How long waits must have stayed below a quarter of the target before the next heavier one.
  static let holdUp = Duration.seconds(10)

  private var current: Complexity
  /// Since when no wait has been long; each step up begins it anew.
  private var calmSince = Duration.zero
  private var steppedDown: Duration?

  init(preferred: Complexity, target: Duration) {
    (self.preferred, self.target, current) = (preferred, target, preferred)
  }

  /// Takes note of one request's wait; `now` only ever grows.
  mutating func observe(waited: Duration, at now: Duration) {
    guard waited > target / 4 else { return }
    current = complexity(at: now)
    calmSince = now
    guard waited > target, steppedDown.map({ now - $0 >= Self.holdDown }) ?? true,
      let lighter = Complexity(rawValue: current.rawValue - 1)
    else { return }
    current = lighter
    steppedDown = now
  }

  /// Takes note of a request that was refused: with a short queue all waits that end well are short, however many
  /// requests are too many.
  mutating func observeRefusal(at now: Duration) { observe(waited: target * 2, at: now) }

  /// What is used now. Time alone steps up too: after a quiet night nobody gets a light model first.
  mutating func complexity(at now: Duration) -> Complexity {
    while current != preferred, now - calmSince >= Self.holdUp,
      let heavier = Complexity(rawValue: current.rawValue + 1)
    {
      current = heavier
      calmSince += Self.holdUp
    }
    return current
  }
}

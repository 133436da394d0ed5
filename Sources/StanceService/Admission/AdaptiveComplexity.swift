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

  /// What is used now.
  private(set) var current: Complexity
  private var changed: Duration?
  private var calmSince: Duration?

  init(preferred: Complexity, target: Duration) {
    (self.preferred, self.target, current) = (preferred, target, preferred)
  }

  /// Takes note of one request's wait; `now` only ever grows.
  mutating func observe(waited: Duration, at now: Duration) {
    if waited > target {
      calmSince = nil
      let isHeld = changed.map { now - $0 < Self.holdDown } ?? false
      if !isHeld { step(to: Complexity(rawValue: current.rawValue - 1), at: now) }
    } else if waited > target / 4 {
      calmSince = nil
    } else {
      let since = calmSince ?? now
      calmSince = since
      guard current != preferred, now - since >= Self.holdUp else { return }
      step(to: Complexity(rawValue: current.rawValue + 1), at: now)
      calmSince = now
    }
  }

  private mutating func step(to complexity: Complexity?, at now: Duration) {
    guard let complexity else { return }
    current = complexity
    changed = now
  }
}

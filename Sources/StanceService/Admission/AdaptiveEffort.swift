/// How much is done for requests that leave it open: less while they wait too long, more again when they don't.
///
/// A value without a clock: every wait comes with the time at which it was seen.
struct AdaptiveEffort: Sendable {
  /// What is done without load, then what is done step by step instead.
  let levels: [Effort]
  /// The wait from which the next lesser level is taken.
  let target: Duration
  /// How long one level is kept before the next lesser one: a step needs time to show.
  static let holdDown = Duration.seconds(2)
  /// How long waits must have stayed below a quarter of the target before the next greater one.
  static let holdUp = Duration.seconds(10)

  /// How many steps down: an index of `levels`.
  private var steps = 0
  /// Since when no wait has been long; each step up begins it anew.
  private var calmSince = Duration.zero
  private var steppedDown: Duration?

  init(preferred: Effort, target: Duration) {
    (levels, self.target) = (preferred.levels, target)
  }

  /// Takes note of one request's wait; `now` only ever grows.
  mutating func observe(waited: Duration, at now: Duration) {
    guard waited > target / 4 else { return }
    stepUp(at: now)
    calmSince = now
    guard waited > target, steppedDown.map({ now - $0 >= Self.holdDown }) ?? true,
      steps + 1 < levels.count
    else { return }
    steps += 1
    steppedDown = now
  }

  /// Takes note of a request that was refused: with a short queue all waits that end well are short, however many
  /// requests are too many.
  mutating func observeRefusal(at now: Duration) { observe(waited: target * 2, at: now) }

  /// What is done now. Time alone steps up too: after a quiet night nobody gets a light model or a quick look first.
  mutating func effort(at now: Duration) -> Effort {
    stepUp(at: now)
    return levels[steps]
  }

  private mutating func stepUp(at now: Duration) {
    while steps > 0, now - calmSince >= Self.holdUp {
      steps -= 1
      calmSince += Self.holdUp
    }
  }
}

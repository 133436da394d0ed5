/// So many messages a second on average, some more at once: what a network held back comes in one go.
struct MessageRate {
  private static let burstSeconds = 3.0

  let perSecond: Double
  private var left: Double
  private var last: ContinuousClock.Instant

  init(perSecond: Int, at now: ContinuousClock.Instant) {
    self.perSecond = Double(perSecond)
    (left, last) = (Double(perSecond) * Self.burstSeconds, now)
  }

  /// Whether one more may come now.
  mutating func take(at now: ContinuousClock.Instant) -> Bool {
    left = min(perSecond * Self.burstSeconds, left + perSecond * ((now - last) / .seconds(1)))
    last = now
    guard left >= 1 else { return false }
    left -= 1
    return true
  }
}

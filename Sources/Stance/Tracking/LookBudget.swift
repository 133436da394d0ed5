/// When to look for people whom no track has: so many passes for each second of the source's time, whatever the load.
struct LookBudget: Sendable {
  /// Passes a second: when everybody is where he should be, when somebody is missing, and just after somebody was lost
  /// or may be new.
  static let (calm, missing, alert) = (3.0, 10.0, 60.0)
  /// At most so many passes are saved up.
  static let most = 10.0
  /// For so many seconds after the last reason the alert goes on.
  static let alertSeconds = 1.0
  /// So many seconds are between looks at the picture: when calm, when somebody is missing, and on the alert.
  static let (calmInterval, missingInterval, alertInterval) = (0.5, 0.25, 0.15)
  /// So many frames are looked at one after the other when everything may be new.
  static let eagerLooks = 3

  /// What is looked at.
  enum Look { case whole, boxes, part }

  private var saved = most
  private var now: Double?
  private var alertUntil = -Double.infinity
  private var lastLook = -Double.infinity
  private var looks = 0
  private var eager = eagerLooks
  /// Whether somebody is out of sight who is remembered.
  var isMissingSomebody = false

  /// The next frame's time has come.
  mutating func pass(to time: Double) {
    saved = min(
      Self.most,
      saved + (isAlert ? Self.alert : isMissingSomebody ? Self.missing : Self.calm)
        * (now.map { time - $0 } ?? 0))
    now = time
  }

  /// Somebody is missing, or may be new.
  mutating func alarm() { alertUntil = (now ?? 0) + Self.alertSeconds }

  /// Everything may be new: this frame is looked at whatever was spent before.
  mutating func startAnew() {
    alarm()
    (saved, looks, eager) = (Self.most, 0, Self.eagerLooks)
  }

  private var isAlert: Bool { (now ?? 0) < alertUntil }

  /// Takes some passes off, if there are so many.
  ///
  /// - Returns: whether there are.
  mutating func spend(_ passes: Int) -> Bool {
    guard saved >= Double(passes) else { return false }
    saved -= Double(passes)
    return true
  }

  /// Takes off what a look has taken more than was thought.
  mutating func owe(_ passes: Int) { saved -= Double(passes) }

  /// What to look at in this frame; nil when nothing is due.
  mutating func nextLook() -> Look? {
    let now = now ?? 0
    let interval =
      isAlert
      ? Self.alertInterval : isMissingSomebody ? Self.missingInterval : Self.calmInterval
    // A hair's breadth: times are sums of roundings.
    guard eager > 0 || now - lastLook > interval - 1e-6, spend(1) else { return nil }
    lastLook = now
    defer { (looks, eager) = (looks + 1, max(0, eager - 1)) }
    return isAlert || isMissingSomebody
      ? [Look.whole, .whole, .whole, .part][looks % 4] : [Look.whole, .boxes, .part][looks % 3]
  }
}

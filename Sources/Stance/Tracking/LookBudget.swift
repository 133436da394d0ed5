/// When to look for people whom no track has: so many passes for each second of the source's time, whatever the load.
struct LookBudget: Sendable {
  /// Passes a second when everybody is where he should be.
  static let calm = 3.0
  /// Passes a second when somebody is missing, or may be new.
  static let alert = 15.0
  /// At most so many passes are saved up.
  static let most = 6.0
  /// For so many seconds after the last reason the alert goes on.
  static let alertSeconds = 1.0

  /// What is looked at.
  enum Look { case whole, boxes, part }

  private var saved = most
  private var last: Double?
  private var alertUntil: Double?
  private var looks = 0

  /// Somebody is missing, or may be new.
  mutating func alarm(at time: Double) { alertUntil = time + Self.alertSeconds }

  /// Everything may be new: the next frame is looked at whatever was spent before.
  mutating func startAnew(at time: Double) {
    alarm(at: time)
    (saved, looks) = (Self.most, 0)
  }

  /// Whether there is an alert.
  func isAlert(at time: Double) -> Bool { alertUntil.map { time < $0 } ?? false }

  /// What to look at in the frame of that time; nil when nothing is due.
  mutating func look(at time: Double) -> Look? {
    let rate = isAlert(at: time) ? Self.alert : Self.calm
    saved = min(Self.most, saved + rate * (last.map { time - $0 } ?? 0))
    last = time
    guard saved >= 1 else { return nil }
    looks += 1
    if isAlert(at: time) { return looks % 4 == 0 ? .part : .whole }
    return [Look.whole, .boxes, .part][looks % 3]
  }

  /// Takes what was spent off.
  mutating func spend(_ passes: Int) { saved -= Double(passes) }
}

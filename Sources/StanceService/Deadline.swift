/// When a request's work has to be done.
struct Deadline: Sendable {
  /// How long it may take from the deadline's making on.
  let time: Duration
  let instant: ContinuousClock.Instant

  init(after time: Duration) { (self.time, instant) = (time, .now + time) }
}

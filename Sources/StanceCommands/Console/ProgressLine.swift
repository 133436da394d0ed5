/// How far the work is, "12 of 480 photos", on standard error, rewritten in place; nothing unless a person watches.
struct ProgressLine {
  private let console: Console
  private var isShown = false
  private var shownAt: ContinuousClock.Instant?

  init(_ console: Console) { self.console = console }

  /// Shows a text, at most ten times a second.
  mutating func show(_ text: String) {
    guard console.showsProgress else { return }
    let now = ContinuousClock.now
    if let shownAt, now - shownAt < .milliseconds(100) { return }
    shownAt = now
    isShown = true
    write("\r\(text)\u{1B}[K")
  }

  /// Takes the line away, so that other output can stand in its place.
  mutating func clear() {
    guard isShown else { return }
    isShown = false
    write("\r\u{1B}[K")
  }

  // Progress that can't be shown is no failure of the job.
  private func write(_ text: String) { try? console.errors.write(Array(text.utf8)) }
}

/// How many items one claim takes: about as many as are done in a given time, and never most of what is left of a job, since the other
/// workers shall have something too.
struct BatchSize {
  private let time: Duration
  private let most: Int
  private var size = 1

  init(time: Duration, most: Int) { (self.time, self.most) = (time, most) }

  /// For the next claim.
  var next: Int { size }

  /// Learns of a batch.
  ///
  /// - Parameter left: the job's items that have not ended; nil: not known.
  mutating func learn(items: Int, took: Duration, left: Int?) {
    let each = max(took / .seconds(1) / Double(max(1, items)), 0.0001)
    let wanted = Int(min(Double(most), (time / .seconds(1)) / each))
    // Twice as many at most: the next items can be of another kind.
    size = max(1, min(wanted, 2 * size, most, left.map { $0 / Self.share } ?? most))
  }

  /// Learns that a batch had to wait. With others beside it an item shows whether it is the one at fault.
  mutating func widen() { size = min(most, max(Self.company, size)) }

  private static let company = 8
  /// Of what is left a claim takes a quarter.
  private static let share = 4
}

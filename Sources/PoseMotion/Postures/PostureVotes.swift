import Glibc

/// A classifier's votes for one person, smoothed in time, and the label that they hold to: entered at 0.6 and left at 0.4, as in
/// MediaPipe's guide, so that one odd frame changes nothing.
struct PostureVotes: Sendable {
  static let entered = 0.6
  static let left = 0.4
  /// Seconds after which an old vote counts 1/e.
  static let smoothing = 0.15

  private var confidence: [String: Double] = [:]
  private var last: Double?
  /// What the pose is like; nil while nothing has been entered.
  private(set) var label: String?

  /// 0...1; of the first vote that is the share itself.
  subscript(label: String) -> Double { confidence[label] ?? 0 }

  /// Takes a vote in. A pose that is none speaks against all, and so does one that was not seen (nil).
  mutating func add(_ answer: PostureClassifier.Answer?, at time: Double) {
    let weight = last.map { 1 - exp(-max(0, time - $0) / Self.smoothing) } ?? 1
    last = time
    let votes = answer.flatMap { $0.label == nil ? nil : $0.votes } ?? [:]
    for name in Set(confidence.keys).union(votes.keys) {
      let old = self[name]
      confidence[name] = old + weight * ((votes[name] ?? 0) - old)
    }
    if let label, self[label] <= Self.left { self.label = nil }
    guard label == nil else { return }
    label =
      confidence.filter { $0.value >= Self.entered }
      .max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}

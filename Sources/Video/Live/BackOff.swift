/// How long to wait before a lost source is tried again: twice as long each time, up to a limit.
package struct BackOff: Sendable {
  /// The first wait.
  package var first = Duration.milliseconds(500)
  /// The longest.
  package var longest = Duration.seconds(10)

  /// 0.5, 1, 2, 4, 8, 10, 10 … s unless said otherwise.
  package init(first: Duration = .milliseconds(500), longest: Duration = .seconds(10)) {
    (self.first, self.longest) = (first, longest)
  }

  /// The wait before this attempt, which count from 0.
  package func delay(before attempt: Int) -> Duration {
    // Beyond 2^20 every limit is reached.
    min(longest, first * (1 << min(max(attempt, 0), 20)))
  }
}

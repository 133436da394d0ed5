/// What the callers were answered, and when.
struct Tally {
  /// Milliseconds to each answer of status 200.
  private(set) var times: [Double] = []
  /// Answers of status 503.
  private(set) var refusals = 0
  /// Milliseconds to the slowest answer of either status.
  private(set) var longest = 0.0

  /// Counts an answer.
  ///
  /// - Returns: nil for an answer; for a refusal, after how long to ask again.
  /// - Throws: for any other status, and for a 503 without `Retry-After`.
  mutating func count(
    _ answer: HTTPAnswer, _ time: Duration, of photo: String
  ) throws(CallFailure) -> Duration? {
    longest = max(longest, time.milliseconds)
    switch (answer.status, answer.retryAfter) {
    case (200, _):
      times.append(time.milliseconds)
      return nil
    case (503, let seconds?):
      refusals += 1
      return .seconds(seconds)
    case (503, nil): throw CallFailure("a 503 without Retry-After for \(photo)")
    case (let status, _):
      let text = String(decoding: answer.body.prefix(200), as: UTF8.self)
      throw CallFailure("status \(status) for \(photo): \(text)")
    }
  }

  /// The round as a line, after so many milliseconds.
  func report(after elapsed: Double) -> ReportLine {
    var report = ReportLine()
    report.add("answers", Double(times.count))
    report.add("refused", Double(refusals))
    report.add("perSecond", Double(times.count) / elapsed * 1e3)
    report.add("median", times.median)
    report.add("p99", times.quantile(0.99))
    report.add("longest", longest)
    return report
  }
}

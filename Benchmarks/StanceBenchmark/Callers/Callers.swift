import Files
import Glibc

/// Callers of a service on this machine, all on one thread: what measures must not take the cores that it measures.
///
/// Each answer is compared with the one that a lone caller got for the same photo. Whatever is neither that answer nor
/// a 503 with `Retry-After`, which is heeded, is a `CallFailure`.
struct Callers {
  private let arguments: Arguments
  private let requests: [[UInt8]]
  private var expected: [[UInt8]] = []

  /// Learns the answers.
  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    requests = try arguments.photos.map {
      PhotoRequest.bytes(
        of: try Files.read($0, limit: 20 << 20), to: arguments.target, field: arguments.field)
    }
    let count = requests.count
    var learned: [[UInt8]] = []
    _ = try call(by: 1, while: { $0.times.count < count }) { learned.append(Array($1)) }
    guard Set(learned).count == count else {
      throw CallFailure("two photos have the same answer, so that a mix-up would not show")
    }
    expected = learned
  }

  /// Calls for so long; what is under way then is still answered.
  func call(for time: Duration) throws -> ReportLine {
    let start = ContinuousClock.now
    return try report { _ in ContinuousClock.now - start < time }
  }

  /// Calls until there are so many answers, or a few more.
  func call(answers count: Int) throws -> ReportLine {
    try report { $0.times.count < count }
  }

  private func report(while goesOn: (Tally) -> Bool) throws -> ReportLine {
    let start = ContinuousClock.now
    let tally = try call(by: arguments.callers, while: goesOn) { photo, answer in
      guard answer.elementsEqual(expected[photo]) else { throw mistake(photo, answer) }
    }
    let elapsed = (ContinuousClock.now - start).milliseconds
    var report = ReportLine()
    report.add("answers", Double(tally.times.count))
    report.add("refused", Double(tally.refusals))
    report.add("perSecond", Double(tally.times.count) / elapsed * 1e3)
    report.add("median", tally.times.median)
    report.add("p99", tally.times.quantile(0.99))
    report.add("longest", tally.longest)
    return report
  }

  private func mistake(_ photo: Int, _ answer: ArraySlice<UInt8>) -> CallFailure {
    let other = expected.firstIndex { answer.elementsEqual($0) }
    let what = other.map { "that to \(arguments.photos[$0])" } ?? Self.text(answer)
    return CallFailure("a wrong answer to \(arguments.photos[photo]): \(what)")
  }

  private static func text(_ body: ArraySlice<UInt8>) -> String {
    String(decoding: body.prefix(200), as: UTF8.self)
  }

  private struct Tally {
    /// Milliseconds to each answer of status 200.
    var times: [Double] = []
    /// Answers of status 503.
    var refusals = 0
    /// Milliseconds to the slowest answer of any status.
    var longest = 0.0
  }

  private func call(
    by count: Int, while goesOn: (Tally) -> Bool,
    take: (_ photo: Int, _ answer: ArraySlice<UInt8>) throws -> Void
  ) throws -> Tally {
    var tally = Tally()
    var callers = (0..<count).map { _ in Caller(port: arguments.port) }
    for number in callers.indices {
      let photo = number % requests.count
      try callers[number].ask(photo, requests[photo])
    }
    while goesOn(tally) || callers.contains(where: \.isAsking) {
      var watched = callers.map(\.interest)
      guard poll(&watched, nfds_t(watched.count), Self.longestSleep) >= 0 else {
        throw CallFailure("poll failed: \(String(cString: strerror(errno)))")
      }
      for (number, watched) in watched.enumerated() {
        guard let (answer, time) = try callers[number].advance(watched.revents) else { continue }
        let photo = callers[number].photo
        tally.longest = max(tally.longest, time.milliseconds)
        var next = (photo: (photo + 1) % requests.count, delay: Duration.zero)
        switch (answer.status, answer.retryAfter) {
        case (200, _):
          try take(photo, Self.withoutTiming(answer.body))
          tally.times.append(time.milliseconds)
        case (503, let seconds?):
          tally.refusals += 1
          next = (photo, .seconds(seconds))
        default:
          throw CallFailure(
            "status \(answer.status) for \(arguments.photos[photo]): \(Self.text(answer.body))")
        }
        if goesOn(tally) {
          try callers[number].ask(next.photo, requests[next.photo], after: next.delay)
        }
      }
    }
    return tally
  }

  /// Milliseconds after which callers who were refused are looked at.
  private static let longestSleep: Int32 = 20

  /// An answer up to its times, which are the last member and differ from call to call.
  private static func withoutTiming(_ body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let end = body.suffix(200).firstRange(of: Array(#","timing":{"#.utf8))
    return body[..<(end?.lowerBound ?? body.endIndex)]
  }
}

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
      guard answer == expected[photo][...] else { throw mistake(photo, answer) }
    }
    return tally.report(after: (ContinuousClock.now - start).milliseconds)
  }

  private func mistake(_ photo: Int, _ answer: ArraySlice<UInt8>) -> CallFailure {
    let other = expected.firstIndex { answer == $0[...] }
    let what = other.map { "that to \(arguments.photos[$0])" } ?? "\(answer.count) other bytes"
    return CallFailure("a wrong answer to \(arguments.photos[photo]): \(what)")
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
        // Once it is over, nobody who waits asks again.
        guard goesOn(tally) || callers[number].isAsking else { continue }
        guard let (answer, time) = try callers[number].advance(watched.revents) else { continue }
        let photo = callers[number].photo
        let delay = try tally.count(answer, time, of: arguments.photos[photo])
        if delay == nil { try take(photo, Self.withoutTiming(answer.body)) }
        guard goesOn(tally) else { continue }
        // Whoever was refused asks again.
        let next = delay == nil ? (photo + 1) % requests.count : photo
        try callers[number].ask(next, requests[next], after: delay ?? .zero)
      }
    }
    return tally
  }

  /// Milliseconds after which callers who were refused are looked at.
  private static let longestSleep: Int32 = 20

  /// An answer up to its times, which are the last member and differ from call to call.
  private static func withoutTiming(_ body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    body[..<(body.suffix(200).firstIndex(of: #","timing":{"#) ?? body.endIndex)]
  }
}

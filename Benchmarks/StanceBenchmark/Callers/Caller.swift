import Glibc

/// Somebody who sends a photo, takes the answer and sends the next, on one connection while the service keeps it.
struct Caller {
  private enum State {
    case idle
    case waiting(until: ContinuousClock.Instant)
    case asking(since: ContinuousClock.Instant)
  }

  /// Longer than any limit of a service: a benchmark must end.
  private static let patience = Duration.seconds(60)

  /// The number of the photo that was sent last.
  private(set) var photo = 0
  private let port: UInt16
  private var state = State.idle
  private var connection: Connection?
  private var unsent: ArraySlice<UInt8> = []
  private var received: [UInt8] = []

  init(port: UInt16) { self.port = port }

  /// Whether an answer is to come.
  var isAsking: Bool { if case .asking = state { true } else { false } }

  /// What `poll` is to watch for.
  var interest: pollfd {
    guard isAsking, let connection else { return pollfd(fd: -1, events: 0, revents: 0) }
    let events = POLLIN | (unsent.isEmpty ? 0 : POLLOUT)
    return pollfd(fd: connection.descriptor, events: Int16(events), revents: 0)
  }

  /// Sends a photo, or has ``advance(_:)`` do so when the delay is over.
  mutating func ask(
    _ photo: Int, _ request: [UInt8], after delay: Duration = .zero
  ) throws(CallFailure) {
    (self.photo, unsent) = (photo, request[...])
    state = .waiting(until: .now + delay)
    if delay == .zero { try begin() }
  }

  /// Goes on as far as is possible now.
  ///
  /// - Returns: the answer and its time, connecting included, when it is whole.
  /// - Throws: when there will be none.
  mutating func advance(_ events: Int16) throws(CallFailure) -> (HTTPAnswer, took: Duration)? {
    switch state {
    case .idle: return nil
    case .waiting(let time):
      guard time <= .now else { return nil }
      try begin()
      return nil
    case .asking(let since):
      let time = ContinuousClock.now - since
      guard time < Self.patience else { throw CallFailure("no answer within \(Self.patience)") }
      return try exchange(events).map { ($0, time) }
    }
  }

  private mutating func begin() throws(CallFailure) {
    state = .asking(since: .now)
    received.removeAll(keepingCapacity: true)
    if connection == nil { connection = try Connection(port: port) }
    send()
  }

  private mutating func send() {
    if let connection { unsent.removeFirst(connection.send(unsent)) }
  }

  private mutating func exchange(_ events: Int16) throws(CallFailure) -> HTTPAnswer? {
    if events & Int16(POLLOUT) != 0 { send() }
    guard events & ~Int16(POLLOUT) != 0 else { return nil }
    try connection?.receive(into: &received)
    guard let answer = try HTTPAnswer(received) else { return nil }
    state = .idle
    // A refusal may come before the photo was sent whole; the rest is never read.
    if !answer.keepsConnection || !unsent.isEmpty { connection = nil }
    return answer
  }
}

internal import StanceJobs
internal import Synchronization

/// Wakes who waits for work, on this machine and others: one of those who wait listens at the server and wakes the others.
///
/// A hint and no more: whoever is woken, or has waited half a second, looks in any case.
final class ServerBell<Line>: Sendable {
  /// Sendable since it is here or with the one who listens, never both.
  private struct Held: @unchecked Sendable { let line: Line }

  private enum State {
    case free(Held?)
    case taken
  }

  private let state = Mutex(State.free(nil))
  private let waiting = JobBell()
  private let connect: @Sendable (Deadline) throws(ConnectionError) -> Line
  private let listen: @Sendable (Line, Duration) throws(ConnectionError) -> Bool

  /// - Parameters:
  ///   - connect: makes a connection to listen by.
  ///   - listen: waits for so long, and says whether there was anything.
  init(
    connect: @escaping @Sendable (Deadline) throws(ConnectionError) -> Line,
    listen: @escaping @Sendable (Line, Duration) throws(ConnectionError) -> Bool
  ) {
    self.connect = connect
    self.listen = listen
  }

  /// Wakes who waits in this process, but for who listens: the server wakes them.
  func ring() { waiting.ring() }

  func wait(atMost time: Duration) {
    let time = min(time, .milliseconds(500))
    let (isFirst, held) = state.withLock { state -> (Bool, Held?) in
      guard case .free(let held) = state else { return (false, nil) }
      state = .taken
      return (true, held)
    }
    guard isFirst else {
      waiting.wait(atMost: time)
      return
    }
    var kept: Held?
    do throws(ConnectionError) {
      let line: Line
      if let held { line = held.line } else { line = try connect(Deadline(after: .seconds(5))) }
      if try listen(line, time) { waiting.ring() }
      kept = Held(line: line)
    } catch {
      // No line, no hint. Whoever asks for work next hears what is wrong.
      waiting.wait(atMost: time)
    }
    state.withLock { $0 = .free(kept) }
  }
}

import Synchronization

/// Who has a live session, and whether the engines are enough for one more.
///
/// Sessions and photos take turns at the engines, each with one frame at a time: one more makes everybody slower, and
/// nobody waits for ever. So there is an end to how many are let in.
final class LiveSessions: Sendable {
  /// A place, held until it is given back or nobody has it any more.
  final class Place: Sendable {
    private let sessions: LiveSessions
    private let id: Int

    fileprivate init(_ sessions: LiveSessions, _ id: Int) {
      (self.sessions, self.id) = (sessions, id)
    }

    deinit { giveBack() }

    func giveBack() { sessions.leave(id) }

    /// Takes note of how long one frame kept an engine.
    func note(_ time: Duration) { sessions.note(time / .seconds(1), id) }
  }

  private struct State {
    /// Of each session the seconds that a frame keeps an engine, a moving average.
    var costs: [Int: Double] = [:]
    /// Of whom no key was seen yet.
    var waiting: Set<Int> = []
    var nextID = 0
  }

  /// Who may wait for a key to be asked for it, beside those with a session.
  static let maxWaiting = 16
  /// What a frame keeps an engine, in seconds, as long as nobody knows: one person of 640 × 480
  /// pixels by the full model takes 12 ms (docs/live.md).
  static let assumedCost = 0.02
  private static let retrySeconds = 5

  private let limit: Int
  private let engines: Int
  private let leastRate: Double
  private let state = Mutex(State())

  /// - Parameters:
  ///   - limit: sessions, whatever they cost.
  ///   - leastRate: frames a second that each shall get.
  init(limit: Int, engines: Int, leastRate: Double) {
    (self.limit, self.engines, self.leastRate) = (limit, engines, leastRate)
  }

  /// Sessions that there are.
  var count: Int { state.withLock { $0.costs.count } }

  /// Clients that have not shown a key yet.
  var waiting: Int { state.withLock { $0.waiting.count } }

  /// - Throws: `Problem` with `overloaded`.
  func enter() throws(Problem) -> Place {
    let id = try state.withLock { state throws(Problem) in
      let count = state.costs.count
      guard count < limit else {
        throw .overloaded(
          "\(count) live sessions are open, the most allowed", retryAfter: Self.retrySeconds)
      }
      let sum = state.costs.values.reduce(0, +)
      let usual = count == 0 ? Self.assumedCost : sum / Double(count)
      // The first one is welcome however slow the machine is.
      guard count == 0 || (sum + usual) * leastRate <= Double(engines) else {
        throw .overloaded(
          "\(count) live sessions are open; with one more each would get fewer than \(leastRate) frames a second",
          retryAfter: Self.retrySeconds)
      }
      state.nextID += 1
      state.costs[state.nextID] = usual
      return state.nextID
    }
    return Place(self, id)
  }

  /// A place to show a key from.
  ///
  /// - Throws: `Problem` with `overloaded`.
  func enterWithoutKey() throws(Problem) -> Place {
    let id = try state.withLock { state throws(Problem) in
      guard state.waiting.count < Self.maxWaiting else {
        throw .overloaded(
          "\(Self.maxWaiting) clients have yet to show a key, the most allowed",
          retryAfter: Self.retrySeconds)
      }
      state.nextID += 1
      state.waiting.insert(state.nextID)
      return state.nextID
    }
    return Place(self, id)
  }

  private func leave(_ id: Int) {
    state.withLock { state in
      state.costs[id] = nil
      state.waiting.remove(id)
    }
  }

  private func note(_ cost: Double, _ id: Int) {
    state.withLock { state in
      guard let usual = state.costs[id] else { return }
      state.costs[id] = 0.9 * usual + 0.1 * cost
    }
  }
}

import Synchronization

/// Where the service is in its life.
final class ServiceState: Sendable {
  enum Phase: String, Sendable { case starting, ready, draining }

  private struct State {
    var phase = Phase.starting
    var drainingSince: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  var phase: Phase { state.withLock { $0.phase } }

  /// The models are warm. A service that drains already stays so.
  func becomeReady() { state.withLock { if $0.phase == .starting { $0.phase = .ready } } }

  func drain() {
    state.withLock { state in
      state.phase = .draining
      state.drainingSince = state.drainingSince ?? .now
    }
  }

  /// Whether what still goes on must come to its end by itself, so that its client is told, before all is cut off.
  ///
  /// - Parameter grace: how long after ``drain()`` that is.
  func isEnding(of grace: Duration) -> Bool {
    guard let since = state.withLock({ $0.drainingSince }) else { return false }
    return ContinuousClock.now - since > grace - min(grace / 2, Self.lastWords)
  }

  /// How long ending by itself may take.
  private static let lastWords = Duration.seconds(3)
}

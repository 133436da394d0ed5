import Synchronization

/// Where the service is in its life.
final class ServiceState: Sendable {
  enum Phase: String, Sendable { case starting, ready, draining }

  private let current = Mutex(Phase.starting)

  var phase: Phase { current.withLock { $0 } }

  /// The models are warm. A service that drains already stays so.
  func becomeReady() { current.withLock { if $0 == .starting { $0 = .ready } } }

  func drain() { current.withLock { $0 = .draining } }
}

import Synchronization

/// Something one task waits for even when it is cancelled.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func open() {
    state.withLock { state in
      state.isOpen = true
      state.waiting?.resume()
      state.waiting = nil
    }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if state.isOpen { continuation.resume() } else { state.waiting = continuation }
      }
    }
  }
}

/// Runs an action after a while, unless ended before.
final class GraceTimer: Sendable {
  private struct State {
    var task: Task<Void, Never>?
    var hasRung = false
  }

  private let state = Mutex(State())

  /// Started where a task is cancelled, so that the waiting needs a task of its own.
  func start(_ grace: Duration, _ action: @escaping @Sendable () -> Void) {
    let task = Task {
      do { try await Task.sleep(for: grace) } catch { return }
      state.withLock { $0.hasRung = true }
      action()
    }
    state.withLock { $0.task = task }
  }

  /// Whether the action has run.
  func end() -> Bool {
    state.withLock { state in
      state.task?.cancel()
      return state.hasRung
    }
  }
}

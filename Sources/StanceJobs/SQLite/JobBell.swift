internal import Dispatch
internal import Synchronization

/// Wakes threads of this process that wait for something to claim.
package final class JobBell: Sendable {
  private struct Waiting {
    var next = 0
    var semaphores: [Int: DispatchSemaphore] = [:]
  }
  private let waiting = Mutex(Waiting())

  package init() {}

  package func ring() {
    waiting.withLock {
      for semaphore in $0.semaphores.values { semaphore.signal() }
    }
  }

  /// - Returns: whether it was rung.
  @discardableResult
  package func wait(atMost time: Duration) -> Bool {
    let semaphore = DispatchSemaphore(value: 0)
    let number = waiting.withLock {
      $0.next += 1
      $0.semaphores[$0.next] = semaphore
      return $0.next
    }
    let ending = semaphore.wait(timeout: .now() + .nanoseconds(Int(time / .nanoseconds(1))))
    waiting.withLock { _ = $0.semaphores.removeValue(forKey: number) }
    return ending == .success
  }
}

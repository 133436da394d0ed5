internal import Dispatch
internal import Synchronization

/// Wakes threads of this process that wait for something to claim.
package final class JobBell: Sendable {
  private struct Waiting {
    var rings = 0
    var next = 0
    var semaphores: [Int: DispatchSemaphore] = [:]
  }
  private let waiting = Mutex(Waiting())

  package init() {}

  /// How often it was rung: for ``wait(since:atMost:)``.
  package var rings: Int { waiting.withLock { $0.rings } }

  package func ring() {
    waiting.withLock {
      $0.rings += 1
      for semaphore in $0.semaphores.values { semaphore.signal() }
    }
  }

  /// - Returns: whether it was rung.
  @discardableResult
  package func wait(atMost time: Duration) -> Bool { wait(since: rings, atMost: time) }

  /// The same, for who has looked in vain at what the bell tells of: it is heard also when it was rung in between.
  ///
  /// - Parameter rings: as they were before the look.
  /// - Returns: whether it was rung since.
  @discardableResult
  package func wait(since rings: Int, atMost time: Duration) -> Bool {
    let semaphore = DispatchSemaphore(value: 0)
    let number: Int? = waiting.withLock {
      guard $0.rings == rings else { return nil }
      $0.next += 1
      $0.semaphores[$0.next] = semaphore
      return $0.next
    }
    guard let number else { return true }
    let ending = semaphore.wait(timeout: .now() + .nanoseconds(Int(time / .nanoseconds(1))))
    waiting.withLock { _ = $0.semaphores.removeValue(forKey: number) }
    return ending == .success
  }
}

import Dispatch
import Processes
import Synchronization
package import Video

/// Closes a reader as soon as somebody wants the work to end: a source that has stalled gives nothing after which to ask.
package final class ReadingWatch: Sendable {
  private let isOver = DispatchSemaphore(value: 0)
  private let thread: Mutex<WorkerThread?>

  /// Asks 20 times a second, until ``stop()``.
  ///
  /// - Throws: when the system has no thread left.
  package init(
    _ reader: VideoReader, endsWhen shallEnd: @escaping @Sendable () -> Bool
  ) throws {
    let isOver = isOver
    thread = Mutex(
      try WorkerThread {
        while isOver.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
          if shallEnd() { return reader.close() }
        }
      })
  }

  /// Watches no longer; the thread is gone when this returns.
  package func stop() {
    isOver.signal()
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }
}

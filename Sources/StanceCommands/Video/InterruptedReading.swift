import Dispatch
import Processes
import Synchronization
import Video

/// Closes a reader as soon as the program is asked to end: a source that has stalled gives nothing after which to ask.
final class InterruptedReading: Sendable {
  private let isOver = DispatchSemaphore(value: 0)
  private let thread: Mutex<WorkerThread?>

  /// Watches until ``stop()``.
  init(of reader: VideoReader, _ interrupts: Interrupts) throws {
    let isOver = isOver
    thread = Mutex(
      try WorkerThread {
        while isOver.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
          if interrupts.signal() != nil { return reader.close() }
        }
      })
  }

  /// Watches no longer; the thread is gone when this returns.
  func stop() {
    isOver.signal()
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }
}

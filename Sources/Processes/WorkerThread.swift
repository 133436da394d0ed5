import Glibc

/// A thread of the operating system for work that blocks, which Swift's own pool must not be given.
package struct WorkerThread: Sendable {
  /// The system has no thread left.
  package struct StartError: Error, Sendable, CustomStringConvertible {
    /// The system's error number.
    package let code: Int32
    package var description: String { "can't start a thread: \(String(cString: strerror(code)))" }
  }

  private let thread: pthread_t

  /// Starts a thread that runs `body` and ends.
  package init(_ body: @escaping @Sendable () -> Void) throws(StartError) {
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw StartError(code: code)
    }
    self.thread = thread
  }

  /// Waits for the thread's end; called once.
  package func join() { pthread_join(thread, nil) }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

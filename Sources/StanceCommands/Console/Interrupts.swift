import Glibc
import Synchronization

/// The signals that ask the program to end: SIGINT (Ctrl-C) and SIGTERM.
package struct Interrupts: Sendable {
  /// Holds the signals back from here on: the command ends by itself as soon as `signal` gives one.
  let watch: @Sendable () -> Void
  /// The signal that has come, nil while none has.
  let signal: @Sendable () -> Int32?

  /// Interrupts by these functions.
  package init(watch: @escaping @Sendable () -> Void, signal: @escaping @Sendable () -> Int32?) {
    self.watch = watch
    self.signal = signal
  }

  /// None ever comes.
  package static let none = Interrupts(watch: {}, signal: { nil })

  /// The process's own. The second signal ends it at once, as if nobody watched.
  package static let process = Interrupts(
    watch: {
      // Makes the global before a handler may touch it, which must not wait for a lock.
      _ = arrived.load(ordering: .relaxed)
      for number in [SIGINT, SIGTERM] {
        let before = Glibc.signal(number) { number in
          arrived.store(number, ordering: .relaxed)
          Glibc.signal(number, SIG_DFL)
        }
        // Who started us wants the signal ignored, as a shell does for work in the background.
        if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
          Glibc.signal(number, SIG_IGN)
        }
      }
    },
    signal: {
      let number = arrived.load(ordering: .relaxed)
      return number == 0 ? nil : number
    })

  /// Sets the process's signals up, before there is a second thread.
  ///
  /// A write to a closed pipe or beyond the allowed size of a file becomes an error of that write instead of the
  /// end of the process, which could leave a file half written. The ending signals are let through, even if the parent blocked them: a
  /// program that is started from a thread of libdispatch inherits all signals blocked.
  package static func prepareProcess() {
    Glibc.signal(SIGPIPE, SIG_IGN)
    Glibc.signal(SIGXFSZ, SIG_IGN)
    var ending = sigset_t()
    sigemptyset(&ending)
    sigaddset(&ending, SIGINT)
    sigaddset(&ending, SIGTERM)
    sigprocmask(SIG_UNBLOCK, &ending, nil)
  }
}

/// The number of the signal that has come; 0 before.
private let arrived = Atomic<Int32>(0)

import CProcesses
import Glibc

/// Whether threads can be had. The runtimes of Swift, of OpenVINO and of TBB wait without end for one that the system
/// refuses, so that is found out before any of them needs one.
package enum ThreadProbe {
  /// Threads that were refused; the message says by what, as far as the error tells.
  package struct Refused: Error, Sendable, CustomStringConvertible {
    /// How many were tried at once.
    package let count: Int
    /// The system's error number.
    package let code: Int32

    package var description: String {
      let reason = String(cString: strerror(code))
      let advice =
        code == EAGAIN
        ? "a limit on processes and threads is too low (Docker's --pids-limit, systemd's TasksMax=, ulimit -u)"
        : "a filter of system calls forbids it, such as a Docker's before 20.10.10, which knows no clone3: renew it, or "
          + "run the container with --security-opt seccomp=unconfined"
      return "can't start \(count) threads: \(reason); \(advice)"
    }
  }

  /// Starts `count` threads at once and ends them.
  package static func check(_ count: Int) throws(Refused) {
    let code = stance_try_threads(max(1, count))
    guard code == 0 else { throw Refused(count: count, code: code) }
  }
}

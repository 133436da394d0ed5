import Glibc

/// A child that could not be started or followed.
package struct ProcessError: Error, Sendable, CustomStringConvertible {
  /// What was being done: "start ffmpeg".
  package let action: String
  /// The system's error number.
  package let code: Int32

  /// Whether trying again is no use: the program could not be started, and not for want of memory, processes or descriptors.
  package var isUnusableProgram: Bool {
    action.hasPrefix("start ") && ![ENOMEM, EAGAIN, EMFILE, ENFILE].contains(code)
  }

  /// The system's words for it, without the program: "Too many open files".
  package var reason: String { String(cString: strerror(code)) }

  /// "start ffmpeg: No such file or directory".
  package var description: String { "\(action): \(reason)" }

  init(_ action: String, code: Int32 = errno) {
    self.action = action
    self.code = code
  }
}

import Glibc

/// A child that could not be started or followed.
package struct ProcessError: Error, Sendable, CustomStringConvertible {
  /// What was being done: "start ffmpeg".
  package let action: String
  /// The system's error number.
  package let code: Int32

  /// Whether the program is not there or may not be run.
  package var isMissingProgram: Bool {
    action.hasPrefix("start ") && (code == ENOENT || code == EACCES || code == ENOTDIR)
  }

  /// "start ffmpeg: No such file or directory".
  package var description: String { "\(action): \(String(cString: strerror(code)))" }

  init(_ action: String, code: Int32 = errno) {
    self.action = action
    self.code = code
  }
}

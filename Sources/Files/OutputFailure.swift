/// Something could not be written: which must not be told as a failure of what is read.
package struct OutputFailure: Error, CustomStringConvertible {
  /// The file or folder.
  package let path: String
  /// What happened to it.
  package let message: String

  /// A failure of what is written to `path`.
  package init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }

  package var description: String { "\(path): \(message)" }
}

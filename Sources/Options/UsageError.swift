/// A command, option, variable or configuration key that was not given as it should be.
///
/// The message is one line that names its source: `--port: "eighty" is not a whole number`.
package struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The exit status for wrong usage: `EX_USAGE` of sysexits.h.
  package static let exitStatus: Int32 = 64

  /// One line for a person.
  package let description: String

  /// An error with the message.
  package init(_ description: String) { self.description = description }

  /// Runs `body`; its error is told as the source's.
  static func naming<Result>(
    _ source: String, _ body: () throws(UsageError) -> Result
  ) throws(UsageError) -> Result {
    do { return try body() } catch { throw UsageError("\(source): \(error)") }
  }
}

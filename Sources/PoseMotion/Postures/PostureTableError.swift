/// What is wrong with a table of labelled poses.
public struct PostureTableError: Error, Hashable, CustomStringConvertible {
  /// Counted from 1.
  public let line: Int
  /// What is wrong with it, and what was wanted.
  public let message: String

  /// "line 3 is not a name, …".
  public var description: String { "line \(line) \(message)" }
}

import Options

/// How the program ends.
package enum ExitStatus {
  /// Everything was done.
  package static let success: Int32 = 0
  /// Something could not be done: an error line says what.
  package static let failure: Int32 = 1
  /// Wrong usage.
  package static let usage = UsageError.exitStatus
  /// The system refuses what the program can't do without: sysexits' EX_OSERR.
  package static let system: Int32 = 71
  /// What a shell reports for a program that SIGPIPE ended: the reader of our output went away.
  package static let closedPipe: Int32 = 141

  /// What a shell reports for a program that a signal ended: 130 for Ctrl-C.
  package static func signal(_ number: Int32) -> Int32 { 128 + number }
}

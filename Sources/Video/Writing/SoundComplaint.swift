import Processes

/// What the process that reads the sound said, with levels in front of the lines, and how it ended.
struct SoundComplaint {
  /// Whether it did not come to its proper end.
  let isFailure: Bool
  /// Whether there was no sound to write.
  let isEmpty: Bool
  /// The first of what went wrong.
  let words: String
  private let hasErrors: Bool

  init(_ ending: StreamingChild.Ending) {
    let errors = ending.errors.errorLines.filter {
      $0.contains("[error]") || $0.contains("[fatal]")
    }
    isFailure = ending.status != .exited(0)
    isEmpty = !isFailure && ending.errors.contains("Output file is empty")
    // The helper's own words have no level.
    let told = isFailure && errors.isEmpty ? ending.errors : errors.joined(separator: "\n")
    words = DecoderComplaint(status: ending.status, errors: told).words
    hasErrors = !errors.isEmpty
  }

  /// Its end was not told.
  init(lost error: ProcessError) {
    (isFailure, isEmpty, words, hasErrors) = (true, false, "\(error)", true)
  }

  /// What a listener should know; nil when all is well.
  var warning: String? {
    if isFailure { return "the sound ends early; \(words)" }
    return hasErrors ? "the sound may be damaged; \(words)" : nil
  }
}

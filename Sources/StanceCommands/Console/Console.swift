import Files
import FoundationEssentials
import Glibc
import Video

/// What a command sees of the process it runs in; tests give it another.
package struct Console: Sendable {
  /// Standard output.
  package var output: any ByteSink
  /// Standard error.
  package var errors: any ByteSink
  /// Whether a person watches standard error: only then is progress shown.
  package var showsProgress: Bool
  /// The variables.
  package var environment: [String: String]
  /// All of standard input, at most so many bytes.
  package var readInput: @Sendable (_ limit: Int) throws -> [UInt8]
  /// The signals that end the program.
  package var interrupts: Interrupts

  /// A console of these parts.
  package init(
    output: any ByteSink, errors: any ByteSink, showsProgress: Bool = false,
    environment: [String: String] = [:],
    readInput: @escaping @Sendable (_ limit: Int) throws -> [UInt8] = { _ in [] },
    interrupts: Interrupts = .none
  ) {
    self.output = output
    self.errors = errors
    self.showsProgress = showsProgress
    self.environment = environment
    self.readInput = readInput
    self.interrupts = interrupts
  }

  /// The process's own.
  package static var process: Console {
    Console(
      output: DescriptorSink.output, errors: DescriptorSink.errors, showsProgress: isatty(2) == 1,
      environment: ProcessInfo.processInfo.environment,
      readInput: { try Files.readStandardInput(limit: $0) }, interrupts: .process)
  }

  /// Writes text to standard output.
  func print(_ text: String) throws(SinkError) { try output.write(Array(text.utf8)) }

  /// Writes an error line, in which no address shows its user, password and query. When even that fails there is nobody left to tell; the exit status tells it.
  func complain(_ message: String) {
    let line = VideoAddress.hidingSecrets(in: message.onOneLine)
    try? errors.write(Array("stance: \(line)\n".utf8))
  }
}

extension String {
  /// Control characters, which a path may hold, would break lines and command the terminal.
  var onOneLine: String {
    String(
      UnicodeScalarView(
        shownPath.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}

/// A program to run, with what it may use.
package struct Command: Sendable {
  /// Bounds that the kernel holds the child to; nil leaves one as it is.
  package struct Limits: Sendable {
    /// Address space in bytes.
    package var memory: Int?
    /// Processor time in seconds; the child is signalled at the limit and killed a second later.
    package var processorSeconds: Int?
    /// How far it stands back for others, 1 to 19.
    package var niceness: Int?

    /// Limits; none by default.
    package init(memory: Int? = nil, processorSeconds: Int? = nil, niceness: Int? = nil) {
      self.memory = memory
      self.processorSeconds = processorSeconds
      self.niceness = niceness
    }
  }

  /// A path, or a name that is looked for in this process's `PATH`.
  package var program: String
  /// Everything after the program's name.
  package var arguments: [String]
  /// All the child sees of the environment, "NAME=value".
  ///
  /// One malloc arena: each further one would take 64 MiB of the address space that is limited.
  package var environment = ["PATH=/usr/bin:/bin", "LC_ALL=C", "MALLOC_ARENA_MAX=1"]
  /// What the kernel holds the child to.
  package var limits: Limits

  /// A command.
  package init(_ program: String, _ arguments: [String] = [], limits: Limits = Limits()) {
    self.program = program
    self.arguments = arguments
    self.limits = limits
  }
}

/// How a process ends.
package enum ChildStatus: Sendable, Hashable {
  case exited(Int32)
  case signalled(Int32)
}

/// How a child ended and what it said.
package struct ChildResult: Sendable {
  /// What it wrote to standard output, at most the limit given.
  package var output: [UInt8]
  /// The last 16 KiB that it wrote to standard error.
  package var errors: String
  /// How it ended; `.signalled(SIGKILL)` when it was stopped from here.
  package var status: ChildStatus
  /// It ran past its time and was killed.
  package var timedOut: Bool
  /// It wrote more than the limit and was killed.
  package var outputExceeded: Bool

  /// It ended by itself with status 0, within its bounds.
  package var succeeded: Bool { status == .exited(0) && !timedOut && !outputExceeded }

  /// The last line of ``errors`` that is not blank.
  package var lastError: String? { errors.errorLines.last }
}

extension String {
  /// The lines that are not blank, for what a child wrote to standard error.
  package var errorLines: [String] {
    split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }.map(String.init)
  }
}

import CProcesses
import Glibc

/// Runs a program to its end, on a thread that may block.
package enum ChildProcess {
  /// Runs `command`, feeds it `input` and collects what it writes.
  ///
  /// The child has a process group of its own, which is gone when this returns, and sees no descriptor but its
  /// three standard ones. A child that does not read all of its input is no error.
  ///
  /// - Parameters:
  ///   - inputFile: a descriptor to be its standard input instead of `input`, which the caller keeps open.
  ///   - outputLimit: bytes of standard output; the child is killed when it writes more.
  ///   - expectedOutput: bytes to reserve at once, where the size is known.
  ///   - timeout: wall time; the child is killed when it takes longer.
  /// - Throws: when it can't be started or followed. How it ended is in the result.
  package static func run(
    _ command: Command, input: [UInt8] = [], inputFile: Int32? = nil, outputLimit: Int,
    expectedOutput: Int = 0, timeout: Duration
  ) throws(ProcessError) -> ChildResult {
    precondition(outputLimit >= 0 && expectedOutput >= 0, "sizes are not negative")
    let deadline = ContinuousClock.now + timeout
    let inputs = try Channel.input()
    let outputs = try Channel.output()
    let errors = try Channel.output()
    let child = try RunningChild.start(
      command,
      descriptors: [inputFile ?? inputs.theirs.raw, outputs.theirs.raw, errors.theirs.raw])
    var exchange = Exchange(
      input: inputs.closingTheirs(), output: outputs.closingTheirs(),
      errors: ErrorTail(errors.closingTheirs()), outputLimit: outputLimit)
    exchange.output.reserveCapacity(min(expectedOutput, outputLimit))
    let ending = try exchange.follow(child.endDescriptor, feeding: input, until: deadline)
    let status = try child.end()
    return ChildResult(
      output: exchange.takeOutput(), errors: exchange.errors.text, status: status,
      timedOut: ending == .timedOut, outputExceeded: ending == .outputExceeded)
  }
}

/// The bytes that go to and come from one child.
private struct Exchange: ~Copyable {
  enum Ending { case exited, timedOut, outputExceeded }

  /// Enough to empty a full pipe of 1 MiB, and bounded: a writer without end must not outlast the deadline.
  static let readsAtOnce = 8

  private var inputEnd: Descriptor?
  private var outputEnd: Descriptor?
  private let outputLimit: Int
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  private var sent = 0
  var errors: ErrorTail
  var output: [UInt8] = []

  init(
    input: consuming Descriptor, output: consuming Descriptor, errors: consuming ErrorTail,
    outputLimit: Int
  ) {
    inputEnd = consume input
    outputEnd = consume output
    self.errors = consume errors
    self.outputLimit = outputLimit
  }

  mutating func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Feeds and reads until the child has ended or must be stopped.
  mutating func follow(
    _ end: Int32, feeding input: [UInt8], until deadline: ContinuousClock.Instant
  ) throws(ProcessError) -> Ending {
    if input.isEmpty { inputEnd = nil }
    while true {
      let left = deadline - ContinuousClock.now
      guard left > .zero else { return .timedOut }
      var polled = [
        pollfd(fd: end, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Descriptor.raw(of: outputEnd), events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Descriptor.raw(of: inputEnd), events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&polled, nfds_t(polled.count), left.pollMilliseconds) >= 0 else {
        if errno == EINTR { continue }
        throw ProcessError("wait for a child")
      }
      if polled[1].revents != 0, try !readOutput() { return .outputExceeded }
      if polled[2].revents != 0 { try errors.drain() }
      if polled[0].revents != 0 {
        // All that it wrote is in the pipes; what a grandchild may still write is not waited for.
        try errors.drain()
        return try readOutput() ? .exited : .outputExceeded
      }
      if polled[3].revents != 0 { feed(input) }
    }
  }

  private mutating func feed(_ input: [UInt8]) {
    guard let descriptor = inputEnd.take() else { return }
    let count = input.withUnsafeBytes { bytes in
      bytes.baseAddress.map { stance_send(descriptor.raw, $0 + sent, bytes.count - sent) } ?? 0
    }
    if count > 0 { sent += count }
    // Any other failure: the child takes no more. That is its affair, its end will tell.
    let goesOn = count >= 0 || errno == EAGAIN || errno == EINTR
    if goesOn, sent < input.count { inputEnd = consume descriptor }
  }

  /// Takes what is there; false when it is more than the limit.
  private mutating func readOutput() throws(ProcessError) -> Bool {
    guard let descriptor = outputEnd.take() else { return true }
    for _ in 0..<Self.readsAtOnce {
      guard let count = try descriptor.read(into: &buffer) else { break }
      if count == 0 { return true }
      guard output.count + count <= outputLimit else { return false }
      output.append(contentsOf: buffer[..<count])
    }
    outputEnd = consume descriptor
    return true
  }
}

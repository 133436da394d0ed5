import CProcesses
import Glibc

/// Runs a program to its end, on a thread that may block.
package enum ChildProcess {
  /// The most of standard error that is kept.
  static let errorsKept = 16 << 10

  /// Runs `command`, feeds it `input` and collects what it writes.
  ///
  /// The child has a process group of its own, which is gone when this returns, and sees no descriptor but its
  /// three standard ones. A child that does not read all of its input is no error.
  ///
  /// - Parameters:
  ///   - outputLimit: bytes of standard output; the child is killed when it writes more.
  ///   - expectedOutput: bytes to reserve at once, where the size is known.
  ///   - timeout: wall time; the child is killed when it takes longer.
  /// - Throws: when it can't be started or followed. How it ended is in the result.
  package static func run(
    _ command: Command, input: [UInt8] = [], outputLimit: Int, expectedOutput: Int = 0,
    timeout: Duration
  ) throws(ProcessError) -> ChildResult {
    precondition(outputLimit >= 0 && expectedOutput >= 0, "sizes are not negative")
    let deadline = ContinuousClock.now + timeout
    let inputs = try Channel.input()
    let outputs = try Channel.output()
    let errors = try Channel.output()
    let child = try RunningChild.start(
      command, input: inputs.theirs, output: outputs.theirs, errors: errors.theirs)
    var exchange = Exchange(
      input: inputs.closingTheirs(), output: outputs.closingTheirs(),
      errors: errors.closingTheirs(), outputLimit: outputLimit)
    exchange.output.reserveCapacity(min(expectedOutput, outputLimit))
    let ending = try exchange.follow(child.endDescriptor, feeding: input, until: deadline)
    let status = try child.end()
    return ChildResult(
      output: exchange.takeOutput(), errors: exchange.errorText, status: status,
      timedOut: ending == .timedOut, outputExceeded: ending == .outputExceeded)
  }
}

/// The bytes that go to and come from one child.
private struct Exchange: ~Copyable {
  enum Ending { case exited, timedOut, outputExceeded }

  /// Enough to empty a full pipe of 1 MiB, and bounded: a writer without end must not outlast the deadline.
  private static let readsAtOnce = 8

  private var inputEnd: Descriptor?
  private var outputEnd: Descriptor?
  private var errorEnd: Descriptor?
  private let outputLimit: Int
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  private var sent = 0
  private var errors: [UInt8] = []
  var output: [UInt8] = []

  init(
    input: consuming Descriptor, output: consuming Descriptor, errors: consuming Descriptor,
    outputLimit: Int
  ) {
    inputEnd = consume input
    outputEnd = consume output
    errorEnd = consume errors
    self.outputLimit = outputLimit
  }

  var errorText: String { String(decoding: errors.suffix(ChildProcess.errorsKept), as: UTF8.self) }

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
        pollfd(fd: Descriptor.raw(of: errorEnd), events: Int16(POLLIN), revents: 0),
        pollfd(fd: Descriptor.raw(of: inputEnd), events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&polled, nfds_t(polled.count), Self.milliseconds(left)) >= 0 else {
        if errno == EINTR { continue }
        throw ProcessError("wait for a child")
      }
      if polled[1].revents != 0, try !readOutput() { return .outputExceeded }
      if polled[2].revents != 0 { try readErrors() }
      if polled[0].revents != 0 {
        // All that it wrote is in the pipes; what a grandchild may still write is not waited for.
        try readErrors()
        return try readOutput() ? .exited : .outputExceeded
      }
      if polled[3].revents != 0 { feed(input) }
    }
  }

  /// Rounded up, so that the last wait does not spin.
  private static func milliseconds(_ duration: Duration) -> Int32 {
    let (seconds, attoseconds) = duration.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds) * 1000 + Int32(attoseconds / 1_000_000_000_000_000) + 1
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
      guard let count = try Self.read(descriptor, into: &buffer) else { break }
      if count == 0 { return true }
      guard output.count + count <= outputLimit else { return false }
      output.append(contentsOf: buffer[..<count])
    }
    outputEnd = consume descriptor
    return true
  }

  private mutating func readErrors() throws(ProcessError) {
    guard let descriptor = errorEnd.take() else { return }
    for _ in 0..<Self.readsAtOnce {
      guard let count = try Self.read(descriptor, into: &buffer) else { break }
      if count == 0 { return }
      errors.append(contentsOf: buffer[..<count])
      if errors.count > 2 * ChildProcess.errorsKept {
        errors.removeFirst(errors.count - ChildProcess.errorsKept)
      }
    }
    errorEnd = consume descriptor
  }

  /// The bytes read, 0 at the end of the stream, nil when there is nothing yet.
  private static func read(
    _ descriptor: borrowing Descriptor, into buffer: inout [UInt8]
  ) throws(ProcessError) -> Int? {
    let reading: Swift.Result<Descriptor.Reading, ProcessError> = buffer.withUnsafeMutableBytes {
      bytes in
      do throws(ProcessError) { return .success(try descriptor.read(into: bytes)) } catch {
        return .failure(error)
      }
    }
    switch try reading.get() {
    case .bytes(let count): return count
    case .ended: return 0
    case .nothingYet: return nil
    }
  }
}

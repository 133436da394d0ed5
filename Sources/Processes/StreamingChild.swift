import CProcesses
import Glibc
import Synchronization

/// A program that runs while this process writes to it or reads from it, on threads that may block.
///
/// The child has a process group of its own and sees no descriptor but 0, 1, 2 and, if it was asked for, 3. The group is
/// killed and the child reaped when the last reference goes, at the latest. Its standard error is taken in whenever one of
/// the calls here waits, so it never fills up; the last 16 KiB are kept.
///
/// Each stream is used by one thread at a time; ``kill()`` may be called from any.
package final class StreamingChild: Sendable {
  /// What the child reads as its standard input.
  package enum Input: Sendable {
    case nothing
    /// What is given to ``write(_:)``.
    case written
    /// A descriptor, which the caller keeps open until the child is started.
    case descriptor(Int32)
  }

  /// What the child writes as its standard output.
  package enum Output: Sendable {
    /// To be read here.
    case read
    /// To a descriptor, which the caller keeps open until the child is started.
    case descriptor(Int32)
  }

  /// What the child writes to.
  package enum Stream: Sendable, Hashable, CaseIterable {
    /// Its descriptor 1.
    case output
    /// Its descriptor 3.
    case extra
  }

  /// What a look at a stream brings.
  package enum Reading: Sendable, Hashable {
    case bytes(Int)
    case nothingYet
    case ended
  }

  /// How the child ended, and the last of what it said on standard error.
  package struct Ending: Sendable, Hashable {
    /// `.signalled(SIGKILL)` when it was stopped from here.
    package var status: ChildStatus
    /// The last 16 KiB.
    package var errors: String
  }

  private let name: String
  private let process: Mutex<RunningChild?>
  /// Polls as readable once the child has ended; open as long as `process` is there.
  private let endDescriptor: Int32
  private let input: Mutex<Descriptor?>
  private let output: Descriptor?
  private let extra: Descriptor?
  private let errors: Mutex<ErrorTail>

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - extraOutput: whether it writes to its descriptor 3 too.
  ///   - extraInput: what it may read as its descriptor 3 instead; the caller keeps it open until the child is started.
  /// - Throws: when it can't be started or followed.
  package init(
    _ command: Command, input source: Input = .nothing, output target: Output = .read,
    extraOutput: Bool = false, extraInput: Int32? = nil
  ) throws(ProcessError) {
    let inputs = try Channel.input()
    let outputs = try Channel.output()
    let errors = try Channel.output()
    var extras: Channel? = nil
    if extraOutput { extras = try Channel.output() }
    var table = [inputs.theirs.raw, outputs.theirs.raw, errors.theirs.raw]
    if case .descriptor(let descriptor) = source { table[0] = descriptor }
    if case .descriptor(let descriptor) = target { table[1] = descriptor }
    table.append(contentsOf: Channel.theirs(of: extras))
    if let extraInput { table = table.prefix(3) + [extraInput] }
    let child = try RunningChild.start(command, descriptors: table)
    name = command.program
    endDescriptor = child.endDescriptor
    process = Mutex(consume child)
    let inputEnd = inputs.closingTheirs()
    if case .written = source {
      input = Mutex(consume inputEnd)
    } else {
      input = Mutex(nil)
    }
    let outputEnd = outputs.closingTheirs()
    if case .read = target { output = consume outputEnd } else { output = nil }
    extra = extras.take()?.closingTheirs()
    self.errors = Mutex(ErrorTail(errors.closingTheirs()))
  }

  // MARK: Reading

  /// Waits until one of `streams` has bytes or has ended.
  ///
  /// - Returns: false when nothing came within `limit`; nil waits without end.
  package func wait(
    for streams: Set<Stream>, within limit: Duration? = nil
  ) throws(ProcessError) -> Bool {
    let deadline = limit.map { ContinuousClock.now + $0 }
    while true {
      var polled = [pollfd(fd: endDescriptor, events: Int16(POLLIN), revents: 0), errorPoll]
      for stream in streams {
        polled.append(pollfd(fd: raw(stream), events: Int16(POLLIN), revents: 0))
      }
      guard try poll(&polled, until: deadline) else { return false }
      if polled[2...].contains(where: { $0.revents != 0 }) { return true }
      // What a grandchild may still write is not waited for.
      if polled[0].revents != 0 { return true }
    }
  }

  /// Reads once, without waiting. `.ended` also when the child has ended and nothing of it is left, whoever else holds the
  /// stream open.
  package func read(
    _ stream: Stream, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ProcessError) -> Reading {
    // Looked at first: what it wrote before its end is in the pipe by then.
    let ended = hasEnded
    let reading: Descriptor.Reading
    switch stream {
    case .output: reading = try Self.read(output, into: buffer)
    case .extra: reading = try Self.read(extra, into: buffer)
    }
    switch reading {
    case .bytes(let count): return .bytes(count)
    case .ended: return .ended
    case .nothingYet: return ended ? .ended : .nothingYet
    }
  }

  /// Reads once, without waiting, into an array of at least one byte.
  package func read(_ stream: Stream, into buffer: inout [UInt8]) throws(ProcessError) -> Reading {
    let reading: Result<Reading, ProcessError> = buffer.withUnsafeMutableBytes { bytes in
      do throws(ProcessError) { return .success(try read(stream, into: bytes)) } catch {
        return .failure(error)
      }
    }
    return try reading.get()
  }

  /// Whether the child has ended; it need not be reaped yet.
  package var hasEnded: Bool {
    process.withLock { process in
      guard process != nil else { return true }
      var polled = pollfd(fd: endDescriptor, events: Int16(POLLIN), revents: 0)
      return Glibc.poll(&polled, 1, 0) > 0
    }
  }

  // MARK: Writing

  /// Writes all of `bytes` to the child's standard input.
  ///
  /// - Returns: false when they were not taken within `limit`; nil waits without end.
  /// - Throws: with EPIPE when the child takes no more; it raises no signal.
  package func write(
    _ bytes: UnsafeRawBufferPointer, within limit: Duration? = nil
  ) throws(ProcessError) -> Bool {
    let deadline = limit.map { ContinuousClock.now + $0 }
    let descriptor = input.withLock { Descriptor.raw(of: $0) }
    guard descriptor >= 0 else { throw ProcessError("write to \(name)", code: EPIPE) }
    var sent = 0
    while sent < bytes.count {
      let count =
        bytes.baseAddress.map { stance_send(descriptor, $0 + sent, bytes.count - sent) } ?? 0
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        var polled = [errorPoll, pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
        guard try poll(&polled, until: deadline) else { return false }
      } else if errno != EINTR {
        throw ProcessError("write to \(name)")
      }
    }
    return true
  }

  /// Ends the child's standard input.
  package func closeInput() { input.withLock { $0 = nil } }

  // MARK: Errors and the end

  /// Whether it has written anything to standard error so far.
  package func hasComplained() throws(ProcessError) -> Bool {
    try drainErrors()
    return errors.withLock { !$0.isEmpty }
  }

  /// What it wrote to standard error so far, at most 16 KiB, which is forgotten here.
  package func takeErrors() -> String { errors.withLock { $0.take() } }

  /// Kills the child with its group; whoever waits for its streams sees their end.
  package func kill() {
    process.withLock { process in
      switch process {
      case .some(let child): child.kill()
      case .none: break
      }
    }
  }

  /// Waits for the child to end by itself, kills it when it does not within `limit`, and reaps it. Called once, when no other
  /// call here is going on.
  ///
  /// - Throws: when the child's status was lost.
  package func end(within limit: Duration) throws(ProcessError) -> Ending {
    closeInput()
    let deadline = ContinuousClock.now + limit
    var waits = true
    while waits {
      var polled = [pollfd(fd: endDescriptor, events: Int16(POLLIN), revents: 0), errorPoll]
      waits = try poll(&polled, until: deadline) && polled[0].revents == 0
    }
    try drainErrors()
    guard let child = process.withLock({ $0.take() }) else {
      throw ProcessError("wait for \(name)", code: ECHILD)
    }
    let status = try child.end()
    return Ending(status: status, errors: errors.withLock { $0.text })
  }

  // MARK: Waiting

  private var errorPoll: pollfd {
    pollfd(fd: errors.withLock { $0.descriptor }, events: Int16(POLLIN), revents: 0)
  }

  private func raw(_ stream: Stream) -> Int32 {
    switch stream {
    case .output: Descriptor.raw(of: output)
    case .extra: Descriptor.raw(of: extra)
    }
  }

  private static func read(
    _ descriptor: borrowing Descriptor?, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ProcessError) -> Descriptor.Reading {
    switch descriptor {
    case .some(let descriptor): return try descriptor.read(into: buffer)
    case .none: return .ended
    }
  }

  /// Waits once and takes in what came on standard error; false at the deadline.
  private func poll(
    _ polled: inout [pollfd], until deadline: ContinuousClock.Instant?
  ) throws(ProcessError) -> Bool {
    while true {
      var milliseconds: Int32 = -1
      if let deadline {
        let left = deadline - ContinuousClock.now
        guard left > .zero else { return false }
        milliseconds = left.pollMilliseconds
      }
      let count = Glibc.poll(&polled, nfds_t(polled.count), milliseconds)
      if count > 0 {
        try drainErrors()
        return true
      }
      guard count == 0 || errno == EINTR else { throw ProcessError("wait for \(name)") }
    }
  }

  private func drainErrors() throws(ProcessError) {
    let failure: ProcessError? = errors.withLock { errors in
      do throws(ProcessError) {
        try errors.drain()
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }
}

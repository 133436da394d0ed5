import CProcesses
import Glibc

/// An owned file descriptor, closed when its owner goes.
struct Descriptor: ~Copyable {
  let raw: Int32

  init(owning raw: Int32) { self.raw = raw }

  deinit { close(raw) }

  /// The number for poll(2), which passes over the -1 of one that is closed.
  static func raw(of descriptor: borrowing Descriptor?) -> Int32 {
    switch descriptor {
    case .some(let descriptor): descriptor.raw
    case .none: -1
    }
  }

  /// What one look at a descriptor that never blocks may bring.
  enum Reading {
    case bytes(Int)
    case nothingYet
    case ended
  }

  /// The bytes read once, without waiting: 0 at the end of the stream, nil when there is nothing yet.
  func read(into buffer: inout [UInt8]) throws(ProcessError) -> Int? {
    let reading: Result<Reading, ProcessError> = buffer.withUnsafeMutableBytes { bytes in
      do throws(ProcessError) { return .success(try read(into: bytes)) } catch {
        return .failure(error)
      }
    }
    switch try reading.get() {
    case .bytes(let count): return count
    case .ended: return 0
    case .nothingYet: return nil
    }
  }

  /// Reads once, without waiting.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ProcessError) -> Reading {
    while true {
      let count = Glibc.read(raw, buffer.baseAddress, buffer.count)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .nothingYet
      default: throw ProcessError("read from a child")
      }
    }
  }
}

/// Both ends of a channel between this process and a child.
struct Channel: ~Copyable {
  let ours: Descriptor
  let theirs: Descriptor

  private init(ours: Int32, theirs: Int32) {
    self.ours = Descriptor(owning: ours)
    self.theirs = Descriptor(owning: theirs)
  }

  /// For a child's standard input: writing to it when the child has gone is an error, never a signal.
  static func input() throws(ProcessError) -> Channel {
    var ends: [Int32] = [-1, -1]
    guard stance_input_pair(&ends) == 0 else { throw ProcessError("make a socket pair") }
    return Channel(ours: ends[0], theirs: ends[1])
  }

  /// For a child's standard output or error: reading never blocks.
  static func output() throws(ProcessError) -> Channel {
    var ends: [Int32] = [-1, -1]
    guard stance_output_pipe(&ends) == 0 else { throw ProcessError("make a pipe") }
    return Channel(ours: ends[0], theirs: ends[1])
  }

  /// The number of the child's end, none for no channel.
  static func theirs(of channel: borrowing Channel?) -> [Int32] {
    switch channel {
    case .some(let channel): [channel.theirs.raw]
    case .none: []
    }
  }

  /// Our end; the child's is closed here, so that its end shows as the end of the stream.
  consuming func closingTheirs() -> Descriptor { ours }
}

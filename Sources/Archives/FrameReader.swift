import ArchiveFrames
import Glibc
import Processes

/// The frames that `stance-decode` writes, and the bytes of its `data`. What it says is not trusted: it may have met bytes that
/// took it over.
struct FrameReader {
  static let malformed = ArchiveError(.damaged, "its reader wrote what is no answer")

  private let child: StreamingChild
  private let maxSilence: Duration
  /// As much as a child's pipe holds, so that the two take turns seldom on a busy machine.
  private var buffer = [UInt8](repeating: 0, count: 1 << 20)
  /// What of the buffer is filled and not taken.
  private var filled = 0..<0

  init(_ child: StreamingChild, maxSilence: Duration) {
    self.child = child
    self.maxSilence = maxSilence
  }

  /// The next frame; the bytes of `data` are then to be taken or dropped.
  mutating func next() throws(ArchiveError) -> ArchiveFrame {
    while true {
      do throws(ArchiveFrame.Malformed) {
        if let (frame, length) = try ArchiveFrame.first(in: buffer[filled]) {
          filled = filled.lowerBound + length..<filled.upperBound
          return frame
        }
      } catch { throw Self.malformed }
      try fill()
    }
  }

  /// Moves at most `count` bytes of `data` to the front of `target`, waiting for one at least.
  mutating func take(_ count: Int, into target: inout [UInt8]) throws(ArchiveError) -> Int {
    if filled.isEmpty { try fill() }
    let taken = min(count, filled.count)
    target.withUnsafeMutableBytes { target in
      buffer.withUnsafeBytes { source in
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[filled.prefix(taken)]))
      }
    }
    filled = filled.lowerBound + taken..<filled.upperBound
    return taken
  }

  /// Takes `count` bytes of `data` away.
  mutating func drop(_ count: Int) throws(ArchiveError) {
    var left = count
    while left > 0 {
      if filled.isEmpty { try fill() }
      let taken = min(left, filled.count)
      filled = filled.lowerBound + taken..<filled.upperBound
      left -= taken
    }
  }

  /// Adds what comes next, waiting for something.
  private mutating func fill() throws(ArchiveError) {
    let kept = filled.count
    if filled.lowerBound > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        // They may overlap.
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[filled]))
      }
      filled = 0..<kept
    }
    do {
      while true {
        guard try child.wait(for: [.output], within: maxSilence) else {
          throw ArchiveError(.timedOut, "nothing of the archive came for \(maxSilence)")
        }
        let reading = try buffer.withUnsafeMutableBytes { bytes throws(ProcessError) in
          try child.read(.output, into: UnsafeMutableRawBufferPointer(rebasing: bytes[kept...]))
        }
        switch reading {
        case .bytes(let count):
          filled = 0..<kept + count
          return
        case .nothingYet: continue
        case .ended: throw try earlyEnd()
        }
      }
    } catch let error as ArchiveError {
      throw error
    } catch {
      throw ArchiveError(.noResources, "the archive could not be read now: \(error)")
    }
  }

  /// Why the process ended without saying that it would.
  private func earlyEnd() throws(ProcessError) -> ArchiveError {
    let ending = try child.end(within: .seconds(1))
    let reason = ending.errors.errorLines.last ?? "no reason given"
    switch ending.status {
    case .exited(127), .exited(64):
      return ArchiveError(.missingTool, "archives need stance-decode: \(reason)")
    case .exited(70):
      return ArchiveError(.noResources, "the archive could not be read now: \(reason)")
    case .exited: return ArchiveError(.damaged, reason)
    case .signalled(let signal):
      return ArchiveError(
        .damaged, "its reader was stopped by signal \(signal), at its limits of memory and time")
    }
  }
}

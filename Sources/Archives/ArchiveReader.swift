import ArchiveFrames
package import Files
import Processes
import Synchronization

/// A ZIP archive, or a tar archive, plain or packed by gzip, bzip2, xz or zstd, read from its first byte to its last by
/// `stance-decode`: a process that can reach nothing else and whose memory is bounded.
///
/// One entry after the other, as a stream: nothing is kept, and the file may be read again by another reader. An archive
/// inside is an entry like any other. Every call may block, for ``ArchiveLimits/maxSilence`` at most.
package struct ArchiveReader: ~Copyable {
  /// What is wanted of the archive.
  package enum Pass: String, Sendable {
    /// Names and sizes. Where that is possible nothing is unpacked, so damage and lies about sizes don't show.
    case list
    /// Bytes too.
    case read
  }

  /// Ends a reader from another thread.
  package final class Stopper: Sendable {
    fileprivate let child: StreamingChild
    private let flag = Atomic(false)

    fileprivate init(_ child: StreamingChild) { self.child = child }

    /// Whoever waits for the reader gets an error, `.stopped`.
    package func stop() {
      flag.store(true, ordering: .releasing)
      child.kill()
    }

    fileprivate var isStopped: Bool { flag.load(ordering: .acquiring) }
  }

  /// For other threads.
  package let stopper: Stopper
  private let pass: Pass
  private let limits: ArchiveLimits
  private let archiveSize: Int
  private var frames: FrameReader
  private var names = EntryNames()
  private var entryCount = 0
  private var nameBytes = 0
  /// Unpacked bytes of all entries so far.
  private var unpacked = 0
  /// What of the entry is still to come; nil between entries.
  private var current: Current?
  private var ending: Ending?

  private struct Current {
    let entry: ArchiveEntry?
    /// Unpacked bytes so far.
    var bytes = 0
    /// Bytes of the frame that has begun.
    var left = 0
    /// Comes again whenever more is asked for.
    var failure: ArchiveError?
    var isOver = false
  }

  private enum Ending {
    case whole
    case failed(ArchiveError)
  }

  /// Starts to read.
  ///
  /// - Parameters:
  ///   - file: a regular file; from where it is read by others does not matter.
  ///   - helper: the path of `stance-decode`; nil when it was not found.
  /// - Throws: when the file is none, and when the program can't be started. What the file holds shows at ``next()``.
  package init(
    _ file: OpenFile, _ pass: Pass, limits: ArchiveLimits = ArchiveLimits(), helper: String?
  ) throws(ArchiveError) {
    let size = try Self.size(of: file)
    let child = try Self.start(helper, on: file, pass, limits)
    self.pass = pass
    self.limits = limits
    archiveSize = size
    stopper = Stopper(child)
    frames = FrameReader(child, maxSilence: limits.maxSilence)
  }

  deinit {
    stopper.child.kill()
    // Reaped now, though others may keep the stopper; how it ended was told if it mattered.
    _ = try? stopper.child.end(within: .zero)
  }

  /// The next entry, whatever was left of the last one being dropped; nil after the last.
  ///
  /// - Throws: `ArchiveError` when there is no next entry to be had, though the archive is not over; again at each call.
  package mutating func next() throws(ArchiveError) -> ArchiveEntry? {
    switch ending {
    case .whole: return nil
    case .failed(let error): throw error
    case nil: break
    }
    do throws(ArchiveError) {
      while true {
        try dropRest()
        switch try frames.next() {
        case .entry(let kind, let size, let name):
          try countEntry(nameBytes: name.count)
          let entry = names.entry(
            at: entryCount - 1, kind, size, name, maxBytes: limits.maxEntryBytes)
          current = Current(entry: entry)
          guard let entry else { continue }
          return pass == .list ? try listed(entry) : entry
        case .end:
          ending = .whole
          return nil
        case .failed(let trouble, let message): throw ArchiveError(told: trouble, message)
        case .data, .passed, .entryEnd, .entryFailed: throw FrameReader.malformed
        }
      }
    } catch { throw failed(error) }
  }

  /// Fills `buffer` with the entry's next bytes as far as they are there, waiting for one at least.
  ///
  /// - Returns: how many came; 0 when the entry is whole.
  /// - Throws: `ArchiveError`, which says whether it concerns this entry only.
  /// - Precondition: there is an entry, it is not refused, and the buffer is not empty.
  package mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
    precondition(!buffer.isEmpty, "bytes need room")
    if case .failed(let error) = ending { throw error }
    precondition(
      pass == .read && current?.entry != nil && current?.entry?.refusal == nil,
      "only a file can be read")
    do throws(ArchiveError) {
      guard try reachData() else { return 0 }
      let count = try frames.take(min(current?.left ?? 0, buffer.count), into: &buffer)
      current?.left -= count
      return count
    } catch {
      throw error.concernsOneEntry ? error : failed(error)
    }
  }

  /// Writes the rest of the entry to a file, where the last bytes written to it ended.
  ///
  /// - Returns: how many bytes that was.
  /// - Throws: `ArchiveError` as ``read(into:)``, `FileError` when they can't be written.
  package mutating func copy(to file: OpenFile) throws -> Int {
    var buffer = [UInt8](repeating: 0, count: 128 << 10)
    var total = 0
    while true {
      let count = try read(into: &buffer)
      if count == 0 { return total }
      try file.write(buffer[..<count])
      total += count
    }
  }

  // MARK: Within an entry

  /// Goes on to bytes of the entry; false at its end.
  private mutating func reachData() throws(ArchiveError) -> Bool {
    while let now = current {
      if let failure = now.failure { throw failure }
      if now.isOver { return false }
      if now.left > 0 { return true }
      switch try frames.next() {
      case .data(let count):
        current?.left = count
        try self.count(unpacked: count)
        guard now.bytes + count <= limits.maxEntryBytes else { throw FrameReader.malformed }
      case .passed(let count): try self.count(unpacked: count)
      case .entryEnd: current?.isOver = true
      case .entryFailed(let trouble, let message):
        current?.isOver = true
        current?.failure =
          trouble == .tooLarge
          ? ArchiveError(.entryTooLarge, "more than \(limits.maxEntryBytes) bytes")
          : ArchiveError(.damagedEntry, message)
      case .failed(let trouble, let message): throw ArchiveError(told: trouble, message)
      case .entry, .end: throw FrameReader.malformed
      }
    }
    return false
  }

  private mutating func dropRest() throws(ArchiveError) {
    do throws(ArchiveError) {
      while try reachData() {
        try frames.drop(current?.left ?? 0)
        current?.left = 0
      }
    } catch {
      // Who does not read an entry does not miss its bytes.
      guard error.concernsOneEntry else { throw error }
    }
    current = nil
  }

  /// The entry with what was found out about it.
  private mutating func listed(_ entry: ArchiveEntry) throws(ArchiveError) -> ArchiveEntry {
    var entry = entry
    do throws(ArchiveError) {
      while try reachData() {
        try frames.drop(current?.left ?? 0)
        current?.left = 0
      }
    } catch {
      guard error.concernsOneEntry else { throw error }
      entry.refusal =
        entry.refusal
        ?? (error.code == .entryTooLarge
          ? .tooLarge(limit: limits.maxEntryBytes) : .damaged(error.message))
    }
    let seen = current?.bytes ?? 0
    if entry.size == nil, entry.refusal == nil { entry.size = seen }
    // What was not unpacked will be.
    if entry.refusal == nil { try count(unpacked: max(0, (entry.size ?? 0) - seen)) }
    return entry
  }

  // MARK: Bounds

  private mutating func countEntry(nameBytes count: Int) throws(ArchiveError) {
    entryCount += 1
    guard entryCount <= limits.maxEntries else {
      throw ArchiveError(.tooManyEntries, "more than \(limits.maxEntries) entries")
    }
    nameBytes += count
    guard nameBytes <= limits.maxNameBytes else {
      throw ArchiveError(
        .tooLarge,
        "the names of its first \(entryCount) entries have \(nameBytes) bytes; those of all may have \(limits.maxNameBytes)"
      )
    }
  }

  private mutating func count(unpacked count: Int) throws(ArchiveError) {
    current?.bytes += count
    let (sum, overflow) = unpacked.addingReportingOverflow(count)
    guard !overflow, sum <= limits.maxBytes else {
      throw ArchiveError(.tooLarge, "more than \(limits.maxBytes) bytes when unpacked")
    }
    guard sum <= limits.byteLimit(archiveSize: archiveSize) else {
      throw ArchiveError(
        .tooCompressed,
        "more than \(limits.maxRatio) times its own \(archiveSize) bytes when unpacked")
    }
    unpacked = sum
  }

  /// Remembers why there is no more.
  private mutating func failed(_ error: ArchiveError) -> ArchiveError {
    let reason =
      stopper.isStopped ? ArchiveError(.stopped, "reading the archive was stopped") : error
    ending = .failed(reason)
    stopper.child.kill()
    return reason
  }

  private static func start(
    _ helper: String?, on file: OpenFile, _ pass: Pass, _ limits: ArchiveLimits
  ) throws(ArchiveError) -> StreamingChild {
    guard let helper else {
      throw ArchiveError(
        .missingTool, "archives need the program stance-decode, which is not beside this program")
    }
    do {
      return try StreamingChild(
        Command(
          helper, ["archive", pass.rawValue, "\(limits.maxEntryBytes)"],
          limits: Command.Limits(memory: 1 << 30, processorSeconds: limits.processorSeconds)),
        input: .descriptor(file.descriptor))
    } catch {
      throw error.isUnusableProgram
        ? ArchiveError(.missingTool, "archives need stance-decode: it can't be started")
        : ArchiveError(.noResources, "the archive could not be read now: \(error.reason)")
    }
  }

  private static func size(of file: OpenFile) throws(ArchiveError) -> Int {
    do {
      if case .regular(let size) = try file.kind() { return size }
    } catch { throw ArchiveError(.noResources, "the archive could not be read: \(error.message)") }
    throw ArchiveError(.unknownFormat, "no ordinary file, which an archive must be")
  }
}

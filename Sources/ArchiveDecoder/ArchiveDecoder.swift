package import ArchiveFrames
import CArchive

/// Where what an archive holds goes.
package protocol ArchiveSink {
  associatedtype Failure: Error

  /// A frame without bytes behind it.
  func write(_ frame: ArchiveFrame) throws(Failure)
  /// A frame of `data`.
  func write(data: UnsafeRawBufferPointer) throws(Failure)
}

/// Reads archives by libarchive.
package enum ArchiveDecoder {
  /// The library, with its version: "libarchive 3.6.2".
  package static var library: String { String(cString: stance_archive_version()) }

  /// Prepares what can't be once files are out of reach.
  package static func prepare() { stance_archive_prepare() }

  /// Tells `sink` all that an archive holds, and how that ended.
  ///
  /// - Parameters:
  ///   - file: a regular file of `size` bytes.
  ///   - lists: names and sizes alone.
  ///   - maxEntryBytes: of a file with more, no more than these.
  package static func decode<Sink: ArchiveSink>(
    _ file: Int32, size: Int, lists: Bool, maxEntryBytes: Int, into sink: Sink
  ) throws(Sink.Failure) {
    guard let archive = OpenArchive(file, size: size) else {
      return try sink.write(.failed(.noResources, "no memory"))
    }
    let pass = ArchivePass(
      archive: archive, sink: sink, lists: lists, maxEntryBytes: maxEntryBytes)
    try pass.run()
  }
}

/// Once through an archive.
private struct ArchivePass<Sink: ArchiveSink>: ~Copyable {
  /// How many bytes are dropped between two words about it.
  private static var dropStep: Int { 8 << 20 }

  let archive: OpenArchive
  let sink: Sink
  let lists: Bool
  let maxEntryBytes: Int
  private let buffer: UnsafeMutableRawBufferPointer

  init(archive: consuming OpenArchive, sink: Sink, lists: Bool, maxEntryBytes: Int) {
    self.archive = archive
    self.sink = sink
    self.lists = lists
    self.maxEntryBytes = maxEntryBytes
    buffer = .allocate(byteCount: ArchiveFrame.maxData, alignment: 16)
  }

  deinit { buffer.deallocate() }

  func run() throws(Sink.Failure) {
    while true {
      let entry: OpenArchive.Entry
      switch archive.next() {
      case .entry(let next): entry = next
      case .ended: return try sink.write(.end)
      case .entryFailed:
        try sink.write(.entry(.file, size: nil, name: []))
        try sink.write(.entryFailed(archive.trouble, archive.message))
        continue
      case .failed: return try sink.write(.failed(archive.trouble, archive.message))
      }
      guard try give(entry) else {
        return try sink.write(.failed(archive.trouble, archive.message))
      }
    }
  }

  /// False when nothing more can be read.
  private func give(_ entry: OpenArchive.Entry) throws(Sink.Failure) -> Bool {
    let isTooLarge = entry.kind == .file && (entry.size ?? 0) > maxEntryBytes
    try sink.write(
      .entry(isTooLarge ? .tooLarge : entry.kind, size: entry.size, name: entry.name))
    let isWanted = entry.kind == .file && !isTooLarge && !lists
    switch try isWanted ? copy() : drop() {
    case .failed: return false
    case .entryFailed: try sink.write(.entryFailed(archive.trouble, archive.message))
    case .tooLarge: try sink.write(.entryFailed(.tooLarge, "more than \(maxEntryBytes) bytes"))
    case .done: try sink.write(.entryEnd)
    }
    return true
  }

  private enum Outcome { case done, entryFailed, tooLarge, failed }

  private func copy() throws(Sink.Failure) -> Outcome {
    var total = 0
    while true {
      switch archive.read(into: buffer) {
      case .bytes(let count):
        total += count
        guard total <= maxEntryBytes else {
          let rest = try drop()
          return rest == .failed ? .failed : .tooLarge
        }
        try sink.write(data: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      case .ended: return .done
      case .entryFailed: return .entryFailed
      case .failed: return .failed
      }
    }
  }

  /// Goes to the entry's end. What must be unpacked for that is counted.
  private func drop() throws(Sink.Failure) -> Outcome {
    if archive.skips {
      switch archive.skip() {
      case .ended: return .done
      case .entryFailed: return .entryFailed
      case .failed, .bytes: return .failed
      }
    }
    var untold = 0
    while true {
      let reading = archive.read(into: buffer)
      if case .bytes(let count) = reading { untold += count }
      if untold >= Self.dropStep {
        try sink.write(.passed(count: untold))
        untold = 0
      }
      if case .bytes = reading { continue }
      if untold > 0 { try sink.write(.passed(count: untold)) }
      switch reading {
      case .entryFailed: return .entryFailed
      case .failed: return .failed
      case .ended, .bytes: return .done
      }
    }
  }
}

import ArchiveDecoder
import ArchiveFrames
import Files

@testable import Archives

extension FuzzTarget {
  /// An archive, as `stance-decode` reads it: it tells its entries in the agreed order and in frames that can be read back,
  /// and the names that come of them are distinct and lead nowhere.
  static let archives = FuzzTarget(name: "archives") { input in
    for lists in [true, false] {
      do {
        let file = try OpenFile.temporary()
        try file.write(input)
        let sink = CheckingSink()
        do throws(CheckingSink.Enough) {
          try ArchiveDecoder.decode(
            file.descriptor, size: input.count, lists: lists, maxEntryBytes: 1 << 20, into: sink)
          precondition(sink.isOver, "the archive has no end")
        } catch { continue }
      } catch { preconditionFailure("\(error)") }
    }
  }

  /// Frames of a helper that was taken over, and names, one a line.
  static let frames = FuzzTarget(name: "frames") { input in
    var rest = input[...]
    do throws(ArchiveFrame.Malformed) {
      while let (frame, length) = try ArchiveFrame.first(in: rest) {
        rest = rest.dropFirst(length)
        if case .data(let count) = frame { rest = rest.dropFirst(count) }
      }
    } catch { rest = [] }
    var names = CheckedNames()
    for line in input.split(separator: UInt8(ascii: "\n")) { names.check(Array(line)) }
  }
}

/// Checks the order of frames, and that they survive being written.
private final class CheckingSink: ArchiveSink {
  struct Enough: Error {}

  private(set) var isOver = false
  private var isInEntry = false
  private var entryBytes = 0
  private var budget = 16 << 20
  private var names = CheckedNames()

  func write(_ frame: ArchiveFrame) throws(Enough) {
    precondition(!isOver, "\(frame) behind the end")
    checkReadable(frame)
    try spend(1 << 10)
    switch frame {
    case .entry(_, _, let name):
      precondition(!isInEntry, "an entry within another")
      isInEntry = true
      entryBytes = 0
      names.check(name)
    case .passed(let count): try spend(count)
    case .data: preconditionFailure("data without bytes")
    case .entryEnd, .entryFailed:
      precondition(isInEntry, "an end without an entry")
      isInEntry = false
    case .end:
      precondition(!isInEntry, "an end within an entry")
      isOver = true
    case .failed: isOver = true
    }
  }

  func write(data: UnsafeRawBufferPointer) throws(Enough) {
    precondition(isInEntry && (1...ArchiveFrame.maxData).contains(data.count))
    entryBytes += data.count
    precondition(entryBytes <= 1 << 20, "more than was asked for")
    try spend(data.count)
  }

  private func spend(_ count: Int) throws(Enough) {
    budget -= count
    if budget < 0 { throw Enough() }
  }

  private func checkReadable(_ frame: ArchiveFrame) {
    let bytes = frame.bytes
    guard let first = try? ArchiveFrame.first(in: bytes[...]) else {
      preconditionFailure("\(frame) can't be read back")
    }
    precondition(first.length == bytes.count)
    // Messages are cut, and may end within a character.
    switch frame {
    case .failed, .entryFailed: break
    default: precondition(first.frame == frame, "\(frame) became \(first.frame)")
    }
  }
}

/// What names become.
private struct CheckedNames {
  private var names = EntryNames()
  private var seen: Set<String> = []
  private var count = 0

  mutating func check(_ name: [UInt8]) {
    defer { count += 1 }
    guard let entry = names.entry(at: count, .file, 1, name, maxBytes: 1) else { return }
    precondition(!entry.name.isEmpty && seen.insert(entry.name).inserted, entry.name)
    precondition(
      !entry.name.unicodeScalars.contains { $0.properties.generalCategory == .control })
    guard entry.refusal == nil else { return }
    let parts = entry.name.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    precondition(parts.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) }, entry.name)
  }
}

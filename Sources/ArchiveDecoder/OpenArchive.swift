import ArchiveFrames
import CArchive
import Glibc

/// An archive that libarchive has open.
struct OpenArchive: ~Copyable {
  struct Entry {
    let kind: ArchiveFrame.EntryKind
    let size: Int?
    let name: [UInt8]
  }

  enum Step {
    case entry(Entry)
    case ended, entryFailed, failed
  }

  enum Reading {
    case bytes(Int)
    case ended, entryFailed, failed
  }

  private let archive: OpaquePointer

  /// Nil without memory.
  init?(_ file: Int32, size: Int) {
    guard let archive = stance_archive_open(file, Int64(size)) else { return nil }
    self.archive = archive
  }

  deinit { stance_archive_close(archive) }

  func next() -> Step {
    var found = stance_archive_entry()
    switch stance_archive_next(archive, &found) {
    case STANCE_ARCHIVE_DONE: return .entry(Entry(found))
    case STANCE_ARCHIVE_ENDED: return .ended
    case STANCE_ARCHIVE_ENTRY_FAILED: return .entryFailed
    default: return .failed
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    guard let start = buffer.baseAddress else { return .failed }
    var filled = 0
    switch stance_archive_read(archive, start, buffer.count, &filled) {
    case STANCE_ARCHIVE_DONE: return .bytes(filled)
    case STANCE_ARCHIVE_ENDED: return .ended
    case STANCE_ARCHIVE_ENTRY_FAILED: return .entryFailed
    default: return .failed
    }
  }

  /// Whether ``skip()`` costs no unpacking.
  var skips: Bool { stance_archive_skips(archive) != 0 }

  func skip() -> Reading {
    switch stance_archive_skip(archive) {
    case STANCE_ARCHIVE_DONE: .ended
    case STANCE_ARCHIVE_ENTRY_FAILED: .entryFailed
    default: .failed
    }
  }

  var message: String { String(cString: stance_archive_message(archive)) }

  var trouble: ArchiveFrame.Trouble {
    switch stance_archive_trouble(archive) {
    case STANCE_ARCHIVE_TRUNCATED: .truncated
    case STANCE_ARCHIVE_UNKNOWN: .unknownFormat
    case STANCE_ARCHIVE_LOCKED: .encrypted
    case STANCE_ARCHIVE_NO_MEMORY: .noResources
    default: .damaged
    }
  }
}

extension OpenArchive.Entry {
  init(_ found: stance_archive_entry) {
    kind =
      switch found.kind {
      case STANCE_ARCHIVE_FOLDER: .folder
      case STANCE_ARCHIVE_SYMBOLIC_LINK: .symbolicLink
      case STANCE_ARCHIVE_HARD_LINK: .hardLink
      case STANCE_ARCHIVE_DEVICE: .device
      case STANCE_ARCHIVE_PIPE: .pipe
      case STANCE_ARCHIVE_ENCRYPTED: .encrypted
      default: .file
      }
    size = found.size >= 0 ? Int(found.size) : nil
    let bytes =
      found.name.map {
        [UInt8](UnsafeBufferPointer(start: $0, count: strlen($0)).map(UInt8.init(bitPattern:)))
      } ?? []
    name = bytes.count <= ArchiveFrame.maxName ? bytes : []
  }
}

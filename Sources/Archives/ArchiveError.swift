import ArchiveFrames

/// Why an archive, or an entry, can't be read.
package struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure.
  package enum Code: Sendable, Hashable {
    /// Of this entry no more comes; the next may be read.
    case damagedEntry
    /// The same, since it is larger than ``ArchiveLimits/maxEntryBytes``.
    case entryTooLarge
    /// No ZIP or tar archive, or packed in a way that is not read.
    case unknownFormat
    case damaged, truncated, encrypted
    case tooManyEntries, tooLarge
    /// More bytes for each of its own than ``ArchiveLimits/maxRatio``.
    case tooCompressed
    /// `stance-decode` said nothing for ``ArchiveLimits/maxSilence``.
    case timedOut
    /// This machine did not give what reading needs: no fault of the archive.
    case noResources
    case missingTool
    /// ``ArchiveReader/Stopper/stop()`` was called.
    case stopped
  }

  /// What went wrong.
  package let code: Code
  /// One line for people, with the numbers.
  package let message: String

  /// Whether the entries that follow can still be read.
  package var concernsOneEntry: Bool { code == .damagedEntry || code == .entryTooLarge }

  package var description: String { message }

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension ArchiveError {
  /// What the process that reads says of the archive.
  init(told trouble: ArchiveFrame.Trouble, _ message: String) {
    let code: Code =
      switch trouble {
      case .damaged: .damaged
      case .truncated: .truncated
      case .unknownFormat: .unknownFormat
      case .encrypted: .encrypted
      case .tooLarge: .tooLarge
      // Within the memory that is enough for every honest one: trying again would change nothing.
      case .noResources: .tooLarge
      }
    let meaning =
      switch trouble {
      case .damaged: "the archive is damaged"
      case .truncated: "the archive ends too early"
      case .unknownFormat:
        "no archive that is read (ZIP; tar, also packed by gzip, bzip2, xz or zstd)"
      case .encrypted: "the archive is encrypted; passwords are not supported"
      case .tooLarge: "the archive is too large"
      case .noResources: "the archive wants more memory than archives may have"
      }
    self.init(code, "\(meaning): \(message)")
  }
}

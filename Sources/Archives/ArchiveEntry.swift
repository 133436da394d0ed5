/// What an archive has under one name: a file, or something that was refused. Folders and what macOS adds are passed over.
package struct ArchiveEntry: Sendable, Hashable {
  /// Its place among all that the archive holds, from 0: the same each time it is read, with gaps for what is passed over.
  package let index: Int
  /// A relative path with "/" between its parts, for people; no other entry of this archive has it.
  ///
  /// UTF-8 or GB18030 as the archive has it, else "entry-17" by its place from 1; control characters are U+FFFD.
  package let name: String
  /// Unpacked bytes, as the archive claims; counted while listing where it claims nothing, else nil.
  package var size: Int?
  /// Why it can't be read; nil for a file.
  package var refusal: EntryRefusal?
}

/// Why an entry is not read, for people.
package enum EntryRefusal: Sendable, Hashable, CustomStringConvertible {
  case symbolicLink, hardLink, device, pipe, encrypted
  /// Its name begins at a root.
  case absoluteName
  /// Its name leads out of the archive's own folder.
  case outsideName
  case tooLarge(limit: Int)
  case damaged(String)

  package var description: String {
    switch self {
    case .symbolicLink: "is a symbolic link, which is not followed"
    case .hardLink: "is a hard link, which is not followed"
    case .device: "is a device"
    case .pipe: "is a pipe or a socket"
    case .encrypted: "is encrypted; passwords are not supported"
    case .absoluteName: "has an absolute name"
    case .outsideName: "has a name with \"..\", which leads out of the archive"
    case .tooLarge(let limit): "has more than \(limit) bytes"
    case .damaged(let reason): "is damaged: \(reason)"
    }
  }
}

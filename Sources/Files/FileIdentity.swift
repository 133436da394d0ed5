import Glibc

/// Which file a path leads to: the same for links of both kinds and for other spellings of the path.
package struct FileIdentity: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64

  /// What kind of file it is.
  package enum Kind: Sendable, Hashable { case folder, regular, other }

  /// The file at `path`, links followed; nil when nothing is there.
  package init?(of path: String) {
    guard let (identity, _) = Self.look(at: path) else { return nil }
    self = identity
  }

  /// The file that is open here; nil when the system does not tell.
  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// Identity and kind together, by one look.
  package static func look(at path: String) -> (identity: FileIdentity, kind: Kind)? {
    var status = stat()
    guard stat(path.cPath, &status) == 0 else { return nil }
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFREG: .regular
      default: .other
      }
    return (FileIdentity(status), kind)
  }
}

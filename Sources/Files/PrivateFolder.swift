import Glibc

extension Files {
  /// How names begin of files that lose their name at once.
  static let namelessPrefix = "stance-"

  /// `TMPDIR`, or "/tmp".
  package static var temporaryFolder: String {
    getenv("TMPDIR").map { String(path: $0) } ?? "/tmp"
  }

  /// A folder of this user's in ``temporaryFolder``: "/tmp/stance-1000".
  package static var temporaryUserFolder: String { "\(temporaryFolder)/stance-\(geteuid())" }

  /// Makes a folder that this user alone may look into, with its parents; nothing happens when there is one.
  package static func makePrivateFolder(_ path: String) throws(FileError) {
    guard mkdir(path.cPath, 0o700) != 0 else { return }
    if errno == ENOENT, parent(of: path) != path {
      try makeFolder(parent(of: path))
      guard mkdir(path.cPath, 0o700) != 0 else { return }
    }
    guard errno == EEXIST else { throw FileError(path, code: errno) }
  }

  /// Whether `path` is a folder, and no link to one, which this user has and nobody else may look into.
  package static func isPrivateFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path.cPath, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
  }

  /// Removes the names that `OpenFile.nameless(in:)` may have left in a folder when its process was killed at the wrong moment.
  /// Those of a process that is about to remove them itself don't miss them.
  package static func sweepNameless(in folder: String) throws(FileError) {
    for name in try names(in: folder) where name.hasPrefix(namelessPrefix) {
      let path = "\(folder)/\(name)"
      if unlink(path.cPath) != 0, errno != ENOENT { throw FileError(path, code: errno) }
    }
  }
}

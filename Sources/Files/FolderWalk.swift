import Glibc

/// What is found on the way through folders.
struct FolderWalk {
  /// A folder that is still to be looked through.
  struct Folder {
    let path: [UInt8]
    let depth: Int
  }

  private let limits: FolderLimits
  private var count = 0
  private var folders: [Folder] = []
  private var found: [(path: [UInt8], size: Int, refusal: FolderEntry.Refusal?)] = []

  init(limits: FolderLimits) { self.limits = limits }

  mutating func nextFolder() -> Folder? { folders.popLast() }

  mutating func refuse(_ path: [UInt8], _ refusal: FolderEntry.Refusal) {
    found.append((path, 0, refusal))
  }

  /// Notes what lies in a folder, whose descriptor is closed here.
  mutating func look(
    through descriptor: Int32, _ path: [UInt8], depth: Int
  ) throws(AllowedFolderError) {
    guard let handle = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw AllowedFolderError(String(pathBytes: path), code: code)
    }
    defer { closedir(handle) }
    while true {
      errno = 0
      guard let entry = readdir(handle) else {
        if errno != 0 { refuse(path, .unreadable(String(cString: strerror(errno)))) }
        return
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 } + [] }
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
      count += 1
      guard count <= limits.maxEntries else {
        throw AllowedFolderError(
          String(pathBytes: path), .tooManyEntries(limit: limits.maxEntries))
      }
      if FileName.isClutter(name) { continue }
      let separator = path.isEmpty ? [] : [UInt8(ascii: "/")]
      note(name, path + separator + name, dirfd(handle), depth)
    }
  }

  /// The type in the folder's own list is not used: not every file system tells it.
  private mutating func note(_ name: [UInt8], _ path: [UInt8], _ folder: Int32, _ depth: Int) {
    var status = stat()
    let bytes = name.map(CChar.init(bitPattern:)) + [0]
    guard fstatat(folder, bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno != ENOENT { refuse(path, .unreadable(String(cString: strerror(errno)))) }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: found.append((path, Int(status.st_size), nil))
    case S_IFDIR where depth < limits.maxDepth:
      folders.append(Folder(path: path, depth: depth + 1))
    case S_IFDIR: refuse(path, .tooDeep(limit: limits.maxDepth))
    case S_IFLNK: refuse(path, .link)
    case S_IFCHR, S_IFBLK: refuse(path, .device)
    default: refuse(path, .pipe)
    }
  }

  /// In the order of their paths' bytes.
  func entries() -> [FolderEntry] {
    var names = DistinctNames()
    let sorted = found.sorted { $0.path.lexicographicallyPrecedes($1.path) }
    return sorted.enumerated().map { index, entry in
      FolderEntry(
        path: String(pathBytes: entry.path),
        name: names.take(FileName.text(of: entry.path) ?? "entry-\(index + 1)"),
        size: entry.size, refusal: entry.refusal)
    }
  }
}

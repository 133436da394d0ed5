import Glibc

/// A failed file operation: what was being done to which path, and why it failed.
public struct FileError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public enum Reason: Sendable, Hashable {
    case notFound, isDirectory, notOrdinary, tooLarge(limit: Int), system(code: Int32)
  }
  /// The path as it was given.
  public let path: String
  /// What went wrong.
  public let reason: Reason

  /// One line for a person, without the path.
  public var message: String {
    switch reason {
    case .notFound: "no such file"
    case .isDirectory: "is a folder"
    case .notOrdinary: "is no ordinary file"
    case .tooLarge(let limit): "more than \(limit) bytes"
    case .system(let code): String(cString: strerror(code))
    }
  }

  /// Whether the disk or a quota is full.
  package var isShortage: Bool {
    [ENOSPC, EDQUOT].contains { reason == .system(code: $0) }
  }

  /// "photo.jpg: no such file".
  public var description: String { "\(path): \(message)" }

  init(_ path: String, code: Int32) {
    self.path = path
    reason =
      switch code {
      case ENOENT: .notFound
      case EISDIR: .isDirectory
      default: .system(code: code)
      }
  }

  init(_ path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

/// Reads and writes whole files, with bounds.
public enum Files {
  /// All bytes of a file, pipe or device.
  ///
  /// - Throws: `FileError`; `.tooLarge` as soon as more than `limit` bytes come.
  public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path.cPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, code: errno) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, named: path, limit: limit)
  }

  /// All bytes of standard input.
  public static func readStandardInput(limit: Int) throws(FileError) -> [UInt8] {
    try read(descriptor: 0, named: "-", limit: limit)
  }

  private static func read(
    descriptor: Int32, named path: String, limit: Int
  ) throws(FileError) -> [UInt8] {
    var status = stat()
    let known = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    guard known <= limit else { throw FileError(path, reason: .tooLarge(limit: limit)) }
    // One byte more than the size that is known, so that the end shows without another round.
    var capacity = max(known, 64 << 10) + 1
    var bytes: [UInt8] = []
    while true {
      var failure: Int32 = 0
      var ended = false
      let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
        while filled < capacity {
          let count = Glibc.read(
            descriptor, buffer.baseAddress.map { $0 + filled }, capacity - filled)
          if count < 0 {
            if errno == EINTR { continue }
            failure = errno
            break
          }
          if count == 0 {
            ended = true
            break
          }
          filled += count
        }
      }
      guard failure == 0 else { throw FileError(path, code: failure) }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      guard bytes.count <= limit else { throw FileError(path, reason: .tooLarge(limit: limit)) }
      if ended { return bytes }
      capacity = max(capacity, 1 << 20)
    }
  }

  /// Writes a file so that a reader sees the old bytes or all of the new ones, never a part.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = hiddenName(beside: path)
    let descriptor = open(temporary.cPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(path, reason: .system(code: errno)) }
    var sent = 0
    var failure: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      while sent < buffer.count, failure == 0 {
        let count = Glibc.write(
          descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
        if count >= 0 { sent += count } else if errno != EINTR { failure = errno }
      }
    }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, Glibc.rename(temporary.cPath, path.cPath) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(temporary.cPath)
      throw FileError(path, code: failure)
    }
  }

  /// A name for a temporary file in the folder of `path`, not taken yet as far as chance goes.
  package static func hiddenName(beside path: String) -> String {
    // A name of its own: with more behind it, the file's could become longer than a name may be.
    "\(parent(of: path))/.stance-\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
  }

  /// Gives a file another name on the same disk, at once, in place of what has that name.
  package static func rename(_ path: String, to name: String) throws(FileError) {
    guard Glibc.rename(path.cPath, name.cPath) == 0 else { throw FileError(name, code: errno) }
  }

  /// Removes a file; none there is no error.
  package static func remove(_ path: String) throws(FileError) {
    guard unlink(path.cPath) == 0 || errno == ENOENT else { throw FileError(path, code: errno) }
  }

  /// Makes a folder and those above it; one that is there already is no error.
  public static func makeFolder(_ path: String) throws(FileError) {
    if isFolder(path) { return }
    let parent = self.parent(of: path)
    if parent != path, !isFolder(parent) { try makeFolder(parent) }
    guard mkdir(path.cPath, 0o755) == 0 || errno == EEXIST else {
      throw FileError(path, code: errno)
    }
  }

  /// Whether a file, folder or anything else is there.
  public static func exists(_ path: String) -> Bool { access(path.cPath, F_OK) == 0 }

  /// Whether the path leads to a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path.cPath, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted, without "." and "..".
  public static func names(in folder: String) throws(FileError) -> [String] {
    guard let handle = opendir(folder.cPath) else { throw FileError(folder, code: errno) }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(path: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The folder that holds `path`: "a" for "a/b", "." for "b", "/" for "/b".
  public static func parent(of path: String) -> String {
    // By bytes: a name that begins with a combining character makes one `Character` with the slash.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(decoding: path.utf8[..<slash], as: UTF8.self)
  }

  /// The absolute path without links, nil when nothing is there.
  public static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path.cPath, nil) else { return nil }
    defer { free(resolved) }
    return String(path: resolved)
  }
}

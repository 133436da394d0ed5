internal import Checksums
package import Files
internal import Glibc
internal import Synchronization

/// Jobs' files in a folder, which machines may share: a folder a job, for this user alone.
///
/// A file is written under a hidden name, brought to the disk, renamed, and its folder brought to the disk too. Of several machines each
/// counts the others' bytes at ``recount()`` only.
package final class JobFolder: JobFiles {
  /// Of the bytes that may lie here, what inputs leave for the work on them.
  private static let workShare = 10
  /// What is left free on the disk by inputs.
  private static let leastFree = 256 << 20
  /// After so long a file that nobody finished has nobody who will.
  private static let abandonedAfter = 3600.0

  package let path: String
  private let limit: Int
  private let used = Mutex(0)
  /// Locks that this process holds, with a file's or without.
  private let held = Mutex<Set<Character>>([])

  /// Opens the folder, or makes it (0700).
  ///
  /// - Parameter limit: bytes of all jobs' files together.
  /// - Throws: `.unavailable` when it can't be used, or others may look into it.
  package init(_ path: String, limit: Int) throws(JobFilesError) {
    (self.path, self.limit) = (path, limit)
    do { try Files.makePrivateFolder(path) } catch { throw .unavailable(error.description) }
    guard Files.isPrivateFolder(path) else {
      throw .unavailable("\(path) is no folder of this user alone (mode 0700)")
    }
    // Those that there was no room for are made when they are wanted.
    do { try makeLocks() } catch { guard error.isShortage else { throw Self.unavailable(error) } }
    try recount()
  }

  package var room: (used: Int, limit: Int) { (used.withLock { $0 }, limit) }

  package func checkRoom(for bytes: Int) throws(JobFilesError) {
    guard bytes <= bound(of: .input) else { throw .tooLarge(limit: bound(of: .input)) }
    try checkBound(used.withLock { $0 } + bytes, .input)
    try checkDisk(bytes)
  }

  package func make(
    _ name: JobFileName, of job: JobID, as purpose: JobFilePurpose
  ) throws(JobFilesError) -> any JobFileWriter {
    try makeFolder(of: job)
    return try Writer(name, of: job, in: self, purpose)
  }

  package func open(_ name: JobFileName, of job: JobID) throws(JobFilesError) -> OpenFile {
    do { return try OpenFile(reading: path(name, of: job)) } catch {
      throw error.reason == .notFound ? .missing(name) : Self.unavailable(error)
    }
  }

  package func files(of job: JobID) throws(JobFilesError) -> [JobFile] {
    try names(in: folder(of: job)).compactMap { text in
      JobFileName(text).flatMap { name in
        FileStatus(path(name, of: job)).map { JobFile(name: name, bytes: $0.bytes) }
      }
    }
  }

  package func remains(_ prefix: String, of job: JobID) throws(JobFilesError) -> [OpenFile] {
    var found: [(bytes: Int, file: OpenFile)] = []
    for text in try names(in: folder(of: job)) where text.hasPrefix(Self.hidden + prefix) {
      let path = "\(folder(of: job))/\(text)"
      guard let status = FileStatus(path), status.bytes > 0 else { continue }
      do { found.append((status.bytes, try OpenFile(reading: path))) } catch {
        // Whoever wrote it has just removed it.
        guard error.reason == .notFound else { throw Self.unavailable(error) }
      }
    }
    return found.sorted { $0.bytes > $1.bytes }.map(\.file)
  }

  package func remove(_ name: JobFileName, of job: JobID) throws(JobFilesError) {
    try remove(path(name, of: job))
  }

  package func removeAll(of job: JobID, but kept: JobFileName?) throws(JobFilesError) {
    let folder = folder(of: job)
    for name in try names(in: folder) where name != kept?.description {
      try remove("\(folder)/\(name)")
    }
    guard kept == nil else { return }
    // Not empty: somebody writes there again, and removes it later.
    guard rmdir(folder.cPath) == 0 || [ENOENT, ENOTEMPTY, EEXIST].contains(errno) else {
      throw .unavailable("a job's folder can't be removed: \(String(cString: strerror(errno)))")
    }
  }

  package func jobs(idleFor time: Duration) throws(JobFilesError) -> [JobID] {
    let all = try names(in: path).compactMap(JobID.init)
    if time <= .zero { return all }
    let now = folderSeconds()
    var idle: [JobID] = []
    for job in all {
      // A write shows in the file, its beginning and end in the folder.
      let folder = folder(of: job)
      let times = try ([folder] + names(in: folder).map { "\(folder)/\($0)" })
        .compactMap { FileStatus($0)?.changed }
      if times.allSatisfy({ now - $0 >= time / .seconds(1) }) { idle.append(job) }
    }
    return idle
  }

  package func recount() throws(JobFilesError) {
    let now = folderSeconds()
    var total = 0
    for job in try names(in: path).compactMap(JobID.init) {
      let folder = folder(of: job)
      for name in try names(in: folder) {
        guard let status = FileStatus("\(folder)/\(name)") else { continue }
        if name.hasPrefix(Self.hidden + JobFileName.inputPrefix),
          now - status.changed > Self.abandonedAfter
        {
          try remove("\(folder)/\(name)")
        } else {
          total += status.bytes
        }
      }
    }
    used.withLock { $0 = total }
  }

  /// By a lock on one of a few files that stay: one in the job's own folder would go with it, and be made anew beside its holder's.
  ///
  /// On a full disk without such a file only others in this process are kept away: tidying up has to go on.
  package func alone<Result>(with job: JobID, _ body: () throws -> Result) throws -> Result? {
    let lock = Self.lock(of: job)
    guard held.withLock({ $0.insert(lock).inserted }) else { return nil }
    defer { held.withLock { _ = $0.remove(lock) } }
    let file: FileLock?
    do { file = try takeLock("\(locks)/\(lock)") } catch {
      guard error.isShortage else { throw Self.unavailable(error) }
      return try body()
    }
    guard let file else { return nil }
    return try withExtendedLifetime(file) { try body() }
  }

  /// Makes the locks where they could not be made before.
  private func takeLock(_ path: String) throws(FileError) -> FileLock? {
    do { return try FileLock.take(path) } catch {
      // Without the jobs' folder, a file system that is not mounted now, nothing is to be made in its place.
      guard error.reason == .notFound, Files.isFolder(self.path) else { throw error }
    }
    try makeLocks()
    return try FileLock.take(path)
  }

  // MARK: Paths

  private var locks: String { "\(path)/.locks" }

  /// The id's first digit.
  private static func lock(of job: JobID) -> Character { job.description.first ?? "0" }

  /// Now, while there is room on the disk: when it is full, tidying up must go on.
  private func makeLocks() throws(FileError) {
    try Files.makePrivateFolder(locks)
    for digit in 0..<16 { _ = try FileLock.take("\(locks)/\(String(digit, radix: 16))") }
  }

  private static let hidden = "."

  private func folder(of job: JobID) -> String { "\(path)/\(job)" }

  private func path(_ name: JobFileName, of job: JobID) -> String { "\(folder(of: job))/\(name)" }

  /// - Returns: none where there is no folder.
  private func names(in folder: String) throws(JobFilesError) -> [String] {
    do { return try Files.names(in: folder) } catch {
      if error.reason == .notFound, folder != path { return [] }
      throw Self.unavailable(error)
    }
  }

  /// Now, by the clock that the files' times are of: a file server's may be hours from this machine's, and an upload that is under way
  /// is no old one.
  private func folderSeconds() -> Double {
    guard utimensat(AT_FDCWD, locks.cPath, nil, 0) == 0, let status = FileStatus(locks) else {
      return systemSeconds()
    }
    return status.changed
  }

  private func makeFolder(of job: JobID) throws(JobFilesError) {
    guard mkdir(folder(of: job).cPath, 0o700) != 0 else { return try sync(path) }
    let code = errno
    guard code == EEXIST else {
      throw Self.failure("a job's folder can't be made", code)
    }
  }

  private func remove(_ path: String) throws(JobFilesError) {
    let bytes = FileStatus(path)?.bytes ?? 0
    do { try Files.remove(path) } catch { throw Self.unavailable(error) }
    used.withLock { $0 = max(0, $0 - bytes) }
  }

  /// What a folder holds is as safe as a file's bytes are only when the folder was synced too.
  fileprivate func sync(_ folder: String) throws(JobFilesError) {
    do { try OpenFile(reading: folder).sync() } catch {
      // Some file systems sync folders by themselves, and say that they can't be asked.
      guard error.reason == .system(code: EINVAL) else { throw Self.unavailable(error) }
    }
  }

  // MARK: Room

  private func bound(of purpose: JobFilePurpose) -> Int {
    purpose == .input ? limit - limit / Self.workShare : limit
  }

  private func checkBound(_ bytes: Int, _ purpose: JobFilePurpose) throws(JobFilesError) {
    guard bytes > bound(of: purpose) else { return }
    throw .noRoom("the files of all jobs together may have \(limit) bytes (--job-space)")
  }

  private func checkDisk(_ bytes: Int) throws(JobFilesError) {
    var disk = statvfs()
    guard statvfs(path.cPath, &disk) == 0 else { return }
    let free = disk.f_bavail.multipliedReportingOverflow(by: disk.f_frsize)
    guard !free.overflow, free.partialValue < UInt64(bytes) + UInt64(Self.leastFree) else { return }
    throw .noRoom("the disk of the jobs' files is nearly full")
  }

  /// Takes room for bytes that are about to be written.
  fileprivate func take(_ bytes: Int, _ purpose: JobFilePurpose) throws(JobFilesError) {
    try used.withLock { used throws(JobFilesError) in
      try checkBound(used + bytes, purpose)
      used += bytes
    }
  }

  fileprivate func give(_ bytes: Int) { used.withLock { $0 = max(0, $0 - bytes) } }

  fileprivate static func unavailable(_ error: FileError) -> JobFilesError {
    error.isShortage
      ? .noRoom("the disk of the jobs' files is full")
      : .unavailable("the jobs' files can't be used: \(error.message)")
  }

  private static func failure(_ what: String, _ code: Int32) -> JobFilesError {
    [ENOSPC, EDQUOT].contains(code)
      ? .noRoom("the disk of the jobs' files is full")
      : .unavailable("\(what): \(String(cString: strerror(code)))")
  }

  // MARK: Writing

  private final class Writer: JobFileWriter {
    private struct State: ~Copyable {
      var file: OpenFile?
      var byteCount = 0
      /// Since the disk was last asked for room.
      var unasked = JobFolder.Writer.asksEvery
      var digest = SHA256.Stream()
    }

    private static let asksEvery = 16 << 20

    private let name: JobFileName
    private let job: JobID
    private let folder: JobFolder
    private let purpose: JobFilePurpose
    private let temporary: String
    private let state: Mutex<State>

    init(
      _ name: JobFileName, of job: JobID, in folder: JobFolder, _ purpose: JobFilePurpose
    ) throws(JobFilesError) {
      (self.name, self.job, self.folder, self.purpose) = (name, job, folder, purpose)
      temporary =
        "\(folder.folder(of: job))/\(JobFolder.hidden)\(name).\(UInt64.random(in: 0 ... .max))"
      let file: OpenFile
      do { file = try OpenFile(making: temporary, mode: 0o600) } catch {
        throw JobFolder.unavailable(error)
      }
      state = Mutex(State(file: file))
    }

    deinit {
      let (isOpen, bytes) = state.withLock { ($0.file != nil, $0.byteCount) }
      guard isOpen else { return }
      // Nobody is there to be told; what stays is swept.
      unlink(temporary.cPath)
      folder.give(bytes)
    }

    var byteCount: Int { state.withLock { $0.byteCount } }

    func append(_ bytes: some Collection<UInt8>) throws(JobFilesError) {
      let bytes = Array(bytes)
      try state.withLock { state throws(JobFilesError) in
        guard let file = state.file else { return }
        try folder.take(bytes.count, purpose)
        state.byteCount += bytes.count
        state.unasked += bytes.count
        if purpose == .input, state.unasked >= Self.asksEvery {
          state.unasked = 0
          try folder.checkDisk(0)
        }
        do throws(FileError) { try file.write(bytes) } catch { throw JobFolder.unavailable(error) }
        state.digest.update(bytes)
      }
    }

    func finish() throws(JobFilesError) -> String {
      try state.withLock { state throws(JobFilesError) in
        guard let file = state.file else {
          throw .unavailable("the file \(name) was finished before")
        }
        do throws(FileError) {
          try file.sync()
          try Files.rename(temporary, to: folder.path(name, of: job))
        } catch { throw JobFolder.unavailable(error) }
        state.file = nil
        try folder.sync(folder.folder(of: job))
        return state.digest.hexDigest()
      }
    }
  }
}

/// What the system knows of a file without opening it.
private struct FileStatus {
  let bytes: Int
  /// Seconds since 1970, by the clock of who keeps the folder.
  let changed: Double

  /// Nil when it is not there.
  init?(_ path: String) {
    var status = stat()
    guard lstat(path.cPath, &status) == 0 else { return nil }
    // A folder's own bytes are no job's.
    bytes = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    changed = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
  }
}

import Files
import StanceJobs
import Synchronization

/// Files of which the first few can be written, and not be brought to the disk.
final class UnsyncedFiles: JobFiles {
  private let files: any JobFiles
  /// How often that fails; later all is well.
  private let failures: Mutex<Int>

  init(_ files: any JobFiles, failures: Int) {
    self.files = files
    self.failures = Mutex(failures)
  }

  private final class Writer: JobFileWriter {
    let writer: any JobFileWriter
    let owner: UnsyncedFiles

    init(_ writer: any JobFileWriter, _ owner: UnsyncedFiles) {
      (self.writer, self.owner) = (writer, owner)
    }

    var byteCount: Int { writer.byteCount }
    func append(_ bytes: some Collection<UInt8>) throws(JobFilesError) { try writer.append(bytes) }
    func finish() throws(JobFilesError) -> String {
      let fails = owner.failures.withLock { left in
        left -= 1
        return left >= 0
      }
      if fails { throw .noRoom("the disk is full") }
      return try writer.finish()
    }
  }

  func make(
    _ name: JobFileName, of job: JobID, as purpose: JobFilePurpose
  ) throws(JobFilesError) -> any JobFileWriter {
    Writer(try files.make(name, of: job, as: purpose), self)
  }

  var room: (used: Int, limit: Int) { files.room }
  func checkRoom(for bytes: Int) throws(JobFilesError) { try files.checkRoom(for: bytes) }
  func open(_ name: JobFileName, of job: JobID) throws(JobFilesError) -> OpenFile {
    try files.open(name, of: job)
  }
  func files(of job: JobID) throws(JobFilesError) -> [JobFile] { try files.files(of: job) }
  func remains(_ prefix: String, of job: JobID) throws(JobFilesError) -> [OpenFile] {
    try files.remains(prefix, of: job)
  }
  func remove(_ name: JobFileName, of job: JobID) throws(JobFilesError) {
    try files.remove(name, of: job)
  }
  func removeAll(of job: JobID, but kept: JobFileName?) throws(JobFilesError) {
    try files.removeAll(of: job, but: kept)
  }
  func jobs(idleFor time: Duration) throws(JobFilesError) -> [JobID] {
    try files.jobs(idleFor: time)
  }
  func recount() throws(JobFilesError) { try files.recount() }
  func alone<Result>(with job: JobID, _ body: () throws -> Result) throws -> Result? {
    try files.alone(with: job, body)
  }
}

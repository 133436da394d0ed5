package import Files
internal import Glibc

/// The bytes of jobs: what came with them, what was made of them on the way, and their results. Never in the queue.
///
/// A file is there whole or not at all, and does not change. Calls block: from threads that may.
package protocol JobFiles: Sendable {
  /// Whether so many bytes of input could be taken in now: asked before a job's bytes are read.
  ///
  /// - Throws: `.tooLarge` when they never could be, `.noRoom` when not now; `.unavailable`.
  func checkRoom(for bytes: Int) throws(JobFilesError)

  /// Begins a file, which has its name once it is finished, and goes with its writer before that.
  ///
  /// - Throws: `.noRoom`, `.unavailable`.
  func make(_ name: JobFileName, of job: JobID, as purpose: JobFilePurpose) throws(JobFilesError)
    -> any JobFileWriter

  /// - Throws: `.missing`, `.unavailable`.
  func open(_ name: JobFileName, of job: JobID) throws(JobFilesError) -> OpenFile

  /// The job's files, by name.
  func files(of job: JobID) throws(JobFilesError) -> [JobFile]

  /// What writers that were killed have left of files whose names begin so, the largest first: whole up to some byte. Empty where
  /// nothing can be left.
  func remains(_ prefix: String, of job: JobID) throws(JobFilesError) -> [OpenFile]

  /// Removes a file; none there is no error.
  func remove(_ name: JobFileName, of job: JobID) throws(JobFilesError)

  /// Removes all of a job, what killed writers left too, but for the file of this name.
  func removeAll(of job: JobID, but kept: JobFileName?) throws(JobFilesError)

  /// Jobs that have something here, though nothing was written for so long.
  func jobs(idleFor time: Duration) throws(JobFilesError) -> [JobID]

  /// Counts all bytes anew, since other machines write and remove too; removes what writers left that were killed long ago.
  func recount() throws(JobFilesError)

  /// Does something with a job's files that nobody else, on any machine, does with them at the same time.
  ///
  /// - Returns: nil, and nothing was done, when somebody else is at it now, or at another job's files: ask again.
  /// - Throws: `.unavailable`; what `body` throws.
  func alone<Result>(with job: JobID, _ body: () throws -> Result) throws -> Result?

  /// As last counted: bytes of all jobs' files, and how many there may be.
  var room: (used: Int, limit: Int) { get }
}

extension JobFiles {
  /// The same after others, for whom it waits so long at most.
  package func alone<Result>(
    with job: JobID, waiting time: Duration, _ body: () throws -> Result
  ) throws -> Result? {
    let end = ContinuousClock.now + time
    while true {
      if let result = try alone(with: job, body) { return result }
      guard ContinuousClock.now < end else { return nil }
      usleep(20_000)
    }
  }

  /// Removes all of a job.
  package func removeAll(of job: JobID) throws(JobFilesError) { try removeAll(of: job, but: nil) }
}

/// What a file is made for.
package enum JobFilePurpose: Sendable, Hashable {
  /// What comes from outside: it leaves room for ``work``.
  case input
  /// What is made of it.
  case work
}

/// A file that is there.
package struct JobFile: Sendable, Hashable {
  package var name: JobFileName
  package var bytes: Int
}

/// A file that is being written, by one thread at a time.
package protocol JobFileWriter: AnyObject, Sendable {
  /// Bytes so far.
  var byteCount: Int { get }
  /// - Throws: `.noRoom`, `.unavailable`.
  func append(_ bytes: some Collection<UInt8>) throws(JobFilesError)
  /// That was all: on the disk and under its name when this returns.
  ///
  /// - Returns: SHA-256 of the bytes, lower-case hexadecimal.
  func finish() throws(JobFilesError) -> String
}

/// Why bytes of a job can't be kept or read.
package enum JobFilesError: Error, Sendable, Hashable, CustomStringConvertible {
  /// More than there may ever be.
  case tooLarge(limit: Int)
  /// There is no room now; later there may be.
  case noRoom(String)
  /// There is no such file.
  case missing(JobFileName)
  /// The folder can't be used now.
  case unavailable(String)

  /// Whether the same may succeed later.
  package var isPassing: Bool {
    switch self {
    case .noRoom, .unavailable: true
    case .tooLarge, .missing: false
    }
  }

  package var description: String {
    switch self {
    case .tooLarge(let limit): "more than \(limit) bytes, the most that jobs may have"
    case .noRoom(let message), .unavailable(let message): message
    case .missing(let name): "the job has no file \(name) any more"
    }
  }
}

import Files
import FoundationEssentials
import StanceJobs

/// Promises to tell somebody of a job's end: a small file each, made before the job is there, so that no crash forgets one.
///
/// `pending` holds those that are to be kept, `kept` those that were, for a job that is run again.
package struct WebhookBox: Sendable {
  let options: WebhookOptions
  private let pending: String
  private let kept: String

  /// How far a promise is.
  struct Promise: Codable, Sendable, Hashable {
    var url: String
    var attempts = 0
    /// Seconds since 1970 before which nothing is tried.
    var notBefore = 0.0
    /// Since when there is no such job.
    var missingSince: Double?
  }

  /// - Parameter folder: for this user alone; shared by the machines that share the jobs.
  /// - Throws: `FileError`.
  package init(_ folder: String, _ options: WebhookOptions) throws {
    self.options = options
    (pending, kept) = ("\(folder)/pending", "\(folder)/kept")
    for path in [folder, pending, kept] { try Files.makePrivateFolder(path) }
  }

  /// The one that goes with jobs' files; nil when nobody may be told.
  ///
  /// - Throws: `ServiceError` where jobs' files lie in no folder; `FileError`.
  package static func opened(_ options: WebhookOptions, in place: JobPlace) throws -> WebhookBox? {
    guard !options.hosts.isEmpty else { return nil }
    guard let folder = place.files as? JobFolder else {
      throw ServiceError("--webhook-host needs a folder of jobs' files (--job-files)")
    }
    return try WebhookBox("\(folder.path)/webhooks", options)
  }

  /// The folder, for who may keep promises: one process at a time.
  var lockPath: String { "\(pending)/.lock" }

  /// - Throws: `Problem` with `bad_parameter` for an address that may not be told.
  func check(_ url: String) throws(Problem) {
    _ = try WebhookAddress(url, allowed: options.hosts)
  }

  func promise(_ url: String, of job: JobID) throws { try write(Promise(url: url), of: job) }

  /// Once more, if it was kept before.
  func promiseAgain(_ job: JobID) throws {
    guard let before = read("\(kept)/\(job)") else { return }
    try promise(before.url, of: job)
  }

  /// Nobody is to be told any more.
  func drop(_ job: JobID) {
    // What stays is dropped when the promise is looked at: there is no such job.
    for folder in [pending, kept] { try? Files.remove("\(folder)/\(job)") }
  }

  /// Jobs of which somebody is to be told, once they have ended.
  func pendingJobs() throws -> [JobID] { try Files.names(in: pending).compactMap { JobID($0) } }

  /// Jobs of which somebody was told.
  func keptJobs() throws -> [JobID] { try Files.names(in: kept).compactMap { JobID($0) } }

  /// Nil when there is none, or none that can be read.
  func pendingPromise(of job: JobID) -> Promise? { read("\(pending)/\(job)") }

  func write(_ promise: Promise, of job: JobID) throws {
    try Files.write(jsonBytes(of: promise), to: "\(pending)/\(job)")
  }

  /// It is no longer to be kept: it was, or can't be.
  func settle(_ job: JobID) throws { try Files.rename("\(pending)/\(job)", to: "\(kept)/\(job)") }

  private static let maxSize = 8 << 10

  private func read(_ path: String) -> Promise? {
    guard let bytes = try? Files.read(path, limit: Self.maxSize) else { return nil }
    return try? JSONDecoder().decode(Promise.self, from: Data(bytes))
  }
}

import Files
import FoundationEssentials
import Glibc
import StanceJobs

/// Promises to tell somebody of a job's end: a small file each, made before the job is there, so that no crash forgets one.
///
/// `pending` holds those that are to be kept, `kept` what was told of each job, for when it is run again.
package struct WebhookBox: Sendable {
  let options: WebhookOptions
  private let pending: String
  private let kept: String

  /// What was told of a job.
  private struct Kept: Codable {
    var url: String
    /// When the job ended whose end was told last, or given up.
    var told: Double?
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

  /// The one that was made there before, for who makes no new promises; nil when there is none.
  ///
  /// - Throws: `FileError`.
  static func found(in place: JobPlace) throws -> WebhookBox? {
    guard let folder = place.files as? JobFolder else { return nil }
    let path = "\(folder.path)/webhooks"
    return Files.isFolder(path) ? try WebhookBox(path, WebhookOptions()) : nil
  }

  /// The folder, for who may keep promises: one process at a time.
  var lockPath: String { "\(pending)/.lock" }

  /// - Throws: `Problem` with `bad_parameter` for an address that may not be told.
  func check(_ url: String) throws(Problem) {
    _ = try WebhookAddress(url, allowed: options.hosts)
  }

  func promise(_ url: String, of job: JobID) throws {
    try write(WebhookPromise(url: url), as: WebhookPromise.Name(job))
  }

  /// Promises to tell the next end too, of a job of which somebody is or was to be told.
  ///
  /// - Parameter end: the job's end until now, which is none that this promise is about.
  /// - Returns: the new promise, and those that it can take the place of; nil when nobody is to be told.
  func promiseAgain(
    _ job: JobID, after end: Double?
  ) throws -> (new: WebhookPromise.Name, old: [WebhookPromise.Name])? {
    let old = try pendingPromises().filter { $0.job == job }
    // In this order: what is no longer pending is kept by then.
    let url = old.lazy.compactMap { promise($0)?.url }.first ?? kept(job)?.url
    guard let url else { return nil }
    let name = WebhookPromise.Name(again: job)
    try write(WebhookPromise(url: url, after: end), as: name)
    return (name, old)
  }

  /// Nobody is to be told any more.
  func drop(_ job: JobID) {
    // What stays is dropped when the promise is looked at: there is no such job.
    for name in (try? pendingPromises()) ?? [] where name.job == job { withdraw(name) }
    try? Files.remove("\(kept)/\(job)")
  }

  /// The promise is no longer to be kept.
  func withdraw(_ name: WebhookPromise.Name) {
    // One that stays has nothing to tell, and goes with the time.
    try? Files.remove("\(pending)/\(name)")
  }

  /// What is to be told, once the jobs have ended.
  func pendingPromises() throws -> [WebhookPromise.Name] {
    try Files.names(in: pending).compactMap { WebhookPromise.Name(file: $0) }
  }

  /// Jobs of which somebody was told.
  func keptJobs() throws -> [JobID] { try Files.names(in: kept).compactMap { JobID($0) } }

  /// Nil when there is none, or none that can be read.
  func promise(_ name: WebhookPromise.Name) -> WebhookPromise? { read("\(pending)/\(name)") }

  func write(_ promise: WebhookPromise, as name: WebhookPromise.Name) throws {
    try write(promise, name.description, in: pending)
  }

  /// When the job ended whose end was told last, or given up.
  func told(of job: JobID) -> Double? { kept(job)?.told }

  /// The end that the job had at that time was told, or can't be: this promise, and no other, is no longer to be kept.
  func settle(_ name: WebhookPromise.Name, _ promise: WebhookPromise, end: Double) throws {
    try write(Kept(url: promise.url, told: end), name.job.description, in: kept)
    try Files.remove("\(pending)/\(name)")
  }

  /// On the disk when this returns.
  private func write(_ value: some Encodable, _ name: String, in folder: String) throws(FileError) {
    let file = try WholeFile("\(folder)/\(name)")
    try file.append(jsonBytes(of: value))
    try file.finish()
    do { try OpenFile(reading: folder).sync() } catch {
      // Some file systems sync folders by themselves, and say that they can't be asked.
      guard error.reason == .system(code: EINVAL) else { throw error }
    }
  }

  private static let maxSize = 8 << 10

  private func kept(_ job: JobID) -> Kept? { read("\(kept)/\(job)") }

  private func read<Value: Decodable>(_ path: String) -> Value? {
    guard let bytes = try? Files.read(path, limit: Self.maxSize) else { return nil }
    return try? JSONDecoder().decode(Value.self, from: Data(bytes))
  }
}

import Checksums
import HTTPServer
import StanceJobs
import Telemetry

/// Makes a job of a request: its bytes first, then its place in the store. Until the store has said yes, nothing of it is kept.
struct JobIntake: Sendable {
  let configuration: ServiceConfiguration
  let desk: JobDesk
  let calls: JobCalls
  let uploads: Places
  let metrics: ServiceMetrics
  let goOn: @Sendable () throws -> Void

  private static let maxKey = 255

  /// - Returns: the job, which may be one that the same request made before.
  func accept(_ request: HTTPRequest, of owner: String) async throws -> JobID {
    let key = try Self.idempotencyKey(of: request)
    let id = JobID()
    let upload = JobUpload(id, desk, maxBytes: configuration.server.maxJobBody)
    try upload.checkHead(of: request)
    // What a form's fields may yet change is judged with them.
    var own = JobParameters()
    _ = try own.read(request.query)
    if let webhook = own.webhook { try check(webhook) }
    let place = try uploads.enter()
    defer { withExtendedLifetime(place) {} }
    let length = request.body.length ?? 0
    try await calls { [desk] in
      // A request under a key may be one that is known, for which there is always room: the store tells when it knows all of it.
      if key == nil {
        let limit = desk.store.policy.maxOpenJobs
        guard try desk.store.openJobs() < limit else { throw JobStoreError.full(limit: limit) }
      }
      try desk.files.checkRoom(for: length)
    }
    do {
      let content = try await upload.content(of: request, goOn: goOn)
      let submission = try await submit(content, as: id, request, owner, key)
      guard case .known(let known) = submission else {
        metrics.jobsAccepted.add()
        return id
      }
      await removeFiles(of: id)
      return known
    } catch {
      // A store that did not answer may have the job all the same. If it has not, the files are swept.
      if case .unavailable = error as? JobStoreError { throw error }
      await removeFiles(of: id)
      throw error
    }
  }

  /// Nil without one.
  private static func idempotencyKey(of request: HTTPRequest) throws(Problem) -> String? {
    guard let given = request.headers["Idempotency-Key"] else { return nil }
    // A quoted text in its draft (draft-ietf-httpapi-idempotency-key-header); most clients leave the quotes out.
    let isQuoted = given.count > 1 && given.hasPrefix("\"") && given.hasSuffix("\"")
    let key = isQuoted ? String(given.dropFirst().dropLast()) : given
    guard (1...maxKey).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
    else {
      throw Problem(
        .badParameter,
        "Idempotency-Key has \(key.utf8.count) bytes; wanted are 1 to \(maxKey), all ASCII")
    }
    return key
  }

  private func submit(
    _ content: JobUpload.Content, as id: JobID, _ request: HTTPRequest, _ owner: String,
    _ key: String?
  ) async throws -> Submission {
    var own = JobParameters()
    let given = request.query + content.fields
    let options = try own.read(given)
    if let webhook = own.webhook { try check(webhook) }
    let specification = try specification(of: content, options)
    var job = NewJob(
      id: id, specification: specification.encoded,
      items: Self.items(of: content, specification.source), keep: desk.place.keep)
    job.owner = owner
    job.priority = own.priority
    job.inputBytes = content.files.reduce(0) { $0 + $1.bytes }
    job.idempotencyKey = key
    job.digest = Self.digest(given, content)
    let webhook = own.webhook
    return try await calls { [desk, job] in
      // Before the job is there: it could end at once, and who made it be gone.
      if let webhook { try desk.webhooks?.promise(webhook, of: id) }
      do throws(JobStoreError) {
        let submission = try desk.store.submit(job)
        if submission != .accepted { desk.webhooks?.drop(id) }
        return submission
      } catch {
        if case .unavailable = error { throw error }
        desk.webhooks?.drop(id)
        throw error
      }
    }
  }

  private func check(_ webhook: String) throws(Problem) {
    guard let webhooks = desk.webhooks else {
      throw Problem(
        .badParameter,
        "webhook: this service tells nobody of a job's end; --webhook-host names hosts that it may")
    }
    try webhooks.check(webhook)
  }

  private func specification(
    of content: JobUpload.Content, _ options: [(name: String, value: String)]
  ) throws(Problem) -> JobSpecification {
    if let path = content.folder {
      return try JobSpecification(
        .folder, folder: try folder(path), parameters: options, configuration)
    }
    let kinds = content.files.map(\.content)
    switch (kinds.first, kinds.count) {
    case (.archive, 1):
      return try JobSpecification(
        .archive, name: content.files[0].name, parameters: options, configuration)
    case (.video, 1):
      return try JobSpecification(
        .video, name: content.files[0].name, parameters: options, configuration)
    default:
      guard let odd = kinds.firstIndex(where: { $0 == .archive || $0 == .video }), kinds.count > 1
      else {
        return try JobSpecification(
          .photos, name: content.files.first?.name, parameters: options, configuration)
      }
      throw Problem(
        .unsupportedMedia,
        "file \(odd + 1) of \(kinds.count) is \(kinds[odd] == .archive ? "an archive" : "no photo"); a job has photos, or one "
          + "archive, or one video")
    }
  }

  private func folder(_ path: String) throws(Problem) -> JobSpecification.Folder {
    let pieces = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(pieces[0])
    let rest = pieces.count > 1 ? String(pieces[1]) : ""
    guard desk.place.folders[name] != nil else {
      throw Problem(
        .badParameter,
        desk.place.folders.isEmpty
          ? "folder: this service reads no folders for jobs; --job-folder NAME=PATH allows one"
          : "folder: there is no \"\(name.prefix(64))\"; there are \(desk.place.folders.keys.sorted().joined(separator: ", "))"
      )
    }
    let steps = rest.split(separator: "/", omittingEmptySubsequences: true)
    guard !steps.contains(".."), !steps.contains("."), !rest.utf8.contains(0) else {
      throw Problem(.badParameter, "folder: a path has no steps \".\" and \"..\"")
    }
    return JobSpecification.Folder(name, path: steps.joined(separator: "/"))
  }

  /// Nil where a plan has to find them.
  private static func items(
    of content: JobUpload.Content, _ source: JobSpecification.Source
  ) -> [[UInt8]]? {
    switch source {
    case .archive, .folder: nil
    case .photos, .video:
      content.files.enumerated().map { number, file in
        let name = file.name.flatMap { $0.isEmpty ? nil : $0 } ?? "\(source.rawValue)-\(number + 1)"
        return JobItemInput(file: .input(number), name: name).encoded
      }
    }
  }

  /// Of all that was asked for: the same request again has the same.
  private static func digest(
    _ given: [(name: String, value: String)], _ content: JobUpload.Content
  ) -> String {
    var words = ["POST", JobRoutes.path, content.folder ?? ""]
    words += given.flatMap { [$0.name, $0.value] }
    words.append("\(given.count)")
    words += content.files.flatMap { [$0.name ?? "", "\($0.bytes)", $0.checksum] }
    // With their lengths, so that no word can pass for two.
    return SHA256.hexDigest(of: words.flatMap { Array("\($0.utf8.count):\($0)".utf8) })
  }

  private func removeFiles(of id: JobID) async {
    // What can't be removed now is swept: no job knows it.
    try? await WorkQueue().run { [desk] in try desk.files.removeAll(of: id) }
  }
}

import Files
import Foundation
import StanceJobs
import TestSupport
import Testing

@testable import StanceService

/// A store and files of a test's own, and a worker's steps in a few words.
final class HandedJobs: Sendable {
  let folder: TemporaryFolder
  let store: SQLiteJobStore
  let files: JobFolder
  let place: JobPlace

  init(
    policy: JobPolicy = JobPolicy(), space: Int = 1 << 30, folders: [String: AllowedFolder] = [:]
  ) throws {
    folder = try TemporaryFolder()
    store = try SQLiteJobStore(folder.path + "/jobs.db", policy: policy)
    files = try JobFolder(folder.path + "/files", limit: space)
    place = JobPlace(store: store, files: files, folders: folders)
  }

  var desk: JobDesk { JobDesk(place) }

  /// Folders of jobs that have something in them.
  var folders: [String] {
    get throws { try Files.names(in: files.path).filter { JobID($0) != nil } }
  }

  /// What the store has of it.
  func job(_ id: String) throws -> Job {
    let id = try #require(JobID(id))
    return try #require(try store.job(id))
  }

  /// Claims what waits first.
  func claim() throws -> Assignment { try #require(try store.claim(by: "worker", limit: 100)) }

  /// Does a job of photos: the given text becomes its result.
  func finish(_ text: String, as end: (JobResult) -> JobEnd = { .finished($0) }) throws {
    let work = try claim()
    // What is run again may have nothing left to do but this.
    let gathering =
      work.stage == .gather
      ? work
      : try #require(
        try store.finish(
          work.items.map { ItemEnd($0.claim, .done(result: [])) }, gatherAs: "worker"
        ).next)
    let claim = try #require(gathering.items.first).claim
    let name = JobFileName.result(claim, ending: "jsonl")
    let writer = try files.make(name, of: work.job, as: .work)
    try writer.append(Array(text.utf8))
    let result = JobResult(
      name: name.description, bytes: writer.byteCount, checksum: try writer.finish(),
      mediaType: "application/jsonl")
    #expect(try store.end(claim, as: end(result)))
  }
}

extension TestAnswer {
  /// The id of the job that it is about.
  var jobID: String {
    get throws { try #require(try object["id"] as? String) }
  }

  var jobState: String? {
    get throws { try object["state"] as? String }
  }
}

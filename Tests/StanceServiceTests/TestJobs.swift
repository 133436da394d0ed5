import Archives
import Files
import Foundation
import Glibc
import Images
import PoseVideo
import Stance
import StanceJobs
import Telemetry
import TestSupport
import Testing

@testable import StanceService

/// A finder for jobs without models: the same people as ``FakeFinder``.
struct FakeJobFinder: JobPeopleFinder {
  var engineCount = 2
  var precision: Precision { .f32 }
  /// Runs before each photo's result.
  var before: @Sendable (EncodedImage) throws -> Void = { _ in }
  /// Runs before each frame's result, with its number.
  var beforeFrame: @Sendable (Int) throws -> Void = { _ in }

  func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions
  ) throws -> (result: PoseResult, photo: Photo) {
    try before(photo)
    let photo = try Photo(photo.decode())
    return (FakeFinder.result(try photo.whole().size, options), photo)
  }

  func clipTracker(_ options: PoseOptions, _ tracking: TrackingOptions) throws -> any FrameTracker {
    FakeClipTracker(options, tracking, before: beforeFrame)
  }
}

/// Jobs in a folder of a test's own.
final class TestJobs: Sendable {
  let folder: TemporaryFolder
  let place: JobPlace

  init(
    folders: [String: AllowedFolder] = [:], policy: JobPolicy = JobPolicy(),
    clock: @escaping @Sendable () -> Double = systemSeconds
  ) throws {
    folder = try TemporaryFolder()
    place = JobPlace(
      store: try SQLiteJobStore(folder.path + "/jobs.db", policy: policy, clock: clock),
      files: try JobFolder(folder.path + "/files", limit: 1 << 26), folders: folders)
  }

  /// Hands a job over: the photos by name, or the one archive or video; none of a folder.
  func submit(
    _ source: JobSpecification.Source, _ inputs: [(name: String, bytes: [UInt8])] = [],
    folder: JobSpecification.Folder? = nil, _ parameters: [(name: String, value: String)] = []
  ) throws -> JobID {
    let specification = try JobSpecification(
      source, name: inputs.count == 1 ? inputs[0].name : nil, folder: folder,
      parameters: parameters, ServiceConfiguration())
    let id = JobID()
    var items: [[UInt8]] = []
    for (number, input) in inputs.enumerated() {
      let file = try place.files.make(.input(number), of: id, as: .input)
      try file.append(input.bytes)
      _ = try file.finish()
      items.append(JobItemInput(file: .input(number), name: input.name).encoded)
    }
    let isPlanned = source == .archive || source == .folder
    let job = NewJob(
      id: id, specification: specification.encoded, items: isPlanned ? nil : items)
    try #require(try place.store.submit(job) == .accepted)
    return id
  }

  func service(_ finder: any JobPeopleFinder = FakeJobFinder()) -> JobService {
    JobService(place, finder: finder, ServiceConfiguration(), log: .none)
  }

  /// The same jobs, for a worker that knows other folders.
  func place(folders: [String: AllowedFolder]) -> JobPlace {
    JobPlace(store: place.store, files: place.files, folders: folders)
  }

  /// Works until the job says why it waits.
  func waiting(
    _ id: JobID, _ finder: any JobPeopleFinder = FakeJobFinder()
  ) throws -> (job: Job, reason: String) {
    let service = service(finder)
    try service.start()
    defer { service.stop(within: .seconds(60)) }
    for _ in 0..<6000 {
      if let job = try place.store.job(id), let reason = job.reason { return (job, reason) }
      usleep(10_000)
    }
    throw TestFailure(text: "the job does not wait")
  }

  /// Works until the job has ended.
  func run(_ id: JobID, _ finder: any JobPeopleFinder = FakeJobFinder()) throws -> Job {
    let service = service(finder)
    try service.start()
    defer { service.stop(within: .seconds(60)) }
    return try ended(id)
  }

  func ended(_ id: JobID) throws -> Job {
    for _ in 0..<6000 {
      if let job = try place.store.job(id), job.ended != nil { return job }
      usleep(10_000)
    }
    throw TestFailure(text: "the job did not end")
  }

  func bytes(of job: Job) throws -> [UInt8] {
    let result = try #require(job.result)
    let file = try place.files.open(try #require(JobFileName(result.name)), of: job.id)
    return try file.bytes(at: 0, count: result.bytes)
  }

  /// The result's lines, as JSON.
  func lines(of job: Job) throws -> [[String: Any]] {
    try bytes(of: job).split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
  }

  /// The result's files, of an archive.
  func entries(of job: Job) throws -> [(name: String, bytes: [UInt8])] {
    let result = try #require(job.result)
    let file = try place.files.open(try #require(JobFileName(result.name)), of: job.id)
    var reader = try ArchiveReader(file, .read, helper: DecodingTools.standard.helper)
    var entries: [(name: String, bytes: [UInt8])] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while let entry = try reader.next() {
      try #require(entry.refusal == nil)
      var bytes: [UInt8] = []
      while case let count = try reader.read(into: &buffer), count > 0 {
        bytes += buffer[..<count]
      }
      entries.append((entry.name, bytes))
    }
    return entries
  }
}

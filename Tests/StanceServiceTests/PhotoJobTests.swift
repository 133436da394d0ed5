import Archives
import Files
import Foundation
import Glibc
import Images
import Stance
import StanceJobs
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import StanceService

@Suite("Jobs on photos", .timeLimit(.minutes(5)))
struct PhotoJobTests {
  private func photos(_ count: Int) throws -> [(name: String, bytes: [UInt8])] {
    try (0..<count).map { ("album/\($0).png", try FakeFinder.photo(people: $0 % 3)) }
  }

  /// As JSON, without what differs from call to call.
  private func comparable(_ object: [String: Any]) -> NSDictionary {
    var object = object
    (object["timing"], object["file"]) = (nil, nil)
    return object as NSDictionary
  }

  @Test("each photo's line is what /v1/pose answers but for its timing, with the photo's name")
  func lines() async throws {
    let photos = try photos(12)
    let parameters = [("maxPeople", "1"), ("angles", "leftKnee"), ("complexity", "0")]
    let jobs = try TestJobs()
    let job = try jobs.run(try jobs.submit(.photos, photos, parameters))
    #expect(job.state == .done && job.result?.mediaType == "application/jsonl")
    let lines = try jobs.lines(of: job)
    #expect(lines.map { $0["file"] as? String } == photos.map(\.name))
    let service = try await TestService(finder: FakeFinder())
    for (photo, line) in zip(photos, lines) {
      let answer = try await service.send(
        .photo(
          photo.bytes, to: "/v1/pose?maxPeople=1&angles=leftKnee&complexity=0"))
      let direct = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
      #expect(comparable(line) == comparable(try #require(direct)))
    }
    try await service.stop()
  }

  @Test("a photo that can't be read is a line with its name and the problem")
  func unreadable() throws {
    let jobs = try TestJobs()
    let photos = [
      ("a.png", try FakeFinder.photo(people: 1)), ("b.jpg", Array("no picture".utf8)),
      ("c.json", Array("{\"a\": 1}".utf8)),
    ]
    let job = try jobs.run(try jobs.submit(.photos, photos))
    #expect(job.state == .done && job.progress.failed == 2)
    let lines = try jobs.lines(of: job)
    #expect(lines.map { $0["file"] as? String } == ["a.png", "b.jpg", "c.json"])
    let problems = lines.map { ($0["error"] as? [String: Any])?["code"] as? String }
    #expect(problems == [nil, "unreadable_image", "unreadable_image"])
    #expect(((lines[1]["error"] as? [String: Any])?["status"] as? Int) == 422)
  }

  @Test("all photos in one table, with their names")
  func table() throws {
    let jobs = try TestJobs()
    let job = try jobs.run(try jobs.submit(.photos, try photos(6), [("output", "csv-wide")]))
    #expect(job.result?.mediaType == "text/csv")
    let rows = String(decoding: try jobs.bytes(of: job), as: UTF8.self).split(separator: "\n")
    // 0, 1 and 2 people in turns, and the names of the columns.
    #expect(rows.count == 1 + 6)
    #expect(rows[1].hasPrefix("album/1.png"))
  }

  @Test("drawn pictures come as a ZIP archive; errors are a file of it")
  func pictures() throws {
    let jobs = try TestJobs()
    let photos = [
      ("../a.png", try FakeFinder.photo(people: 1)),
      ("b.webp", try FakeFinder.photo(people: 1)),
      ("c.jpg", Array("no picture".utf8)), ("a.png", try FakeFinder.photo(people: 2)),
    ]
    let job = try jobs.run(try jobs.submit(.photos, photos, [("output", "png")]))
    #expect(job.result?.mediaType == "application/zip")
    let entries = try jobs.entries(of: job)
    #expect(entries.map(\.name) == ["a.png", "b.webp.png", "a (2).png", "errors.jsonl"])
    #expect(try EncodedImage(entries[0].bytes).decode().size == ImageSize(width: 11, height: 12))
    #expect(
      String(decoding: entries[3].bytes, as: UTF8.self).hasPrefix("{\"file\":\"c.jpg\",\"error\":"))
  }

  @Test("formats with a file a photo come as a ZIP archive too")
  func filePerPhoto() throws {
    let jobs = try TestJobs()
    let job = try jobs.run(try jobs.submit(.photos, try photos(2), [("output", "openpose")]))
    let entries = try jobs.entries(of: job)
    #expect(entries.map(\.name) == ["album/0_keypoints.json", "album/1_keypoints.json"])
    #expect(String(decoding: entries[1].bytes, as: UTF8.self).contains("pose_keypoints_2d"))
  }

  @Test("an archive's pictures are unpacked and worked on; what is refused is a line")
  func archive() throws {
    let jobs = try TestJobs()
    var bytes: [UInt8] = []
    var archive = ZIPWriter { bytes += $0 }
    try archive.add(FakeFinder.photo(people: 2), as: "trip/one.png")
    try archive.add(Array("read me".utf8), as: "README.txt")
    try archive.add(FakeFinder.photo(people: 1), as: "../outside.png")
    try archive.add(FakeFinder.photo(people: 1), as: "two.PNG")
    try archive.finish()
    let job = try jobs.run(try jobs.submit(.archive, [("trip.zip", bytes)]))
    #expect(job.state == .done && job.progress.items == 3)
    let lines = try jobs.lines(of: job)
    #expect(lines.map { $0["file"] as? String } == ["trip/one.png", "../outside.png", "two.PNG"])
    #expect(lines.map { ($0["people"] as? [Any])?.count } == [2, nil, 1])
    #expect(try jobs.place.files.files(of: job.id).count == 1)
  }

  @Test("what is no archive, and one without pictures, is the job's failure")
  func noArchive() throws {
    let jobs = try TestJobs()
    let job = try jobs.run(try jobs.submit(.archive, [("a.zip", Array("no archive".utf8))]))
    #expect(job.state == .failed && job.reason?.contains("archive") == true)
    var bytes: [UInt8] = []
    var archive = ZIPWriter { bytes += $0 }
    try archive.finish()
    let empty = try jobs.run(try jobs.submit(.archive, [("b.zip", bytes)]))
    #expect(empty.reason == "missing_image: the archive holds no picture")
  }

  @Test("an allowed folder's pictures are worked on where they lie; links are lines")
  func folder() throws {
    let pictures = try TemporaryFolder()
    try Files.makeFolder(pictures.path + "/day")
    try Files.write(FakeFinder.photo(people: 2), to: pictures.path + "/day/b.png")
    try Files.write(FakeFinder.photo(people: 1), to: pictures.path + "/day/a.png")
    try Files.write([1], to: pictures.path + "/day/notes.txt")
    try FileManager.default.createSymbolicLink(
      atPath: pictures.path + "/day/c.png", withDestinationPath: "/etc/passwd")
    let jobs = try TestJobs(folders: ["album": AllowedFolder(pictures.path)])
    let job = try jobs.run(
      try jobs.submit(.folder, folder: JobSpecification.Folder("album", path: "day")))
    let lines = try jobs.lines(of: job)
    #expect(lines.map { $0["file"] as? String } == ["day/a.png", "day/b.png", "day/c.png"])
    #expect(lines.map { ($0["people"] as? [Any])?.count } == [1, 2, nil])
  }

  @Test("a cancelled job on a folder is run again, and its result has all of the folder")
  func cancelledFolder() throws {
    let pictures = try TemporaryFolder()
    let names = (0..<6).map { "\($0).png" }
    for name in names {
      try Files.write(FakeFinder.photo(people: 1), to: pictures.path + "/" + name)
    }
    let jobs = try TestJobs(folders: ["album": AllowedFolder(pictures.path)])
    let id = try jobs.submit(.folder, folder: JobSpecification.Folder("album"))
    var finder = FakeJobFinder(engineCount: 1)
    let store = jobs.place.store
    finder.before = { _ in
      if try store.job(id)?.progress.ended ?? 0 > 0 { _ = try store.cancel(id) }
    }
    let cancelled = try jobs.run(id, finder)
    let part = try jobs.lines(of: cancelled)
    #expect(cancelled.state == .cancelled && (1..<6).contains(part.count))
    #expect(try JobDesk(jobs.place).retry(id).state == .queued)
    let job = try jobs.run(id)
    #expect(job.state == .done && job.progress.ended == 6)
    #expect(try jobs.lines(of: job).map { $0["file"] as? String } == names)
  }

  /// A postponement that is over soon, and long enough to be seen by who looks at the job from time to time.
  private var impatient: JobPolicy {
    var policy = JobPolicy()
    policy.postponement = .milliseconds(250)
    return policy
  }

  @Test("a worker without the job's folder says so, and one that has it does the job")
  func missingFolder() throws {
    let pictures = try TemporaryFolder()
    try Files.write(FakeFinder.photo(people: 2), to: pictures.path + "/a.png")
    let jobs = try TestJobs(policy: impatient)
    let id = try jobs.submit(.folder, folder: JobSpecification.Folder("scans"))
    let (waiting, reason) = try jobs.waiting(id)
    #expect(reason == "this worker has no folder \"scans\" (--job-folder)")
    #expect(waiting.ended == nil && waiting.json(below: "").description.contains("(--job-folder)"))
    let able = JobService(
      jobs.place(folders: ["scans": try AllowedFolder(pictures.path)]), finder: FakeJobFinder(),
      ServiceConfiguration(), log: .none)
    try able.start()
    let job = try jobs.ended(id)
    able.stop(within: .seconds(60))
    #expect(job.state == .done && job.reason == nil && job.attempts == 1)
    #expect(try jobs.lines(of: job).map { $0["file"] as? String } == ["a.png"])
  }

  @Test("a worker without the job's folder leaves it to others, and so what another version made")
  func leftToOthers() throws {
    let jobs = try TestJobs(policy: restless)
    let folder = try jobs.submit(.folder, folder: JobSpecification.Folder("scans"))
    let newer = NewJob(specification: Array("{\"version\":2}".utf8), items: [[]])
    try #require(try jobs.place.store.submit(newer) == .accepted)
    // One engine: of two lanes one could already be about to claim what the other finds out about.
    let service = jobs.service(FakeJobFinder(engineCount: 1))
    try service.start()
    for id in [folder, newer.id] {
      for _ in 0..<6000 where try jobs.place.store.job(id)?.reason == nil { usleep(10_000) }
    }
    let photos = [("a.png", try FakeFinder.photo(people: 1))]
    for _ in 0..<3 { #expect(try jobs.ended(try jobs.submit(.photos, photos)).state == .done) }
    #expect(service.worker.counts.postponedItems == 2)
    service.stop(within: .seconds(60))
  }

  @Test("what another version made waits for a worker of that version")
  func newerJobs() throws {
    let text = String(
      decoding: try JobSpecification(.photos, parameters: [], ServiceConfiguration()).encoded,
      as: UTF8.self)
    func reason(_ specification: String, _ item: String) throws -> String {
      let jobs = try TestJobs(policy: impatient)
      let job = NewJob(specification: Array(specification.utf8), items: [Array(item.utf8)])
      try #require(try jobs.place.store.submit(job) == .accepted)
      let (waiting, reason) = try jobs.waiting(job.id)
      #expect(waiting.ended == nil && waiting.progress.failed == 0)
      return reason
    }
    let newer = text.replacingOccurrences(of: "\"version\":1", with: "\"version\":2")
    #expect(try reason(newer, "{}").hasPrefix("this worker can't read the job"))
    let unknown = text.replacingOccurrences(
      of: "\"parameters\":[]", with: "\"parameters\":[{\"name\":\"new\",\"value\":\"1\"}]")
    #expect(try reason(unknown, "{}").hasPrefix("this worker can't do what the job asks for"))
    #expect(try reason(text, "{\"new\":1}").hasPrefix("this worker can't read an item of the job"))
  }

  @Test("photos for which the engines are too busy are no errors: what was done stays, they wait")
  func overloaded() throws {
    let jobs = try TestJobs(policy: impatient)
    let isBusy = Atomic(true)
    let busy = try FakeFinder.photo(people: 2)
    let finder = FakeJobFinder(before: { photo in
      if photo.bytes == busy, isBusy.load(ordering: .acquiring) {
        throw Problem(.overloaded, "all engines are busy")
      }
    })
    let photos = [
      ("a.png", try FakeFinder.photo(people: 1)), ("b.png", busy),
      ("c.png", try FakeFinder.photo(people: 0)),
    ]
    let id = try jobs.submit(.photos, photos)
    let (waiting, reason) = try jobs.waiting(id, finder)
    #expect(reason == "all engines are busy" && waiting.progress.failed == 0)
    isBusy.store(false, ordering: .releasing)
    let job = try jobs.run(id, finder)
    #expect(job.state == .done && job.progress.failed == 0 && job.attempts == 1)
    #expect(try jobs.lines(of: job).map { ($0["people"] as? [Any])?.count } == [1, 2, 0])
  }

  @Test("a photo that alone is too much is an error; where all are, the job waits")
  func shortage() throws {
    let greedy = try FakeFinder.photo(people: 2)
    let isShort = Atomic(false)
    // One engine: with two the others could be done by the second before the first has anything to compare with.
    let finder = FakeJobFinder(
      engineCount: 1,
      before: { photo in
        if photo.bytes == greedy || isShort.load(ordering: .acquiring) {
          throw Self.outOfMemory
        }
      })
    let photos = [
      ("a.png", greedy), ("b.png", try FakeFinder.photo(people: 1)),
      ("c.png", try FakeFinder.photo(people: 0)),
    ]
    let jobs = try TestJobs(policy: impatient)
    let job = try jobs.run(try jobs.submit(.photos, photos), finder)
    #expect(job.state == .done && job.progress.failed == 1 && job.attempts == 1)
    #expect(try jobs.lines(of: job).map { ($0["people"] as? [Any])?.count } == [nil, 1, 0])
    isShort.store(true, ordering: .releasing)
    let (waiting, reason) = try jobs.waiting(try jobs.submit(.photos, photos), finder)
    #expect(reason.contains("out of memory") && waiting.progress.failed == 0)
  }

  private static let outOfMemory = ImageError(
    .noResources, "GIF could not be decoded now: out of memory")

  /// As long as these photos wait they are tried again at once.
  private var restless: JobPolicy {
    var policy = JobPolicy()
    policy.postponement = .milliseconds(1)
    return policy
  }

  /// Works on a job until something is so; then the job as it stands, before the worker stops.
  private func working(
    on id: JobID, in jobs: TestJobs, _ finder: FakeJobFinder, until condition: (Job) -> Bool
  ) throws -> Job {
    let service = jobs.service(finder)
    try service.start()
    defer { service.stop(within: .seconds(60)) }
    for _ in 0..<6000 {
      if let job = try jobs.place.store.job(id), condition(job) { return job }
      usleep(10_000)
    }
    throw TestFailure(text: "waited in vain")
  }

  @Test("photos that are too much, with no others left, are errors at the third time")
  func lastOnes() throws {
    let greedy = try (2...3).map { try FakeFinder.photo(people: $0) }
    let tries = Mutex([0, 0])
    let finder = FakeJobFinder(
      engineCount: 1,
      before: { photo in
        guard let place = greedy.firstIndex(of: photo.bytes) else { return }
        tries.withLock { $0[place] += 1 }
        throw Self.outOfMemory
      })
    let jobs = try TestJobs(policy: restless)
    // Alone the first one is done; the others follow, with nothing beside them.
    let photos = [("a.png", try FakeFinder.photo(people: 1)), ("b.png", greedy[0])]
    let job = try jobs.run(try jobs.submit(.photos, photos), finder)
    #expect(job.state == .done && job.progress.failed == 1 && job.attempts == 1)
    #expect(tries.withLock { $0 } == [3, 0])
    let code = (try jobs.lines(of: job)[1]["error"] as? [String: Any])?["code"] as? String
    #expect(code == "unreadable_image")
    let both = try jobs.run(try jobs.submit(.photos, photos + [("c.png", greedy[1])]), finder)
    #expect(both.state == .done && both.progress.failed == 2)
    #expect(tries.withLock { $0[1] } == 3)
  }

  @Test("the last photo waits while the machine is short, however often it is tried")
  func lastOfShortMachine() throws {
    let last = try FakeFinder.photo(people: 2)
    let isShort = Atomic(false)
    let tries = Atomic(0)
    let finder = FakeJobFinder(
      engineCount: 1,
      before: { photo in
        if photo.bytes == last, tries.add(1, ordering: .relaxed).newValue == 1 {
          isShort.store(true, ordering: .releasing)
        }
        if isShort.load(ordering: .acquiring) { throw Self.outOfMemory }
      })
    let jobs = try TestJobs(policy: restless)
    let photos = [("a.png", try FakeFinder.photo(people: 1)), ("b.png", last)]
    let id = try jobs.submit(.photos, photos)
    let waiting = try working(on: id, in: jobs, finder) { _ in tries.load(ordering: .relaxed) > 5 }
    #expect(waiting.ended == nil && waiting.progress.ended == 1 && waiting.progress.failed == 0)
    isShort.store(false, ordering: .releasing)
    let job = try jobs.run(id, finder)
    #expect(job.state == .done && job.progress.failed == 0)
  }

  @Test("others that merely failed do not make a photo the one at fault")
  func besideUnreadable() throws {
    let photo = try FakeFinder.photo(people: 2)
    let isShort = Atomic(true)
    let tries = Atomic(0)
    let finder = FakeJobFinder(
      engineCount: 1,
      before: { _ in
        tries.add(1, ordering: .relaxed)
        if isShort.load(ordering: .acquiring) { throw Self.outOfMemory }
      })
    let jobs = try TestJobs(policy: restless)
    let bad = Array("no picture".utf8)
    let id = try jobs.submit(.photos, [("a.png", photo), ("b.jpg", bad), ("c.jpg", bad)])
    let waiting = try working(on: id, in: jobs, finder) {
      $0.progress.ended >= 2 && tries.load(ordering: .relaxed) > 5
    }
    #expect(waiting.ended == nil && waiting.progress.ended == 2 && waiting.progress.failed == 2)
    isShort.store(false, ordering: .releasing)
    let job = try jobs.run(id, finder)
    #expect(job.state == .done && job.progress.failed == 2)
    #expect(try jobs.lines(of: job).map { ($0["people"] as? [Any])?.count } == [2, nil, nil])
  }

  @Test("parameters that no worker could follow are refused when the job is made")
  func specification() throws {
    func problem(
      _ source: JobSpecification.Source, _ parameters: [(name: String, value: String)]
    ) -> Problem? {
      do throws(Problem) {
        _ = try JobSpecification(source, parameters: parameters, ServiceConfiguration())
        return nil
      } catch { return error }
    }
    #expect(problem(.photos, [("maxPeople", "0")])?.code == .badParameter)
    #expect(problem(.archive, [("nothing", "1")])?.detail.contains("nothing") == true)
    #expect(problem(.photos, [("every", "2")])?.code == .badParameter)
    #expect(problem(.video, [("every", "2")]) == nil)
    #expect(problem(.video, [("output", "mask"), ("passes", "2")])?.code == .badParameter)
    #expect(problem(.photos, [("background", "none"), ("output", "jpeg")])?.code == .badParameter)
  }

  @Test("the defaults of the service that accepted a job hold at every worker")
  func defaults() throws {
    var configuration = ServiceConfiguration()
    configuration.pose.complexity = .heavy
    configuration.pose.maxPeople = 7
    let made = try JobSpecification(.photos, parameters: [("maxPeople", "3")], configuration)
    let read = try JobSpecification(decoding: made.encoded)
    guard case .photos(let recipe) = try JobRecipe(read) else {
      Issue.record("no recipe for photos")
      return
    }
    #expect(recipe.pose.complexity == .heavy && recipe.pose.maxPeople == 3)
  }

  @Test("what another version of the program made is refused")
  func otherVersion() throws {
    let text = String(
      decoding: try JobSpecification(.photos, parameters: [], ServiceConfiguration()).encoded,
      as: UTF8.self)
    let newer = text.replacingOccurrences(of: "\"version\":1", with: "\"version\":2")
    #expect(throws: Problem.self) { try JobSpecification(decoding: Array(newer.utf8)) }
    #expect(throws: Problem.self) { try JobSpecification(decoding: [1, 2, 3]) }
  }
}

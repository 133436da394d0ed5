import Files
import Foundation
import HTTPServer
import StanceJobs
import TestSupport
import Testing

@testable import StanceService

@Suite("Jobs over HTTP", .timeLimit(.minutes(5)))
struct JobRouteTests {
  private static let photo = FakePhoto.bytes

  private func configured(
    _ jobs: HandedJobs, keys: String? = nil,
    _ change: (inout ServiceConfiguration) -> Void = { _ in }
  ) async throws -> TestService {
    var configuration = ServiceConfiguration()
    if let keys {
      let file = jobs.folder.path + "/keys"
      try Files.write(Array(keys.utf8), to: file)
      configuration.server.apiKeys = file
    }
    change(&configuration)
    return try await TestService(configuration, jobs: jobs.desk)
  }

  private func handOver(
    _ service: TestService, _ target: String = "/v1/jobs", _ headers: [(String, String)] = []
  ) async throws -> TestAnswer {
    var request = TestRequest.form(
      [("image", "a.png", Self.photo), ("image", "b.png", Self.photo)], to: target)
    request.headers += headers
    return try await service.send(request)
  }

  // MARK: Off

  @Test("where jobs are off every route says how they are turned on, and writes nothing")
  func off() async throws {
    let service = try await TestService()
    let id = JobID().description
    let requests = [
      TestRequest(method: "POST", target: "/v1/jobs", body: Self.photo),
      TestRequest(target: "/v1/jobs"), TestRequest(target: "/v1/jobs/\(id)"),
      TestRequest(target: "/v1/jobs/\(id)/events"), TestRequest(target: "/v1/jobs/\(id)/result"),
      TestRequest(method: "POST", target: "/v1/jobs/\(id)/retry"),
      TestRequest(method: "DELETE", target: "/v1/jobs/\(id)"),
    ]
    for request in requests {
      let answer = try await service.send(request)
      #expect(answer.status == 503)
      #expect(try answer.code == "jobs_off")
      #expect(answer.text.contains("--jobs"))
    }
    #expect(try await service.get("/version").object["jobs"] as? Bool == false)
    try await service.stop()
  }

  // MARK: One job's life

  @Test("photos are handed over, looked at, done, and their result is got")
  func life() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let accepted = try await handOver(service)
    #expect(accepted.status == 202)
    let id = try accepted.jobID
    #expect(accepted["location"] == "/v1/jobs/\(id)")
    #expect(try accepted.jobState == "queued")
    let early = try await service.get("/v1/jobs/\(id)/result")
    #expect(early.status == 409)
    #expect(try early.code == "not_ended")
    let job = try jobs.job(id)
    let specification = try JobSpecification(decoding: job.specification)
    #expect(specification.source == .photos && job.inputBytes == 2 * Self.photo.count)
    let inputs = try jobs.files.files(of: job.id)
    #expect(inputs.map(\.name) == [.input(0), .input(1)])
    #expect(inputs.map(\.bytes) == [Self.photo.count, Self.photo.count])

    try jobs.finish("{}\n{}\n")
    let done = try await service.get("/v1/jobs/\(id)")
    #expect(try done.jobState == "done")
    let result = try #require(try done.object["result"] as? [String: Any])
    #expect(result["url"] as? String == "/v1/jobs/\(id)/result" && result["bytes"] as? Int == 6)
    let file = try await service.get("/v1/jobs/\(id)/result")
    #expect(file.status == 200 && file.text == "{}\n{}\n")
    #expect(file["content-type"] == "application/jsonl" && file["content-length"] == "6")
    #expect(file["content-disposition"] == "attachment; filename=\"stance-\(id.prefix(8)).jsonl\"")

    let forgotten = try await service.send(
      TestRequest(method: "DELETE", target: "/v1/jobs/\(id)"))
    #expect(forgotten.status == 204 && forgotten.body.isEmpty)
    #expect(try jobs.folders.isEmpty)
    for target in ["/v1/jobs/\(id)", "/v1/jobs/\(id)/result", "/v1/jobs/\(id)/events"] {
      #expect(try await service.get(target).status == 404, "\(target)")
    }
    try await service.stop()
  }

  @Test("a result is got in parts, and only when it is another than the caller's")
  func parts() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let target = "/v1/jobs/\(try await handOver(service).jobID)/result"
    try jobs.finish("0123456789")
    let whole = try await service.get(target)
    let tag = try #require(whole["etag"])
    #expect(whole["accept-ranges"] == "bytes")
    let part = try await service.get(target, [("Range", "bytes=2-4"), ("If-Range", tag)])
    #expect(part.status == 206 && part.text == "234")
    #expect(part["content-range"] == "bytes 2-4/10" && part["content-length"] == "3")
    #expect(try await service.get(target, [("Range", "bytes=0-1,3-4")]).text == "0123456789")
    let other = try await service.get(target, [("Range", "bytes=2-4"), ("If-Range", "\"x\"")])
    #expect(other.status == 200)
    let none = try await service.get(target, [("Range", "bytes=10-")])
    #expect(none.status == 416 && none["content-range"] == "bytes */10")
    #expect(try none.code == "range_not_satisfiable")
    let known = try await service.get(target, [("If-None-Match", tag)])
    #expect(known.status == 304 && known.body.isEmpty)
    let head = try await service.send(TestRequest(method: "HEAD", target: target))
    #expect(head.status == 200 && head["content-length"] == "10" && head.body.isEmpty)
    #expect(head["etag"] == tag)
    try await service.stop()
  }

  @Test("who waits by preference is answered at the end, and the service says that it waited")
  func waiting() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let id = try await handOver(service).jobID
    async let waited = service.get("/v1/jobs/\(id)", [("Prefer", "wait=600")])
    try await service.wait(forNumber: "stance_job_watchers 1")
    try jobs.finish("{}")
    let answer = try await waited
    #expect(try answer.jobState == "done")
    #expect(answer["preference-applied"] == "wait=60")
    // Nothing to wait for.
    let again = try await service.get("/v1/jobs/\(id)", [("Prefer", "wait=5")])
    #expect(again["preference-applied"] == nil)
    let short = try await handOver(service, "/v1/jobs", [("Prefer", "wait=1")])
    #expect(short.status == 202 && short["preference-applied"] == "wait=1")
    #expect(try short.jobState == "queued")
    try await service.stop()
  }

  @Test(
    "events tell each change and end with the job; who has seen the last is told that no more come")
  func events() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let id = try await handOver(service).jobID
    async let stream = service.get("/v1/jobs/\(id)/events", [("Last-Event-ID", "anything")])
    try await service.wait(forNumber: "stance_job_watchers 1")
    try jobs.finish("{}")
    let answer = try await stream
    #expect(answer.status == 200 && answer["content-type"] == "text/event-stream")
    #expect(answer.text.contains("event: job\n") && answer.text.contains("\"state\":\"done\""))
    let over = try await service.get("/v1/jobs/\(id)/events")
    let last = try #require(over.text.firstMatch(of: /id: ([0-9a-f]{16})\n/)).output.1
    let seen = try await service.get("/v1/jobs/\(id)/events", [("Last-Event-ID", String(last))])
    #expect(seen.status == 204)
    try await service.stop()
  }

  @Test("a client who leaves its events gives its place back")
  func leaving() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let id = try await handOver(service).jobID
    for _ in 0..<JobWatch.places + 8 {
      var request = TestRequest(target: "/v1/jobs/\(id)/events")
      request.leavesEarly = true
      _ = try? await request.send(to: service.port)
    }
    // All places are free again some time after.
    var status = 503
    while status == 503 {
      try await Task.sleep(for: .milliseconds(50))
      var request = TestRequest(target: "/v1/jobs/\(id)/events")
      request.leavesAfterHead = true
      status = try await request.send(to: service.port).status
    }
    #expect(status == 200)
    try await service.stop()
  }

  @Test(
    "a job is cancelled; one that has ended as cancelled is run again only with what came with it")
  func cancelling() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let id = try await handOver(service).jobID
    let tooEarly = try await service.send(
      TestRequest(method: "POST", target: "/v1/jobs/\(id)/retry"))
    #expect(tooEarly.status == 409)
    #expect(try tooEarly.code == "not_retryable")
    let cancelled = try await service.send(
      TestRequest(method: "DELETE", target: "/v1/jobs/\(id)"))
    #expect(cancelled.status == 202)
    #expect(try cancelled.jobState == "cancelled")
    let again = try await service.send(
      TestRequest(method: "POST", target: "/v1/jobs/\(id)/retry"))
    #expect(again.status == 202)
    #expect(try again.jobState == "queued")
    _ = try await service.send(TestRequest(method: "DELETE", target: "/v1/jobs/\(id)"))
    // Who deletes at the end may have been killed in the middle of it.
    try jobs.files.remove(.input(1), of: try jobs.job(id).id)
    let half = try await service.send(
      TestRequest(method: "POST", target: "/v1/jobs/\(id)/retry"))
    #expect(half.status == 409 && half.text.contains("deleted"))
    try jobs.files.removeAll(of: try jobs.job(id).id)
    let gone = try await service.send(
      TestRequest(method: "POST", target: "/v1/jobs/\(id)/retry"))
    #expect(gone.status == 409 && gone.text.contains("deleted"))
    try await service.stop()
  }

  @Test(
    "what was done of a folder's job stays done where it is still there, and else is done again",
    arguments: [true, false])
  func retryOfDone(isThere: Bool) throws {
    let jobs = try HandedJobs()
    let specification = try JobSpecification(
      .folder, folder: .init("scans"), parameters: [], ServiceConfiguration())
    let job = NewJob(
      specification: specification.encoded,
      items: ["a", "b"].map { JobItemInput(path: $0, name: $0).encoded })
    let work = try endWithPart(job, of: jobs)
    if isThere {
      let file = try jobs.files.make(JobFileName.part(work.items[0].claim), of: job.id, as: .work)
      try file.append([1])
      _ = try file.finish()
    }
    let again = try jobs.desk.retry(job.id)
    #expect(again.state == .queued && again.progress.ended == (isThere ? 2 : 0))
    let next = try jobs.claim()
    #expect(next.stage == (isThere ? .gather : .work) && next.items.count == (isThere ? 1 : 2))
  }

  @Test("what was done of photos and is gone can't be done again when the photo is gone too")
  func retryOfLostPhoto() throws {
    let jobs = try HandedJobs()
    let specification = try JobSpecification(.photos, parameters: [], ServiceConfiguration())
    let job = NewJob(
      specification: specification.encoded,
      items: (0..<2).map { JobItemInput(file: .input($0), name: "\($0)").encoded })
    _ = try endWithPart(job, of: jobs)
    func add(_ number: Int) throws {
      let file = try jobs.files.make(.input(number), of: job.id, as: .input)
      try file.append([1])
      _ = try file.finish()
    }
    try add(1)
    let refused = #expect(throws: Problem.self) { try jobs.desk.retry(job.id) }
    #expect(refused?.code == .notRetryable && refused?.detail.contains("deleted") == true)
    try add(0)
    #expect(try jobs.desk.retry(job.id).progress.ended == 0)
  }

  @Test(
    "half a video is not taken for a whole one by a retry: the video is wanted again",
    arguments: [true, false])
  func retryOfHalfVideo(isCancelled: Bool) throws {
    let jobs = try HandedJobs()
    let (job, part) = try video(jobs, error: isCancelled ? nil : "internal: no")
    if isCancelled {
      #expect(try jobs.store.cancel(job.id))
    } else {
      let gathering = try jobs.claim()
      try #require(
        try jobs.store.end(gathering.items[0].claim, as: .failed(reason: "internal: no", nil)))
    }
    let refused = #expect(throws: Problem.self) { try jobs.desk.retry(job.id) }
    #expect(refused?.code == .notRetryable && refused?.detail.contains("deleted") == true)
    try put(.video, of: job.id, in: jobs)
    #expect(try jobs.desk.retry(job.id).progress.ended == 0)
    #expect(
      try jobs.claim().stage == .work && jobs.files.files(of: job.id).map(\.name).contains(part))
  }

  @Test("a video that was done is only gathered once more when that was given up")
  func retryOfWholeVideo() throws {
    let jobs = try HandedJobs()
    let (job, _) = try video(jobs, error: nil)
    let gathering = try jobs.claim()
    try #require(try jobs.store.end(gathering.items[0].claim, as: .dead(reason: "lost", nil)))
    #expect(try jobs.desk.retry(job.id).progress.ended == 1)
    #expect(try jobs.claim().stage == .gather)
  }

  /// A job on a video of which a part was made and the video is gone, before its gathering.
  private func video(
    _ jobs: HandedJobs, error: String?
  ) throws -> (NewJob, part: JobFileName) {
    let specification = try JobSpecification(
      .video, name: "a.mp4", parameters: [], ServiceConfiguration())
    let job = NewJob(
      specification: specification.encoded,
      items: [JobItemInput(file: .video, name: "a.mp4").encoded])
    #expect(try jobs.store.submit(job) == .accepted)
    let claim = try jobs.claim().items[0].claim
    let part = JobFileName.part(claim)
    try put(part, of: job.id, in: jobs)
    let made = ItemResult(
      part: part.description, at: 0, bytes: 1, checksum: "abc", error: error)
    _ = try jobs.store.finish([ItemEnd(claim, .done(result: made.encoded))], gatherAs: nil)
    return (job, part)
  }

  private func put(_ name: JobFileName, of job: JobID, in jobs: HandedJobs) throws {
    let file = try jobs.files.make(name, of: job, as: .work)
    try file.append([1])
    _ = try file.finish()
  }

  /// Has a job of two items end as dead, of which the first is said to be in a part.
  private func endWithPart(_ job: NewJob, of jobs: HandedJobs) throws -> Assignment {
    #expect(try jobs.store.submit(job) == .accepted)
    let work = try jobs.claim()
    let part = JobFileName.part(work.items[0].claim)
    let done = ItemResult(part: part.description, at: 0, bytes: 1)
    _ = try jobs.store.finish(
      [ItemEnd(work.items[0].claim, .done(result: done.encoded))], gatherAs: nil)
    _ = try jobs.store.finish([ItemEnd(work.items[1].claim, .handedBack)], gatherAs: nil)
    try jobs.finish("{}", as: { _ in .dead(reason: "lost", nil) })
    return work
  }

  @Test(
    "who wants to cancel alone never loses a result, and who wants to forget alone never ends work")
  func onlyOne() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let id = try await handOver(service).jobID
    func remove(_ query: String) async throws -> TestAnswer {
      try await service.send(TestRequest(method: "DELETE", target: "/v1/jobs/\(id)" + query))
    }
    let early = try await remove("?only=forget")
    #expect(early.status == 409)
    #expect(try early.code == "not_ended")
    #expect(try await remove("?only=both").status == 400)
    #expect(try jobs.job(id).state == .queued)
    try jobs.finish("{}\n")
    let late = try await remove("?only=cancel")
    #expect(late.status == 200)
    #expect(try late.jobState == "done")
    #expect(try await service.get("/v1/jobs/\(id)/result").text == "{}\n")
    #expect(try await remove("?only=forget").status == 204)
    #expect(try await service.get("/v1/jobs/\(id)").status == 404)
    let open = try await handOver(service).jobID
    let cancelled = try await service.send(
      TestRequest(method: "DELETE", target: "/v1/jobs/\(open)?only=cancel"))
    #expect(cancelled.status == 202)
    try await service.stop()
  }

  @Test("a job says what was handed over, and how that is called")
  func titles() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let photos = try await handOver(service)
    #expect(try photos.object["source"] as? String == "photos")
    #expect(try photos.object["name"] as? String == "a.png")
    let archive = try await service.send(
      .form([("archive", "holiday.zip", [0x50, 0x4B, 5, 6])], to: "/v1/jobs"))
    #expect(try archive.object["source"] as? String == "archive")
    #expect(try archive.object["name"] as? String == "holiday.zip")
    var plain = TestRequest.photo(Self.photo, to: "/v1/jobs")
    plain.headers = [("Content-Type", "image/png")]
    let nameless = try await service.send(plain)
    #expect(try nameless.object["source"] as? String == "photos")
    #expect(try nameless.object["name"] == nil)
    let folder = try JobSpecification(
      .folder, folder: .init("scans", path: "2026"), parameters: [], ServiceConfiguration())
    #expect(folder.title == "scans/2026")
    try await service.stop()
  }

  @Test("a job that ended without a result says why there is none")
  func noResult() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let id = try await handOver(service).jobID
    try jobs.finish("", as: { _ in .failed(reason: "the archive is damaged", nil) })
    let answer = try await service.get("/v1/jobs/\(id)/result")
    #expect(answer.status == 404 && answer.text.contains("the archive is damaged"))
    try await service.stop()
  }

  @Test("a job outlives the service that took it")
  func restart() async throws {
    let jobs = try HandedJobs()
    let first = try await configured(jobs)
    let id = try await handOver(first).jobID
    try await first.stop()
    let second = try await configured(jobs)
    #expect(try await second.get("/v1/jobs/\(id)").jobState == "queued")
    try await second.stop()
  }

  // MARK: Owners

  @Test("a job of another key is as good as none, and lists have one's own alone")
  func owners() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs, keys: "k1 # ann\nk2 # ben\nk3 # ann\n")
    let ann = [("Authorization", "Bearer k1")]
    let ben = [("Authorization", "Bearer k2")]
    let id = try await handOver(service, "/v1/jobs", ann).jobID
    #expect(try await handOver(service).status == 401)
    for (method, path) in [
      ("GET", ""), ("GET", "/events"), ("GET", "/result"), ("POST", "/retry"), ("DELETE", ""),
    ] {
      let request = TestRequest(method: method, target: "/v1/jobs/\(id)\(path)", headers: ben)
      #expect(try await service.send(request).status == 404, "\(method) \(path)")
    }
    #expect(try await service.get("/v1/jobs/\(id)", [("Authorization", "Bearer k3")]).status == 200)
    #expect(try await ids(service, "", ben).isEmpty)
    #expect(try await ids(service, "", ann) == [id])
    try await service.stop()
  }

  private func ids(
    _ service: TestService, _ query: String, _ headers: [(String, String)]
  ) async throws -> [String] {
    let answer = try await service.get("/v1/jobs\(query)", headers)
    #expect(answer.status == 200)
    let list = try #require(try answer.object["jobs"] as? [[String: Any]])
    return list.compactMap { $0["id"] as? String }
  }

  @Test("a list goes on where the last one ended, and has the states that are asked for")
  func lists() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs, keys: "k1 # ann\n")
    let ann = [("Authorization", "Bearer k1")]
    var made: [String] = []
    for _ in 0..<3 { made.append(try await handOver(service, "/v1/jobs", ann).jobID) }
    let first = try await service.get("/v1/jobs?limit=2", ann)
    #expect(try first.object["next"] as? String == made[1])
    #expect(try await ids(service, "?limit=2", ann) == [made[2], made[1]])
    #expect(try await ids(service, "?before=\(made[1])", ann) == [made[0]])
    #expect(try await service.get("/v1/jobs?before=\(made[1])", ann).object["next"] == nil)
    _ = try await service.send(
      TestRequest(method: "DELETE", target: "/v1/jobs/\(made[0])", headers: ann))
    #expect(try await ids(service, "?state=cancelled", ann) == [made[0]])
    #expect(try await ids(service, "?state=queued&state=running", ann) == [made[2], made[1]])
    for query in ["?limit=0", "?limit=x", "?before=nobody", "?state=lost", "?other=1"] {
      #expect(try await service.get("/v1/jobs\(query)", ann).status == 400, "\(query)")
    }
    try await service.stop()
  }

  @Test("without keys nothing is listed, and knowing an id is enough to see its job")
  func noKeys() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let id = try await handOver(service).jobID
    #expect(try await ids(service, "", []).isEmpty)
    #expect(try await service.get("/v1/jobs/\(id)").status == 200)
    for other in [JobID().description, "x", id.uppercased(), id + "0"] {
      #expect(try await service.get("/v1/jobs/\(other)").status == 404, "\(other)")
    }
    try await service.stop()
  }

  // MARK: Origins

  @Test("a page of another origin neither hands over nor sees anything")
  func origins() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs) {
      $0.server.corsOrigins = ["https://a.example"]
    }
    let id = try await handOver(service).jobID
    for (origin, isAllowed) in [
      ("https://a.example", true), ("http://localhost", true), ("https://b.example", false),
      ("null", false),
    ] {
      let headers = [("Origin", origin)]
      #expect(
        try await handOver(service, "/v1/jobs", headers).status == (isAllowed ? 202 : 403),
        "\(origin)")
      let look = try await service.get("/v1/jobs/\(id)", headers)
      #expect(look.status == (isAllowed ? 200 : 403), "\(origin)")
    }
    let preflight = try await service.send(
      TestRequest(
        method: "OPTIONS", target: "/v1/jobs/\(id)",
        headers: [
          ("Origin", "https://a.example"), ("Access-Control-Request-Method", "DELETE"),
        ]))
    #expect(preflight["access-control-allow-methods"]?.contains("DELETE") == true)
    #expect(preflight["access-control-allow-headers"]?.contains("Idempotency-Key") == true)
    try await service.stop()
  }

  @Test("behind a proxy that has the service below a path, addresses are below it too")
  func prefix() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    let prefix = [("X-Forwarded-Prefix", "/tools/stance")]
    let answer = try await handOver(service, "/v1/jobs", prefix)
    #expect(answer["location"] == "/tools/stance/v1/jobs/\(try answer.jobID)")
    let odd = try await handOver(service, "/v1/jobs", [("X-Forwarded-Prefix", "//evil.example")])
    #expect(odd["location"]?.hasPrefix("/v1/jobs/") == true)
    try await service.stop()
  }

  @Test("metrics tell how many jobs there are, and what waits")
  func metrics() async throws {
    let jobs = try HandedJobs()
    let service = try await configured(jobs)
    _ = try await handOver(service)
    let text = try await service.get("/metrics").text
    for line in [
      "stance_job_store_up 1", "stance_jobs{state=\"queued\"} 1", "stance_jobs{state=\"dead\"} 0",
      "stance_job_items_waiting 2", "stance_jobs_accepted_total 1",
      "stance_job_leases_lost_total 0", "stance_job_file_bytes \(2 * Self.photo.count)",
    ] {
      #expect(text.contains("\n\(line)\n"), "\(line)")
    }
    try await service.stop()
  }
}

/// A photo as far as its first bytes: nothing here looks further.
enum FakePhoto {
  static let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + Array("a photo".utf8)
}

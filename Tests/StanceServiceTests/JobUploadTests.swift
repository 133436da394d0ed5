import Files
import Foundation
import StanceJobs
import TestSupport
import Testing

@testable import StanceService

@Suite("Handing jobs over", .timeLimit(.minutes(5)))
struct JobUploadTests {
  private static let photo = FakePhoto.bytes
  private static let zip: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 600)
  private static let clip = Array("\0\0\0\u{18}ftypisom".utf8) + [UInt8](repeating: 1, count: 600)

  private func service(
    _ jobs: HandedJobs, _ change: (inout ServiceConfiguration) -> Void = { _ in }
  ) async throws -> TestService {
    var configuration = ServiceConfiguration()
    change(&configuration)
    return try await TestService(configuration, jobs: jobs.desk)
  }

  private func specification(
    _ answer: TestAnswer, _ jobs: HandedJobs
  ) throws -> JobSpecification {
    return try JobSpecification(decoding: try jobs.job(try answer.jobID).specification)
  }

  private func body(_ bytes: [UInt8], _ type: String, _ target: String = "/v1/jobs") -> TestRequest
  {
    TestRequest(
      method: "POST", target: target, headers: [("Content-Type", type)], body: bytes)
  }

  @Test("the content decides what a body or a form's one file is")
  func kinds() async throws {
    let jobs = try HandedJobs()
    let service = try await service(jobs)
    let cases: [(TestRequest, JobSpecification.Source)] = [
      (body(Self.photo, "application/octet-stream"), .photos),
      (body(Self.zip, "application/octet-stream"), .archive),
      (body(Self.zip, "video/mp4"), .archive), (body(Self.clip, "application/zip"), .video),
      (.form([("file", "x", Self.zip)], to: "/v1/jobs"), .archive),
      (.form([("video", "clip.mp4", Self.clip)], to: "/v1/jobs"), .video),
      (.form([("archive", "p.jpg", Self.photo)], to: "/v1/jobs"), .photos),
      (body(Array("GIF89a".utf8), "image/gif"), .photos),
      (.form([("video", "a.gif", Array("GIF89a".utf8))], to: "/v1/jobs"), .video),
    ]
    for (request, source) in cases {
      let answer = try await service.send(request)
      #expect(answer.status == 202, "\(answer.text)")
      #expect(try specification(answer, jobs).source == source)
    }
    try await service.stop()
  }

  @Test("options of the query and the form go with the job, and wrong ones are told at once")
  func options() async throws {
    let jobs = try HandedJobs()
    let service = try await service(jobs)
    var form = TestRequest.form(
      [("maxPeople", nil, Array("3".utf8)), ("image", "a", Self.photo)],
      to: "/v1/jobs?complexity=0&priority=7")
    let answer = try await service.send(form)
    #expect(answer.status == 202, "\(answer.text)")
    let given = try specification(answer, jobs).parameters.map { "\($0.name)=\($0.value)" }
    #expect(given == ["complexity=0", "maxPeople=3"])
    let job = try jobs.job(try answer.jobID)
    #expect(job.priority == 7)
    for query in [
      "complexity=9", "nothing=1", "priority=x", "every=2", "webhook=https://a.example",
    ] {
      form.target = "/v1/jobs?\(query)"
      let refused = try await service.send(form)
      #expect(refused.status == 400, "\(query)")
      #expect(try refused.code == "bad_parameter")
    }
    #expect(try jobs.folders.count == 1)
    try await service.stop()
  }

  @Test("what is no job's input is refused by its kind, and leaves nothing")
  func refusals() async throws {
    let jobs = try HandedJobs()
    let service = try await service(jobs) { $0.server.maxJobBody = 2000 }
    var encoded = body(Self.photo, "image/png")
    encoded.headers.append(("Content-Encoding", "gzip"))
    let cases: [(TestRequest, Int, String)] = [
      (body(Self.photo, "text/plain"), 415, "unsupported_media"),
      (encoded, 415, "unsupported_media"),
      (body([], "image/png"), 400, "missing_input"),
      (body([UInt8](repeating: 1, count: 2001), "image/png"), 413, "job_too_large"),
      (.form([("image", "", [])], to: "/v1/jobs"), 400, "missing_input"),
      (.form([("picture", "a.png", Self.photo)], to: "/v1/jobs"), 400, "bad_parameter"),
      (
        .form([("image", "a", Self.photo), ("image", "b", Self.zip)], to: "/v1/jobs"), 415,
        "unsupported_media"
      ),
      (
        .form([("image", "a", Self.photo), ("video", "b", Self.clip)], to: "/v1/jobs"), 415,
        "unsupported_media"
      ),
      (body(Array("{}".utf8), "application/json"), 400, "missing_input"),
      (body(Array(#"{"folder": "x"}"#.utf8), "application/json"), 400, "bad_parameter"),
    ]
    for (request, status, code) in cases {
      let answer = try await service.send(request)
      #expect(answer.status == status, "\(answer.text)")
      #expect(try answer.code == code)
    }
    var chunked = body([UInt8](repeating: 1, count: 2001), "image/png")
    chunked.isChunked = true
    #expect(try await service.send(chunked).status == 413)
    #expect(try jobs.folders.isEmpty)
    #expect(try jobs.store.counts().jobs.values.reduce(0, +) == 0)
    try await service.stop()
  }

  @Test("a folder is one that the operator allowed, and a path beneath it")
  func folders() async throws {
    let photos = try TemporaryFolder()
    let jobs = try HandedJobs(folders: ["scans": try AllowedFolder(photos.path)])
    let service = try await service(jobs)
    func ask(_ folder: String) async throws -> TestAnswer {
      try await service.send(body(Array("{\"folder\": \"\(folder)\"}".utf8), "application/json"))
    }
    let answer = try await ask("scans/2026/may")
    #expect(answer.status == 202)
    #expect(
      try specification(answer, jobs).folder == JobSpecification.Folder("scans", path: "2026/may"))
    #expect(try await ask("scans").status == 202)
    for wrong in ["other", "scans/../x", "scans/./x", "/etc", "../scans"] {
      #expect(try await ask(wrong).status == 400, "\(wrong)")
    }
    try await service.stop()
  }

  @Test("a client who leaves in the middle leaves nothing")
  func leaving() async throws {
    let jobs = try HandedJobs()
    let service = try await service(jobs)
    var request = TestRequest.form(
      [("image", "a", [UInt8](repeating: 3, count: 3 << 20))], to: "/v1/jobs")
    (request.sentShare, request.leavesEarly) = (0.5, true)
    // It reads no answer.
    _ = try? await request.send(to: service.port)
    while true {
      let lines = try await service.get("/metrics").text
      if lines.contains(
        "stance_http_requests_total{route=\"/v1/jobs\",method=\"POST\",status=\"499\"} 1")
      {
        break
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(try jobs.folders.isEmpty && jobs.files.room.used == 0)
    try await service.stop()
  }

  // MARK: Idempotency

  private func keyed(_ bytes: [UInt8], _ key: String, _ target: String = "/v1/jobs") -> TestRequest
  {
    var request = TestRequest.form([("image", "a.png", bytes)], to: target)
    request.headers.append(("Idempotency-Key", key))
    return request
  }

  @Test("the same key with the same request is the same job; with another one it is refused")
  func idempotency() async throws {
    let jobs = try HandedJobs()
    let service = try await service(jobs)
    let first = try await service.send(keyed(Self.photo, "a"))
    let again = try await service.send(keyed(Self.photo, "\"a\""))
    #expect(first.status == 202 && again.status == 202)
    #expect(try first.jobID == again.jobID)
    #expect(try jobs.folders == [first.jobID])
    for other in [keyed(Self.photo + [1], "a"), keyed(Self.photo, "a", "/v1/jobs?maxPeople=2")] {
      let refused = try await service.send(other)
      #expect(refused.status == 422)
      #expect(try refused.code == "idempotency_key_reused")
    }
    #expect(try await service.send(keyed(Self.photo, "b")).jobID != first.jobID)
    for wrong in ["", String(repeating: "x", count: 256), "é"] {
      #expect(try await service.send(keyed(Self.photo, wrong)).status == 400, "\(wrong.count)")
    }
    #expect(try jobs.folders.count == 2)
    try await service.stop()
  }

  @Test("of the same request sent many times at once one job comes")
  func concurrency() async throws {
    let jobs = try HandedJobs()
    let service = try await service(jobs)
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask { try await service.send(keyed(Self.photo, "once")).jobID }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    #expect(try jobs.folders == Array(ids))
    #expect(try jobs.store.counts().jobs[.queued] == 1)
    try await service.stop()
  }

  // MARK: Bounds

  @Test("a full queue refuses before anything is kept, and says when to come again")
  func fullQueue() async throws {
    var policy = JobPolicy()
    policy.maxOpenJobs = 1
    let jobs = try HandedJobs(policy: policy)
    let service = try await service(jobs)
    #expect(try await service.send(body(Self.photo, "image/png")).status == 202)
    let refused = try await service.send(body(Self.photo, "image/png"))
    #expect(refused.status == 503 && refused["retry-after"] != nil)
    #expect(try refused.code == "overloaded")
    #expect(try jobs.folders.count == 1)
    try await service.stop()
  }

  @Test("one owner's bounds are theirs alone")
  func ownBounds() async throws {
    var policy = JobPolicy()
    policy.maxOpenJobsPerOwner = 1
    let jobs = try HandedJobs(policy: policy)
    let keys = jobs.folder.path + "/keys"
    try Files.write(Array("k1 # ann\nk2 # ben\n".utf8), to: keys)
    let service = try await service(jobs) { $0.server.apiKeys = keys }
    func send(_ key: String) async throws -> TestAnswer {
      var request = body(Self.photo, "image/png")
      request.headers.append(("Authorization", "Bearer \(key)"))
      return try await service.send(request)
    }
    #expect(try await send("k1").status == 202)
    let refused = try await send("k1")
    #expect(refused.status == 429 && refused["retry-after"] != nil)
    #expect(try refused.code == "too_many_jobs")
    #expect(try await send("k2").status == 202)
    #expect(try jobs.folders.count == 2)
    try await service.stop()
  }

  @Test("without room for the bytes a job is refused before it is accepted")
  func noRoom() async throws {
    let jobs = try HandedJobs(space: 4000)
    let service = try await service(jobs)
    func send(_ count: Int, chunked: Bool = false) async throws -> TestAnswer {
      var request = body(Self.photo + [UInt8](repeating: 0, count: count), "image/png")
      request.isChunked = chunked
      return try await service.send(request)
    }
    #expect(try await send(5000).status == 413)
    #expect(try await send(5000, chunked: true).status == 503)
    #expect(try await send(2000).status == 202)
    let refused = try await send(2000)
    #expect(refused.status == 503 && refused["retry-after"] != nil)
    #expect(try await send(2000, chunked: true).status == 503)
    #expect(try jobs.folders.count == 1)
    try await service.stop()
  }
}

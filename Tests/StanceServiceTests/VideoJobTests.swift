import Foundation
import Glibc
import StanceJobs
import Synchronization
import TestSupport
import Testing

@testable import StanceService

extension VideoServiceTests {
  @Suite("As jobs")
  struct Jobs {
    @Test(
      "the result is what /v1/video answers",
      arguments: ["jsonl", "csv", "coco"])
    func same(_ output: String) async throws {
      let clip = try VideoClips.plain.get()
      let jobs = try TestJobs()
      let job = try jobs.run(
        try jobs.submit(.video, [("video", clip)], [("output", output), ("every", "2")]))
      #expect(job.state == .done)
      let service = try await TestService(finder: FakeFinder())
      let answer = try await service.send(.video(clip, "?output=\(output)&every=2"))
      #expect(try jobs.bytes(of: job) == answer.stream.bytes)
      #expect(answer["content-type"] == job.result?.mediaType)
      // Only the result is left.
      #expect(try jobs.place.files.files(of: job.id).map(\.name.description) == [job.result?.name])
      try await service.stop()
    }

    @Test("drawn videos and masks are whole", arguments: ["mp4", "mask"])
    func drawn(_ output: String) throws {
      let jobs = try TestJobs()
      let job = try jobs.run(
        try jobs.submit(.video, [("clip.mp4", try VideoClips.plain.get())], [("output", output)]))
      #expect(job.state == .done && job.result?.mediaType == "video/mp4")
      let streams = try VideoClips.streams(of: jobs.bytes(of: job))
      #expect(streams.contains { $0.hasPrefix("h264") && $0.hasSuffix("20") }, "\(streams)")
    }

    @Test("what is no video is the job's failure, with the reason")
    func unreadable() throws {
      let jobs = try TestJobs()
      let job = try jobs.run(try jobs.submit(.video, [("a.mp4", Array("no video".utf8))]))
      #expect(job.state == .failed && job.result == nil)
      #expect(job.reason?.hasPrefix("unreadable_video: ") == true)
    }

    @Test("a cancelled job keeps the frames until then, in whole lines, and says so")
    func cancelled() throws {
      let jobs = try TestJobs()
      let id = try jobs.submit(.video, [("a.mp4", try VideoClips.long.get())])
      let box = Mutex<JobService?>(nil)
      let service = jobs.service(
        FakeJobFinder(beforeFrame: { frame in
          // It goes on slowly, until it is stopped.
          if frame == 20 {
            _ = try jobs.place.store.cancel(id)
            box.withLock { $0 }?.worker.noticeCancel(of: id)
          }
          if frame > 20 { usleep(20_000) }
        }))
      box.withLock { $0 = service }
      try service.start()
      let job = try jobs.ended(id)
      service.stop(within: .seconds(60))
      box.withLock { $0 = nil }
      #expect(job.state == .cancelled)
      let lines = try jobs.lines(of: job)
      let frames = lines.compactMap { $0["frame"] as? Int ?? $0["index"] as? Int }
      #expect((20..<249).contains(frames.count), "\(lines.count) lines")
      #expect((lines.last?["error"] as? [String: Any])?["code"] as? String == "cancelled")
    }

    @Test("a worker that stops hands a long video back, and another one does it")
    func handedBack() throws {
      let jobs = try TestJobs()
      let id = try jobs.submit(.video, [("a.mp4", try VideoClips.long.get())])
      let hasBegun = Atomic(false)
      let service = jobs.service(
        FakeJobFinder(beforeFrame: { frame in
          hasBegun.store(true, ordering: .releasing)
          if frame > 5 { usleep(200_000) }
        }))
      try service.start()
      for _ in 0..<6000 where !hasBegun.load(ordering: .acquiring) { usleep(10_000) }
      #expect(service.stop(within: .seconds(2)))
      #expect(try jobs.place.store.job(id)?.ended == nil)
      let job = try jobs.run(id)
      #expect(job.state == .done && job.attempts == 1)
      #expect(try jobs.lines(of: job).last?["end"] as? Int == 250)
    }

    @Test("a video for which the engines are too busy waits, and is done later")
    func overloaded() throws {
      var policy = JobPolicy()
      policy.postponement = .milliseconds(250)
      let jobs = try TestJobs(policy: policy)
      let id = try jobs.submit(.video, [("a.mp4", try VideoClips.plain.get())])
      let busy = FakeJobFinder(beforeFrame: { frame in
        if frame == 3 { throw Problem(.overloaded, "all engines are busy") }
      })
      #expect(try jobs.waiting(id, busy).reason == "all engines are busy")
      let job = try jobs.run(id)
      #expect(job.state == .done && job.attempts == 1 && job.reason == nil)
    }

    @Test("of a job whose workers were lost the last one's whole lines are kept, and its input too")
    func dead() throws {
      let now = Mutex(1000.0)
      let jobs = try TestJobs(clock: { now.withLock { $0 } })
      let id = try jobs.submit(.video, [("a.mp4", [1, 2, 3])])
      for _ in 0..<3 {
        try #require(try jobs.place.store.claim(by: "lost", limit: 1) != nil)
        now.withLock { $0 += 61 }
      }
      try Data("{\"a\":1}\n{\"b\":2}\n{\"c".utf8).write(
        to: URL(fileURLWithPath: "\(jobs.folder.path)/files/\(id)/.part-000000-3.99"))
      let job = try jobs.run(id)
      #expect(job.state == .dead && job.reason?.contains("3 times") == true)
      #expect(String(decoding: try jobs.bytes(of: job), as: UTF8.self) == "{\"a\":1}\n{\"b\":2}\n")
      #expect(try jobs.place.files.files(of: id).map(\.name).contains(.input(0)))
    }
  }
}

import StanceJobs
import Testing

extension JobStoreCheck {
  static let accepting: [JobStoreCheck] = [
    JobStoreCheck("what was accepted is there for who opens the store anew, as it was handed over")
    { open in
      var job = NewJob(specification: [0, 255, 13, 10], items: [[1, 0, 2], []])
      (job.owner, job.priority, job.inputBytes) = ("Änne 王", -3, 12)
      try #require(try open(JobPolicy()).submit(job) == .accepted)
      let store = try open(JobPolicy())
      let found = try #require(try store.job(job.id))
      #expect(found.specification == job.specification && found.owner == job.owner)
      #expect(found.priority == -3 && found.inputBytes == 12 && found.state == .queued)
      #expect(found.progress.items == 2 && found.progress.ended == 0 && found.attempts == 0)
      #expect(found.created > 1_700_000_000 && found.started == nil && found.ended == nil)
      #expect(try store.items(of: job.id, from: 0, limit: 9).map(\.input) == [[1, 0, 2], []])
      #expect(try store.job(JobID()) == nil)
    },
    JobStoreCheck(
      "the same request under the same key is the same job, another is refused, another owner's is another"
    ) { open in
      let store = try open(JobPolicy())
      let first = try store.add(owner: "a", key: "k", digest: "1")
      func again(_ owner: String, _ digest: String) throws -> Submission {
        var job = NewJob(specification: [], items: [[]])
        (job.owner, job.idempotencyKey, job.digest) = (owner, "k", digest)
        return try store.submit(job)
      }
      #expect(try again("a", "1") == .known(first))
      #expect(throws: JobStoreError.keyReused) { try again("a", "2") }
      #expect(try again("b", "2") == .accepted)
      _ = try store.gather(try #require(try store.done(try store.take(), gatherAs: "w").next))
      #expect(try again("a", "1") == .known(first), "ended, but kept")
      #expect(try store.forget(first))
      #expect(try again("a", "2") == .accepted, "the key is free again")
    },
    JobStoreCheck(
      "the queue, an owner's jobs and an owner's bytes have bounds, and an end makes room"
    ) { open in
      var policy = JobPolicy()
      (policy.maxOpenJobs, policy.maxOpenJobsPerOwner, policy.maxOpenBytesPerOwner) = (3, 2, 100)
      let store = try open(policy)
      _ = try store.add(owner: "a", bytes: 60)
      #expect(throws: JobStoreError.self) { try store.add(owner: "a", bytes: 41) }
      _ = try store.add(owner: "a", bytes: 40)
      do {
        _ = try store.add(owner: "a")
        Issue.record("a third job")
      } catch JobStoreError.ownerFull {}
      _ = try store.add(owner: "b")
      #expect(throws: JobStoreError.full(limit: 3)) { try store.add(owner: "c") }
      _ = try store.gather(try #require(try store.done(try store.take(), gatherAs: "w").next))
      _ = try store.add(owner: "c")
      #expect(throws: JobStoreError.full(limit: 3)) { try store.add(owner: "d") }
    },
    JobStoreCheck("jobs are listed newest first, by owner and state, page by page") { open in
      let store = try open(JobPolicy())
      let ids = try (0..<5).map { try store.add(owner: $0 == 2 ? "b" : "a") }
      #expect(try store.jobs(of: nil, in: [], before: nil, limit: 9).map(\.id) == ids.reversed())
      #expect(
        try store.jobs(of: "a", in: [], before: ids[3], limit: 2).map(\.id) == [ids[1], ids[0]])
      #expect(try store.cancel(ids[4]))
      #expect(try store.jobs(of: "a", in: [.queued], before: nil, limit: 1).map(\.id) == [ids[3]])
      #expect(
        try store.jobs(of: nil, in: [.cancelled, .dead], before: nil, limit: 9).map(\.id) == [
          ids[4]
        ])
      #expect(try store.jobs(of: "nobody", in: [], before: nil, limit: 9).isEmpty)
      #expect(try store.jobs(of: nil, in: [], before: nil, limit: 0).isEmpty)
    },
  ]
}

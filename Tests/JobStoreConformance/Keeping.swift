import StanceJobs
import Testing

extension JobStoreCheck {
  static let keeping: [JobStoreCheck] = [
    JobStoreCheck("only a job that has ended is forgotten, with all that belongs to it") { open in
      let store = try open(JobPolicy())
      let id = try store.add(["a", "b"])
      #expect(try !store.forget(id))
      let work = try store.take(2)
      #expect(try !store.forget(id))
      let gathering = try #require(try store.done(work, gatherAs: "w").next)
      #expect(try store.gather(gathering))
      #expect(try store.forget(id) && !store.forget(id))
      #expect(try store.job(id) == nil && store.items(of: id, from: 0, limit: 9).isEmpty)
      #expect(try store.renew(work.claims, seconds: 1, duration: nil).lost == Set(work.claims))
      #expect(try store.done(work).refused == Set(work.claims))
      #expect(try store.counts() == JobCounts())
    },
    JobStoreCheck(
      "jobs are swept when their time is over, never sooner and never while they are open"
    ) { open in
      let store = try open(JobPolicy())
      let brief = try store.add(keep: .zero)
      let long = try store.add(keep: .seconds(3600))
      let open = try store.add(keep: .zero)
      for _ in 0..<2 {
        _ = try store.gather(try #require(try store.done(try store.take(), gatherAs: "w").next))
      }
      var swept: [JobID] = []
      for _ in 0..<600 where swept.isEmpty {
        swept = try store.sweep(limit: 9)
        try store.waitForWork(atMost: .milliseconds(5))
      }
      #expect(swept == [brief])
      #expect(try store.sweep(limit: 9).isEmpty)
      #expect(
        try store.job(brief) == nil && store.state(long) == .done && store.state(open) == .queued)
    },
    JobStoreCheck("counts say what waits, what runs and since when") { open in
      let store = try open(JobPolicy())
      _ = try store.add(["a", "b", "c"])
      _ = try store.add()
      _ = try store.take(2)
      let counts = try store.counts()
      #expect(counts.jobs == [.running: 1, .queued: 1])
      #expect(counts.waitingItems == 2 && counts.runningItems == 2 && counts.lostLeases == 0)
      #expect(try #require(counts.oldestAge) >= 0)
      #expect(try store.openJobs() == 2)
    },
  ]
}

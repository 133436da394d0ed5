import StanceJobs
import Testing

extension JobStoreCheck {
  static let losing: [JobStoreCheck] = [
    JobStoreCheck(
      "a lease that ran out frees the item, and its late worker can change nothing any more"
    ) { open in
      let id = try open(JobPolicy()).add(["a"])
      let lost = try open(shortLease).take()
      let store = try open(JobPolicy())
      let taken = try store.takeLost()
      #expect(taken.claims[0].attempt == 2 && taken.claims[0].fence > lost.claims[0].fence)
      #expect(try store.renew(lost.claims, seconds: 9, duration: 9).lost == Set(lost.claims))
      #expect(try store.job(id)?.progress.seconds == nil)
      #expect(try store.done(lost, gatherAs: "w") == Finish(refused: Set(lost.claims)))
      #expect(
        try store.finish([ItemEnd(lost.claims[0], .handedBack)], gatherAs: nil).refused.count == 1)
      #expect(try store.counts().lostLeases == 1 && store.job(id)?.attempts == 2)
      let gathering = try #require(try store.done(taken, gatherAs: "w").next)
      #expect(try store.done(lost).refused.count == 1 && store.gather(gathering))
      #expect(try store.state(id) == .done)
    },
    JobStoreCheck("a late end counts as long as nobody else took the item") { open in
      let store = try open(shortLease)
      let id = try store.add()
      let late = try store.take()
      try store.waitForWork(atMost: .milliseconds(20))
      #expect(try store.done(late).refused.isEmpty)
      #expect(try store.job(id)?.progress.ended == 1)
    },
    JobStoreCheck("a renewed lease holds, and says how far the work is") { open in
      let id = try open(JobPolicy()).add()
      let work = try open(shortLease).take()
      let store = try open(JobPolicy())
      let renewal = try store.renew(work.claims, seconds: 1.5, duration: 60)
      #expect(renewal == Renewal())
      try store.waitForWork(atMost: .milliseconds(20))
      #expect(try store.claim(by: "another", limit: 1) == nil)
      let progress = try #require(try store.job(id)).progress
      #expect(progress.seconds == 1.5 && progress.duration == 60)
      #expect(try store.renew(work.claims, seconds: nil, duration: nil) == Renewal())
      #expect(try store.job(id)?.progress.seconds == 1.5)
    },
    JobStoreCheck("an item is dead after its last attempt, alone, and the others are done") {
      open in
      var policy = shortLease
      policy.maxAttempts = 2
      let store = try open(policy)
      let patient = try open(JobPolicy())
      let id = try patient.add(["poison", "b"])
      #expect(try store.take(2).items.count == 2)
      // Lost once, each is claimed alone.
      let second = try store.takeLost(2)
      #expect(second.texts == ["poison"] && second.claims[0].attempt == 2)
      var last = try store.takeLost(2)
      // The other one may come first, while the second lease of the first still runs.
      while last.texts != ["b"] { last = try store.takeLost(2) }
      #expect(try store.renew(last.claims, seconds: nil, duration: nil).lost.isEmpty)
      var finish = try store.done(last, gatherAs: "w")
      if finish.next == nil { finish.next = try store.takeLost() }
      let gathering = try #require(finish.next)
      #expect(gathering.stage == .gather)
      let items = try store.items(of: id, from: 0, limit: 9)
      #expect(items.map(\.state) == [.dead, .done] && items[0].reason?.contains("2 times") == true)
      #expect(try store.job(id)?.progress.failed == 1)
    },
    JobStoreCheck("a plan or a gathering whose workers were lost too often ends the job as dead") {
      open in
      var policy = shortLease
      policy.maxAttempts = 1
      let store = try open(policy)
      for items in [nil, ["a"]] {
        let id = try store.add(items)
        if items != nil { _ = try store.done(try store.take()) }
        _ = try store.take()
        for _ in 0..<600 where try store.state(id) == .running {
          #expect(try store.claim(by: "another", limit: 1) == nil)
          try store.waitForWork(atMost: .milliseconds(50))
        }
        let job = try #require(try store.job(id))
        #expect(job.state == .dead && job.reason?.contains("1 times") == true && job.ended != nil)
        #expect(job.expires != nil && job.result == nil)
      }
    },
    JobStoreCheck("what is dead can be run again: what was done stays done, attempts begin anew") {
      open in
      let store = try open(JobPolicy())
      let id = try store.add(["a", "b", "c"])
      let work = try store.take(3)
      _ = try store.finish(
        [
          ItemEnd(work.claims[0], .done(result: [7])),
          ItemEnd(work.claims[1], .failed(reason: "x")),
          ItemEnd(work.claims[2], .done(result: [8])),
        ], gatherAs: nil)
      #expect(try !store.retry(id, keepingDone: true), "it is not dead")
      #expect(try store.end(try store.take().claims[0], as: .dead(reason: "y", .named("part"))))
      #expect(
        try store.retry(id, keepingDone: true) && !store.retry(id, keepingDone: true)
          && !store.retry(JobID(), keepingDone: true))
      let queued = try #require(try store.job(id))
      #expect(
        queued.state == .queued && queued.ended == nil && queued.reason == nil
          && queued.result == nil)
      #expect(queued.progress.ended == 2 && queued.progress.failed == 0 && queued.attempts == 0)
      let again = try store.take(3)
      #expect(again.texts == ["b"] && again.claims[0].attempt == 1)
      #expect(again.claims[0].fence > work.claims[2].fence)
      #expect(try store.gather(try #require(try store.done(again, gatherAs: "w").next)))
      #expect(try store.job(id)?.progress.ended == 3)
    },
    JobStoreCheck("what a lost plan had noted is gone when the plan is claimed anew") { open in
      let id = try open(JobPolicy()).add(nil)
      let lost = try open(shortLease).take()
      let store = try open(JobPolicy())
      #expect(try store.note([[1], [2]], from: 0, under: lost.claims[0]))
      let again = try store.takeLost()
      #expect(try !store.note([[3]], from: 2, under: lost.claims[0]))
      _ = try store.done(again)
      #expect(try store.job(id)?.progress.items == 0)
      #expect(try store.take().stage == .gather)
    },
    JobStoreCheck("a failed plan can be run again") { open in
      let store = try open(JobPolicy())
      let id = try store.add(nil)
      _ = try store.finish(
        [ItemEnd(try store.take().claims[0], .failed(reason: "x"))], gatherAs: nil)
      #expect(try store.retry(id, keepingDone: true))
      #expect(try store.take().stage == .plan)
    },
  ]
}

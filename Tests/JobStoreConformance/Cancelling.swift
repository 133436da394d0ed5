import StanceJobs
import Testing

extension JobStoreCheck {
  static let cancelling: [JobStoreCheck] = [
    JobStoreCheck("a job that waits is cancelled at once, and can be run again") { open in
      let store = try open(JobPolicy())
      for items in [["a"], nil] {
        let id = try store.add(items)
        #expect(try store.cancel(id) && !store.cancel(id) && !store.cancel(JobID()))
        let job = try #require(try store.job(id))
        #expect(job.state == .cancelled && job.ended != nil && job.reason != nil)
        #expect(try store.claim(by: "w", limit: 1) == nil)
        #expect(try store.retry(id, keepingDone: true))
        #expect(try store.take().stage == (items == nil ? .plan : .work))
        #expect(try store.cancel(id))
      }
    },
    JobStoreCheck("who works on a cancelled job learns of it, and what was done is gathered") {
      open in
      let store = try open(JobPolicy())
      let id = try store.add(["a", "b", "c"])
      _ = try store.done(try store.take())
      let running = try store.take()
      #expect(try store.cancel(id))
      #expect(try store.state(id) == .cancelled && store.job(id)?.ended == nil)
      #expect(try store.claim(by: "w", limit: 3) == nil)
      #expect(
        try store.renew(running.claims, seconds: nil, duration: nil).cancelled
          == Set(running.claims))
      _ = try store.finish([ItemEnd(running.claims[0], .handedBack)], gatherAs: nil)
      #expect(try !store.cancel(id), "what was done is not lost to who cancels twice")
      let gathering = try store.take()
      #expect(gathering.stage == .gather && gathering.isCancelled)
      #expect(
        try store.items(of: id, from: 0, limit: 9).map(\.state) == [.done, .cancelled, .cancelled])
      #expect(try !store.cancel(id), "nothing is left to cancel")
      #expect(try store.gather(gathering, name: "part"))
      let job = try #require(try store.job(id))
      #expect(job.state == .cancelled && job.result?.name == "part" && job.ended != nil)
    },
    JobStoreCheck("a job is run again from its beginning where what is done is not kept") { open in
      let store = try open(JobPolicy())
      for isPlanned in [false, true] {
        let id = try store.add(isPlanned ? nil : ["a", "b"])
        if isPlanned {
          let plan = try store.take()
          #expect(
            try store.note([Array("a".utf8), Array("b".utf8)], from: 0, under: plan.claims[0]))
          _ = try store.done(plan)
        }
        let first = try store.take()
        _ = try store.done(first)
        #expect(try store.cancel(id) && store.gather(try store.take(), name: "part"))
        #expect(try store.retry(id, keepingDone: false))
        let job = try #require(try store.job(id))
        #expect(job.state == .queued && job.stage == .work && job.result == nil)
        #expect(job.progress.items == 2 && job.progress.ended == 0 && job.attempts == 0)
        let items = try store.items(of: id, from: 0, limit: 9)
        #expect(items.map(\.state) == [.queued, .queued] && items.allSatisfy { $0.result == nil })
        #expect(try store.counts().waitingItems == 2)
        let again = try store.take(2)
        #expect(again.texts == ["a", "b"] && again.claims[0].attempt == 1)
        #expect(again.claims[0].fence > first.claims[0].fence)
        #expect(try store.gather(try #require(try store.done(again, gatherAs: "w").next)))
        #expect(try store.state(id) == .done)
      }
    },
    JobStoreCheck("a cancelled job whose worker is lost ends all the same") { open in
      let id = try open(JobPolicy()).add(["a"])
      let store = try open(shortLease)
      _ = try store.take()
      #expect(try store.cancel(id))
      for _ in 0..<600 where try store.job(id)?.ended == nil {
        #expect(try store.claim(by: "another", limit: 1) == nil)
        try store.waitForWork(atMost: .milliseconds(50))
      }
      #expect(try store.job(id)?.ended != nil && store.state(id) == .cancelled)
    },
    JobStoreCheck("a job that gathers is no longer cancelled") { open in
      let store = try open(JobPolicy())
      let id = try store.add()
      let gathering = try #require(try store.done(try store.take(), gatherAs: "w").next)
      #expect(try !store.cancel(id) && store.gather(gathering) && store.state(id) == .done)
    },
  ]
}

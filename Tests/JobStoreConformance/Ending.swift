import StanceJobs
import Testing

extension JobStoreCheck {
  static let ending: [JobStoreCheck] = [
    JobStoreCheck(
      "items count as waiting while they can be claimed: not what a plan notes, nor what it leaves"
    ) { open in
      let store = try open(JobPolicy())
      for fails in [true, false] {
        let id = try store.add(nil)
        #expect(try store.counts().waitingItems == 1)
        let plan = try store.take()
        #expect(try store.note([[1], [2]], from: 0, under: plan.claims[0]))
        #expect(try store.counts().waitingItems == 0)
        let outcome = fails ? ItemOutcome.failed(reason: "no folder") : .done(result: [])
        _ = try store.finish([ItemEnd(plan.claims[0], outcome)], gatherAs: nil)
        #expect(try store.counts().waitingItems == (fails ? 0 : 2))
        #expect(try fails == (store.state(id) == .failed))
      }
    },
    JobStoreCheck(
      "the last item's end makes the gathering claimable, and its end makes the result visible"
    ) { open in
      let store = try open(JobPolicy())
      let id = try store.add(["a", "b"])
      let (one, two) = (try store.take(), try store.take())
      #expect(try store.done(two) == Finish())
      #expect(try store.claim(by: "w", limit: 1) == nil, "one item still runs")
      #expect(try store.job(id)?.progress.ended == 1)
      #expect(
        try store.finish([ItemEnd(one.claims[0], .failed(reason: "no picture"))], gatherAs: nil)
          == Finish())
      let gathering = try store.take(9)
      #expect(gathering.stage == .gather && gathering.items.count == 1 && !gathering.isCancelled)
      let items = try store.items(of: id, from: 0, limit: 9)
      #expect(
        items.map(\.state) == [.failed, .done] && items.map(\.reason) == ["no picture", nil])
      #expect(items[1].result == Array("b".utf8))
      #expect(try store.items(of: id, from: 1, limit: 1).map(\.index) == [1])
      #expect(try store.items(of: id, from: 2, limit: 1).isEmpty)
      #expect(try store.job(id)?.result == nil)
      #expect(try store.gather(gathering))
      let job = try #require(try store.job(id))
      #expect(job.state == .done && job.result == .named("result") && job.reason == nil)
      #expect(job.progress.ended == 2 && job.progress.failed == 1 && job.progress.items == 2)
      let (ended, expires) = (try #require(job.ended), try #require(job.expires))
      #expect(abs(expires - ended - 3600) < 0.01)
      #expect(try !store.gather(gathering), "it has ended")
      #expect(try store.counts().jobs == [.done: 1] && store.openJobs() == 0)
    },
    JobStoreCheck("who ends the last item can gather at once") { open in
      let store = try open(JobPolicy())
      let id = try store.add(["a", "b"])
      let work = try store.take(2)
      #expect(
        try store.finish([ItemEnd(work.claims[1], .done(result: []))], gatherAs: "w").next == nil)
      let finish = try store.finish([ItemEnd(work.claims[0], .done(result: []))], gatherAs: "w")
      let gathering = try #require(finish.next)
      #expect(finish.refused.isEmpty && gathering.stage == .gather && gathering.job == id)
      #expect(try store.claim(by: "w", limit: 1) == nil)
      #expect(try store.gather(gathering))
    },
    JobStoreCheck("an item handed back can be claimed at once, and the attempt does not count") {
      open in
      var policy = JobPolicy()
      policy.maxAttempts = 1
      let store = try open(policy)
      let id = try store.add(["a", "b"])
      for _ in 0..<3 {
        let work = try store.take(2)
        #expect(work.claims.map(\.attempt) == [1, 1])
        _ = try store.finish(work.claims.map { ItemEnd($0, .handedBack) }, gatherAs: "w")
      }
      #expect(try store.job(id)?.progress.ended == 0)
      let gathering = try #require(try store.done(try store.take(2), gatherAs: "w").next)
      _ = try store.finish([ItemEnd(gathering.claims[0], .handedBack)], gatherAs: nil)
      #expect(try store.gather(try store.take()))
    },
    JobStoreCheck("who gathers can say that the job failed or is dead, with what there is") {
      open in
      let store = try open(JobPolicy())
      func end(as end: JobEnd) throws -> Job? {
        let id = try store.add()
        let finish = try store.done(try store.take(), gatherAs: "w")
        #expect(try store.end(try #require(finish.next).claims[0], as: end))
        return try store.job(id)
      }
      let failed = try #require(try end(as: .failed(reason: "no video", nil)))
      #expect(failed.state == .failed && failed.reason == "no video" && failed.result == nil)
      let dead = try #require(try end(as: .dead(reason: "crashes", .named("part"))))
      #expect(dead.state == .dead && dead.reason == "crashes" && dead.result?.name == "part")
    },
    JobStoreCheck("an item's own end is not a gathering's, nor the other way round") { open in
      let store = try open(JobPolicy())
      _ = try store.add()
      let work = try store.take()
      #expect(try !store.end(work.claims[0], as: .finished(.named("x"))))
      let gathering = try #require(try store.done(work, gatherAs: "w").next)
      #expect(try store.done(gathering).refused == Set(gathering.claims))
      #expect(try !store.note([[1]], from: 0, under: gathering.claims[0]))
      #expect(try store.gather(gathering))
    },
  ]
}

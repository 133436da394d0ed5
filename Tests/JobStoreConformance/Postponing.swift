import StanceJobs
import Testing

extension JobStoreCheck {
  static let postponing: [JobStoreCheck] = [
    JobStoreCheck("a postponed job is passed over, and what waits beside it is claimed") { open in
      let store = try open(JobPolicy())
      let id = try store.add(["a", "b"], owner: "x", priority: 9)
      let (same, other) = (try store.add(owner: "x"), try store.add(owner: "y"))
      try store.postpone(try store.take())
      #expect(try Set([store.take().job, store.take().job]) == [same, other])
      #expect(try store.claim(by: "w", limit: 1) == nil)
      #expect(try store.job(id)?.ended == nil && store.job(id)?.progress.ended == 0)
      let counts = try store.counts()
      #expect(counts.waitingItems == 2 && counts.postponedJobs == 1)
    },
    JobStoreCheck("an owner whose only job is postponed hides nobody else's") { open in
      let store = try open(JobPolicy())
      _ = try store.add(owner: "a")
      try store.postpone(try store.take())
      let later = try store.add(owner: "b")
      #expect(try store.take().job == later)
    },
    JobStoreCheck("a postponed job is claimed when its time has come, and attempts do not count") {
      open in
      var policy = shortPostponement
      policy.maxAttempts = 1
      let store = try open(policy)
      let id = try store.add(["a", "b"])
      for _ in 0..<3 {
        let work = try store.takeLost(2)
        #expect(work.texts == ["a", "b"] && work.claims.map(\.attempt) == [1, 1])
        try store.postpone(work)
      }
      #expect(try store.job(id)?.attempts == 1)
      #expect(
        try store.gather(try #require(try store.done(try store.takeLost(2), gatherAs: "w").next)))
      #expect(try store.state(id) == .done && store.counts().postponedJobs == 0)
    },
    JobStoreCheck("more jobs than come back at once come back all the same") { open in
      let store = try open(shortPostponement)
      let ids = try (0..<130).map { _ in try store.add() }
      for work in try ids.map({ _ in try store.take() }) { try store.postpone(work) }
      #expect(try Set(ids.map { _ in try store.takeLost().job }) == Set(ids))
    },
    JobStoreCheck("a plan and a gathering can be postponed") { open in
      let store = try open(shortPostponement)
      let id = try store.add(nil)
      try store.postpone(try store.take())
      let plan = try store.takeLost()
      #expect(plan.stage == .plan && plan.claims[0].attempt == 1)
      #expect(try store.note([[1]], from: 0, under: plan.claims[0]))
      _ = try store.done(plan)
      try store.postpone(try #require(try store.done(try store.take(), gatherAs: "w").next))
      let gathering = try store.takeLost()
      #expect(try gathering.stage == .gather && store.gather(gathering))
      #expect(try store.state(id) == .done)
    },
    JobStoreCheck("while a job is postponed its reason is seen, until something of it is done") {
      open in
      let store = try open(shortPostponement)
      let id = try store.add(["a", "b"])
      try store.postpone(try store.take(), "no room")
      #expect(try store.job(id)?.reason == "no room")
      let work = try store.takeLost()
      #expect(try store.job(id)?.reason == nil, "it is worked on")
      try store.postpone(work, "no folder")
      #expect(try store.job(id)?.reason == "no folder")
      _ = try store.done(try store.takeLost())
      #expect(try store.job(id)?.reason == nil)
      #expect(try store.gather(try #require(try store.done(try store.take(), gatherAs: "w").next)))
      #expect(try store.job(id)?.reason == nil && store.state(id) == .done)
    },
    JobStoreCheck("an item that is done brings the job back at once; one that is done with it not")
    {
      open in
      let store = try open(JobPolicy())
      let id = try store.add(["a", "b", "c"])
      let (one, two) = (try store.take(), try store.take(2))
      try store.postpone(two)
      #expect(try store.claim(by: "w", limit: 1) == nil)
      _ = try store.done(one)
      let rest = try store.take(2)
      #expect(rest.texts == ["b", "c"])
      let ends = [
        ItemEnd(rest.claims[0], .postponed(reason: "no room")),
        ItemEnd(rest.claims[1], .done(result: [])),
      ]
      #expect(try store.finish(ends, gatherAs: "w") == Finish())
      #expect(try store.claim(by: "w", limit: 1) == nil)
      let job = try #require(try store.job(id))
      #expect(job.reason == "no room" && job.progress.ended == 2)
    },
    JobStoreCheck(
      "when patience is over an item is dead, with the reason, and the others are tried"
    ) {
      open in
      var policy = shortPostponement
      policy.patience = .zero
      let store = try open(policy)
      let id = try store.add(["a", "b"])
      try store.postpone(try store.take())
      _ = try store.done(try store.takeLost())
      // Something was done since: it is as new.
      try store.postpone(try store.takeLost())
      let last = try store.takeLost()
      let end = ItemEnd(last.claims[0], .postponed(reason: "no folder"))
      let gathering = try #require(try store.finish([end], gatherAs: "w").next)
      let items = try store.items(of: id, from: 0, limit: 9)
      #expect(items.map(\.state) == [.done, .dead])
      #expect(items[1].reason == "no folder; given up after 0 seconds")
      #expect(try store.job(id)?.progress.failed == 1)
      #expect(try store.gather(gathering) && store.state(id) == .done)
    },
    JobStoreCheck(
      "when patience is over a plan or a gathering ends its job, which can be run again"
    ) {
      open in
      var policy = shortPostponement
      policy.patience = .zero
      let store = try open(policy)
      for items in [nil, ["a"]] {
        let id = try store.add(items)
        if items != nil { _ = try store.done(try store.take()) }
        try store.postpone(try store.take())
        try store.postpone(try store.takeLost(), "no folder")
        let job = try #require(try store.job(id))
        #expect(job.state == .dead && job.ended != nil && job.expires != nil)
        #expect(job.reason == "no folder; given up after 0 seconds")
        #expect(try store.counts().postponedJobs == 0)
        #expect(try store.retry(id, keepingDone: true))
        let again = try store.take()
        #expect(again.stage == (items == nil ? .plan : .gather))
        #expect(again.claims[0].attempt == 1)
        try store.postpone(again)
        #expect(try store.job(id)?.ended == nil, "its patience begins anew")
        #expect(try store.cancel(id) && store.job(id)?.ended != nil)
      }
    },
    JobStoreCheck(
      "a postponed job is cancelled at once: with nothing done it ends, else it is gathered"
    ) {
      open in
      let store = try open(JobPolicy())
      let nothing = try store.add()
      try store.postpone(try store.take())
      #expect(try store.cancel(nothing))
      let job = try #require(try store.job(nothing))
      #expect(job.state == .cancelled && job.ended != nil && job.reason == "it was cancelled")
      #expect(try store.retry(nothing, keepingDone: true))
      _ = try store.done(try store.take())
      _ = try store.gather(try store.take())
      #expect(try store.forget(nothing))

      let something = try store.add(["a", "b"])
      _ = try store.done(try store.take())
      try store.postpone(try store.take())
      #expect(try store.cancel(something))
      let gathering = try store.take()
      #expect(gathering.isCancelled && gathering.stage == .gather)
      try store.postpone(gathering)
      #expect(try store.job(something)?.reason == "no room")
      #expect(try store.claim(by: "w", limit: 1) == nil)
      #expect(try store.cancel(something), "its result may be long in coming")
      let given = try #require(try store.job(something))
      #expect(given.state == .cancelled && given.ended != nil && given.result == nil)
      #expect(try store.counts().postponedJobs == 0 && store.forget(something))
    },
    JobStoreCheck("a gathering that waits is cancelled, without a result, and can be run again") {
      open in
      let store = try open(shortPostponement)
      for isPostponed in [false, true] {
        let id = try store.add(["a"])
        _ = try store.done(try store.take())
        if isPostponed { try store.postpone(try store.take()) }
        #expect(try store.cancel(id) && !store.cancel(id))
        let job = try #require(try store.job(id))
        #expect(job.state == .cancelled && job.ended != nil && job.result == nil)
        #expect(job.reason == "it was cancelled")
        #expect(try store.claim(by: "w", limit: 1) == nil && store.openJobs() == 0)
        let counts = try store.counts()
        #expect(counts.waitingItems == 0 && counts.postponedJobs == 0)
        #expect(try store.retry(id, keepingDone: true))
        let again = try store.take()
        #expect(again.stage == .gather && !again.isCancelled)
        #expect(try store.gather(again) && store.state(id) == .done)
      }
    },
    JobStoreCheck("what is postponed of a job that was cancelled meanwhile is cancelled") { open in
      let store = try open(JobPolicy())
      let id = try store.add()
      let work = try store.take()
      #expect(try store.cancel(id))
      try store.postpone(work)
      #expect(try store.state(id) == .cancelled && store.job(id)?.ended != nil)
      #expect(try store.counts().postponedJobs == 0)
    },
    JobStoreCheck("an old claim can postpone nothing") { open in
      let id = try open(JobPolicy()).add()
      let lost = try open(shortLease).take()
      let store = try open(JobPolicy())
      let taken = try store.takeLost()
      let end = ItemEnd(lost.claims[0], .postponed(reason: "late"))
      #expect(try store.finish([end], gatherAs: nil).refused == Set(lost.claims))
      #expect(try store.job(id)?.reason == nil && store.done(taken).refused.isEmpty)
    },
  ]
}

import StanceJobs
import Testing

extension JobStoreCheck {
  static let claiming: [JobStoreCheck] = [
    JobStoreCheck("nothing waits in a new store") { open in
      let store = try open(JobPolicy())
      #expect(try store.claim(by: "w", limit: 5) == nil)
      #expect(try store.counts() == JobCounts())
    },
    JobStoreCheck(
      "an owner's jobs go by priority, then by age, a job's items by index, and no item twice"
    ) { open in
      let store = try open(JobPolicy())
      let low = try store.add(["l"])
      let high = try store.add(["1", "2", "3"], priority: 5)
      let later = try store.add(["m"])
      let first = try store.take(2)
      #expect(first.job == high && first.texts == ["1", "2"] && first.stage == .work)
      #expect(first.claims.map(\.attempt) == [1, 1] && first.specification == Array("spec".utf8))
      #expect(try store.take(2).texts == ["3"])
      #expect(try store.take(2).job == low)
      #expect(try store.take(2).job == later)
      #expect(try store.claim(by: "w", limit: 2) == nil)
      let job = try #require(try store.job(high))
      #expect(job.state == .running && job.started != nil && job.attempts == 1)
    },
    JobStoreCheck("owners take turns, whoever came first with however much") { open in
      let store = try open(JobPolicy())
      for _ in 0..<4 { _ = try store.add(owner: "a") }
      for _ in 0..<2 { _ = try store.add(owner: "b") }
      let owners = try (0..<6).map { _ in try store.take().owner }
      #expect(Set(owners.prefix(2)) == ["a", "b"] && Set(owners[2..<4]) == ["a", "b"])
      #expect(Array(owners.suffix(2)) == ["a", "a"])
    },
    JobStoreCheck("many claimers at once share the items without giving one out twice") { open in
      let store = try open(JobPolicy())
      let count = 60
      let id = try store.add((0..<count).map(String.init))
      let claimed = try inParallel(4) { worker in
        let store = try open(JobPolicy())
        var claims: [Claim] = []
        while let assignment = try store.claim(by: "\(worker)", limit: 7) {
          claims += assignment.claims
        }
        return claims
      }.flatMap(\.self)
      #expect(claimed.count == count && Set(claimed.map(\.index)) == Set(0..<count))
      #expect(Set(claimed.map(\.fence)).count == count && claimed.allSatisfy { $0.job == id })
    },
    JobStoreCheck("jobs that a claim is to pass over hide nothing that waits behind them") { open in
      let store = try open(JobPolicy())
      let (high, low) = (try store.add(owner: "a", priority: 9), try store.add(owner: "a"))
      let other = try store.add(owner: "b")
      let claim = { try store.claim(by: "w", limit: 1, except: $0)?.job }
      #expect(try claim([high, low, other, JobID()]) == nil)
      #expect(try claim([high, low]) == other, "its owner came later")
      #expect(try claim([high]) == low)
      #expect(try claim([high]) == nil)
      try store.waitForWork(atMost: .milliseconds(1), except: [high])
      #expect(try claim([low, other]) == high)
    },
    JobStoreCheck("who waits for work comes back when there is some, and when there is none") {
      open in
      let store = try open(JobPolicy())
      try store.waitForWork(atMost: .milliseconds(1))
      let found = try inParallel(2) { worker in
        if worker == 0 {
          _ = try store.add()
          return 0
        }
        for _ in 0..<600 {
          if try store.claim(by: "w", limit: 1) != nil { return 1 }
          try store.waitForWork(atMost: .milliseconds(100))
        }
        return 0
      }
      #expect(found.reduce(0, +) == 1)
    },
    JobStoreCheck(
      "a plan's items can be claimed when the plan has ended, and only what it noted last"
    ) { open in
      let store = try open(JobPolicy())
      let id = try store.add(nil)
      let plan = try store.take(5)
      #expect(plan.stage == .plan && plan.items.count == 1)
      #expect(try store.job(id)?.progress.items == nil)
      let claim = plan.claims[0]
      #expect(try store.note([[1], [2], [3]], from: 0, under: claim))
      #expect(try store.note([[4]], from: 1, under: claim))
      #expect(try store.note([[5]], from: 2, under: claim))
      #expect(try store.claim(by: "w", limit: 1) == nil)
      #expect(try store.finish([ItemEnd(claim, .done(result: []))], gatherAs: "w") == Finish())
      #expect(try store.job(id)?.progress.items == 3)
      let work = try store.take(5)
      #expect(work.items.map(\.input) == [[1], [4], [5]] && work.claims.map(\.index) == [0, 1, 2])
      #expect(try !store.note([[9]], from: 0, under: claim), "it has ended")
    },
    JobStoreCheck("a plan that finds nothing leads to the gathering, one that fails ends the job") {
      open in
      let store = try open(JobPolicy())
      let empty = try store.add(nil)
      _ = try store.done(try store.take())
      #expect(try store.job(empty)?.progress.items == 0)
      #expect(try store.gather(try store.take()))
      #expect(try store.state(empty) == .done)
      let broken = try store.add(nil)
      _ = try store.finish(
        [ItemEnd(try store.take().claims[0], .failed(reason: "no archive"))], gatherAs: nil)
      let job = try #require(try store.job(broken))
      #expect(
        job.state == .failed && job.reason == "no archive" && job.ended != nil && job.result == nil)
      #expect(try store.claim(by: "w", limit: 1) == nil)
    },
  ]
}

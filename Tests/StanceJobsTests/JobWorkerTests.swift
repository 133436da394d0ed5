import Files
import Glibc
import StanceJobs
import Synchronization
import TestSupport
import Testing

@Suite("Workers of jobs", .timeLimit(.minutes(5)))
struct JobWorkerTests {
  private let folder: TemporaryFolder
  private let files: JobFolder

  init() throws {
    folder = try TemporaryFolder()
    files = try JobFolder(folder.path + "/files", limit: 1 << 20)
  }

  private func store(
    lease: Duration = .seconds(3600), postponement: Duration = .seconds(15),
    clock: @escaping @Sendable () -> Double = systemSeconds
  ) throws -> FlakyStore {
    var policy = JobPolicy()
    (policy.lease, policy.postponement) = (lease, postponement)
    return FlakyStore(
      try SQLiteJobStore(folder.path + "/queue.db", policy: policy, clock: clock))
  }

  private func worker(
    _ store: any JobStore, _ performer: MadeUpPerformer = MadeUpPerformer(), lanes: Int = 1,
    leavingTime: Duration = .seconds(3600)
  ) -> JobWorker {
    var options = JobWorker.Options(name: "worker", lanes: lanes)
    options.leavingTime = leavingTime
    options.pollTime = .milliseconds(50)
    options.longestBackOff = .milliseconds(250)
    return JobWorker(store, files, performer, options)
  }

  /// A job with an input file, as HTTP makes it.
  private func submit(_ store: any JobStore, _ items: [String]?) throws -> JobID {
    let job = NewJob(specification: [], items: items?.map { Array($0.utf8) })
    let file = try files.make(.input(0), of: job.id, as: .input)
    try file.append("input".utf8)
    _ = try file.finish()
    try #require(try store.submit(job) == .accepted)
    return job.id
  }

  /// Waits for a condition, which only a hang keeps from coming.
  private func wait(
    _ what: Comment, until condition: () throws -> Bool
  ) throws {
    for _ in 0..<6000 {
      if try condition() { return }
      usleep(10_000)
    }
    Issue.record(what)
    throw MadeUpPerformer.Bad("waited in vain")
  }

  private func ended(_ id: JobID, in store: any JobStore) throws -> Job {
    try wait("the job did not end") { try store.job(id)?.ended != nil }
    return try #require(try store.job(id))
  }

  private func text(of job: Job) throws -> String {
    let result = try #require(job.result)
    let file = try files.open(try #require(JobFileName(result.name)), of: job.id)
    return String(decoding: try file.bytes(at: 0, count: result.bytes), as: UTF8.self)
  }

  @Test("items are worked on by all lanes and gathered in their order; only the result stays")
  func whole() throws {
    let store = try store()
    let names = (0..<40).map { "item \($0)" }
    let id = try submit(store, names)
    let worker = worker(store, lanes: 3)
    try worker.start()
    let job = try ended(id, in: store)
    #expect(job.state == .done && job.progress.ended == 40)
    #expect(try text(of: job) == names.map { $0 + "\n" }.joined())
    try wait("inputs stayed") {
      try files.files(of: id).map(\.name.description) == [job.result?.name]
    }
    #expect(worker.isReady)
    #expect(worker.stop(within: .seconds(60)))
    #expect(worker.counts.doneItems == 40 && worker.counts.endedJobs == 1)
  }

  @Test("a plan's items are worked on; a plan that fails is the job's failure, and its input goes")
  func plans() throws {
    let store = try store()
    let good = try submit(store, nil)
    let worker = worker(
      store,
      MadeUpPerformer(planned: { task in
        guard task.job == good else { throw MadeUpPerformer.Bad("no archive") }
        return (0..<250).map { "\($0)" }
      }))
    try worker.start()
    let job = try ended(good, in: store)
    #expect(job.state == .done && job.progress.items == 250)
    #expect(try text(of: job).split(separator: "\n").count == 250)
    let bad = try ended(try submit(store, nil), in: store)
    #expect(bad.state == .failed && bad.reason == "no archive")
    try wait("its input stayed") { try files.files(of: bad.id).isEmpty }
    worker.stop(within: .seconds(60))
  }

  @Test("an item's error is a result, not the job's failure")
  func errors() throws {
    let store = try store()
    let id = try submit(store, ["a", "bad", "c"])
    let worker = worker(
      store,
      MadeUpPerformer(onItem: { _, text in
        if text == "bad" { throw MadeUpPerformer.Bad("no picture") }
      }))
    try worker.start()
    let job = try ended(id, in: store)
    #expect(job.state == .done && job.progress.failed == 1)
    #expect(try text(of: job) == "a\n!no picture\nc\n")
    worker.stop(within: .seconds(60))
  }

  @Test("what a lost worker had is done by another when its lease has run out")
  func lost() throws {
    let now = Mutex(1000.0)
    let store = try store(lease: .seconds(60)) { now.withLock { $0 } }
    let id = try submit(store, ["a", "b", "c"])
    // Claimed, and never heard of again.
    try #require(try store.claim(by: "lost", limit: 2)?.items.count == 2)
    let worker = worker(store)
    try worker.start()
    try wait("what was free was not done") { try store.job(id)?.progress.ended == 1 }
    now.withLock { $0 += 61 }
    let job = try ended(id, in: store)
    #expect(try job.state == .done && text(of: job) == "a\nb\nc\n")
    #expect(job.attempts == 2)
    #expect(try store.counts().lostLeases == 2)
    worker.stop(within: .seconds(60))
  }

  @Test("work that takes longer than a lease is renewed meanwhile, and done once")
  func renewed() throws {
    let now = Mutex(1000.0)
    let store = try store(lease: .milliseconds(600)) { now.withLock { $0 } }
    let diary = Diary()
    let performer = MadeUpPerformer(onItem: { _, text in
      diary.note(text)
      // Three leases in all; the clock only goes on once the lease was renewed.
      for _ in 0..<6 {
        let known = store.renewals
        now.withLock { $0 += 0.3 }
        for _ in 0..<6000 where store.renewals == known { usleep(10_000) }
      }
    })
    let id = try submit(store, ["long"])
    let workers = [worker(store, performer), worker(store, performer)]
    for worker in workers { try worker.start() }
    let job = try ended(id, in: store)
    #expect(job.state == .done && job.attempts == 1)
    #expect(diary.all == ["long"])
    for worker in workers { worker.stop(within: .seconds(60)) }
  }

  @Test("a worker that was thought lost leaves no file, and its end does not count")
  func stale() throws {
    let now = Mutex(1000.0)
    let store = try store(lease: .seconds(3600)) { now.withLock { $0 } }
    let id = try submit(store, ["slow"])
    let winner = Mutex<Assignment?>(nil)
    let worker = worker(
      store,
      MadeUpPerformer(onItem: { _, _ in
        // Frozen for longer than its lease; another one comes meanwhile.
        now.withLock { $0 += 3601 }
        let taken = try store.claim(by: "another", limit: 1)
        winner.withLock { $0 = taken }
      }))
    try worker.start()
    try wait("the loss was not noticed") { worker.counts.lostItems == 1 }
    worker.stop(within: .seconds(60))
    let assignment = try #require(winner.withLock { $0 })
    #expect(assignment.job == id && assignment.items.first?.claim.attempt == 2)
    #expect(try store.job(id)?.progress.ended == 0)
    #expect(try files.files(of: id).map(\.name) == [.input(0)])
    #expect(try files.remains("part", of: id).isEmpty)
  }

  @Test("a cancelled job keeps what was done, in whole lines, and its input goes")
  func cancelled() throws {
    let store = try store()
    let names = (0..<200).map { "\($0)" }
    let id = try submit(store, names)
    let box = Mutex<JobWorker?>(nil)
    let worker = worker(
      store,
      MadeUpPerformer(onItem: { task, text in
        guard text == "5" else { return }
        _ = try store.cancel(task.job)
        box.withLock { $0 }?.noticeCancel(of: task.job)
        for _ in 0..<6000 where task.interruption != .cancelled { usleep(10_000) }
      }))
    box.withLock { $0 = worker }
    try worker.start()
    let job = try ended(id, in: store)
    #expect(job.state == .cancelled)
    // The item that was under way ended too.
    #expect(try text(of: job) == (0...5).map { "\($0)\n" }.joined())
    try wait("its input stayed") { try files.files(of: id).count == 1 }
    worker.stop(within: .seconds(60))
    box.withLock { $0 = nil }
  }

  @Test("a worker that stops hands back what it can't finish, which does not count as an attempt")
  func handedBack() throws {
    let store = try store()
    let id = try submit(store, ["film", "rest"])
    let hasBegun = Atomic(false)
    let worker = worker(
      store,
      MadeUpPerformer(onItem: { task, _ in
        hasBegun.store(true, ordering: .releasing)
        for _ in 0..<6000 {
          try task.check(from: .ending)
          usleep(10_000)
        }
      }))
    try worker.start()
    try wait("it was not begun") { hasBegun.load(ordering: .acquiring) }
    #expect(worker.stop(within: .seconds(2)))
    let next = try #require(try store.claim(by: "next", limit: 2))
    #expect(next.items.map(\.claim.attempt) == [1, 1])
    #expect(try files.files(of: id).map(\.name) == [.input(0)])
  }

  @Test("who does not come back in time loses the item at once, not at the end of its lease")
  func stuck() throws {
    let store = try store()
    _ = try submit(store, ["stuck"])
    let hasBegun = Atomic(false)
    let goesOn = Atomic(false)
    let worker = worker(
      store,
      MadeUpPerformer(onItem: { _, _ in
        hasBegun.store(true, ordering: .releasing)
        for _ in 0..<6000 where !goesOn.load(ordering: .acquiring) { usleep(10_000) }
      }))
    try worker.start()
    try wait("it was not begun") { hasBegun.load(ordering: .acquiring) }
    #expect(!worker.stop(within: .milliseconds(200)))
    #expect(try store.claim(by: "next", limit: 1)?.items.first?.claim.attempt == 1)
    goesOn.store(true, ordering: .releasing)
    #expect(worker.stop(within: .seconds(60)))
  }

  @Test("while the store is out of reach the worker waits, and goes on by itself")
  func unavailable() throws {
    let store = try store()
    let id = try submit(store, ["a", "b"])
    store.down = true
    let worker = worker(
      store,
      MadeUpPerformer(onItem: { _, text in
        // Once more while the work is under way: its end is told later.
        if text == "b" { store.down = true }
      }))
    try worker.start()
    try wait("it did not ask") { store.refusals > 2 }
    #expect(!worker.isReady)
    let first = store.refusals
    store.down = false
    try wait("it did not get as far") { store.down && store.refusals > first + 2 }
    store.down = false
    let job = try ended(id, in: store)
    #expect(try job.state == .done && job.attempts == 1 && text(of: job) == "a\nb\n")
    #expect(worker.isReady)
    worker.stop(within: .seconds(60))
  }

  @Test("a job that can't be done here and now keeps the lane from no other, and says why it waits")
  func postponed() throws {
    let now = Mutex(1000.0)
    let store = try store { now.withLock { $0 } }
    let isThere = Atomic(false)
    let diary = Diary()
    let waiting = try submit(store, ["a", "far", "c"])
    let worker = worker(
      store,
      MadeUpPerformer(onItem: { task, text in
        if task.job == waiting { diary.note(text) }
        guard text != "far" || isThere.load(ordering: .acquiring) else {
          throw JobPostponed("it is far away")
        }
      }))
    try worker.start()
    try wait("it does not wait") { try store.job(waiting)?.reason == "it is far away" }
    for round in 0..<3 {
      let other = try submit(store, ["other \(round)"])
      #expect(try ended(other, in: store).state == .done)
    }
    #expect(
      diary.all == ["a", "far"], "what was done before stays done, and nothing is tried again")
    #expect(worker.counts.postponedItems == 1 && worker.counts.handedBackItems == 0)
    isThere.store(true, ordering: .releasing)
    now.withLock { $0 += 16 }
    let job = try ended(waiting, in: store)
    #expect(job.state == .done && job.reason == nil && job.attempts == 1)
    #expect(try text(of: job) == "a\nfar\nc\n")
    worker.stop(within: .seconds(60))
  }

  @Test("a job that a worker lacks something for is left to others, and tried again after a while")
  func left() throws {
    let store = try store(postponement: .milliseconds(1))
    let diary = Diary()
    let id = try submit(store, nil)
    let lacking = MadeUpPerformer(planned: { _ in
      diary.note("tried")
      throw JobPostponed("no folder here", isWorkersOwn: true)
    })
    let unable = worker(store, lacking)
    try unable.start()
    try wait("it was not tried") { try store.job(id)?.reason == "no folder here" }
    for round in 0..<20 {
      #expect(try ended(try submit(store, ["other \(round)"]), in: store).state == .done)
    }
    #expect(diary.all == ["tried"] && unable.counts.postponedItems == 1)
    let able = worker(store, MadeUpPerformer(planned: { _ in ["a"] }))
    try able.start()
    let job = try ended(id, in: store)
    #expect(try job.state == .done && job.attempts == 1 && text(of: job) == "a\n")
    for worker in [unable, able] { worker.stop(within: .seconds(60)) }

    let again = worker(store, lacking, leavingTime: .milliseconds(1))
    _ = try submit(store, nil)
    try again.start()
    try wait("it was not tried again") { diary.all.count > 3 }
    again.stop(within: .seconds(60))
  }

  @Test("a plan and a gathering can wait too")
  func postponedEnds() throws {
    let store = try store(postponement: .milliseconds(1))
    let id = try submit(store, nil)
    let diary = Diary()
    let worker = worker(
      store,
      MadeUpPerformer(
        planned: { _ in
          diary.note("plan")
          guard diary.all.count > 2 else { throw JobPostponed("no folder") }
          return ["a"]
        },
        onGathering: {
          diary.note("gather")
          guard diary.all.count > 5 else { throw JobPostponed("another version") }
        }))
    try worker.start()
    let job = try ended(id, in: store)
    #expect(try job.state == .done && text(of: job) == "a\n")
    #expect(diary.all == ["plan", "plan", "plan", "gather", "gather", "gather"])
    #expect(worker.counts.postponedItems == 4)
    worker.stop(within: .seconds(60))
  }

  @Test("without room for results the work waits for room, and is not failed")
  func noRoom() throws {
    let now = Mutex(1000.0)
    let store = try store { now.withLock { $0 } }
    let other = JobID()
    let filling = try files.make(.input(0), of: other, as: .work)
    try filling.append([UInt8](repeating: 0, count: files.room.limit - 8))
    _ = try filling.finish()
    let job = NewJob(specification: [], items: [Array("longer than the room".utf8)])
    try #require(try store.submit(job) == .accepted)
    let worker = worker(store)
    try worker.start()
    try wait("it was not tried") { worker.counts.postponedItems == 1 }
    #expect(try store.job(job.id)?.progress.ended == 0)
    // What needs less room is done meanwhile.
    let small = NewJob(specification: [], items: [Array("a".utf8)])
    try #require(try store.submit(small) == .accepted)
    #expect(try text(of: ended(small.id, in: store)) == "a\n")
    try files.removeAll(of: other)
    now.withLock { $0 += 16 }
    #expect(try text(of: ended(job.id, in: store)) == "longer than the room\n")
    worker.stop(within: .seconds(60))
  }

  @Test("of a batch that has room for half of it, the half is done and the rest waits")
  func roomForHalf() throws {
    let now = Mutex(1000.0)
    let store = try store { now.withLock { $0 } }
    let other = JobID()
    let filling = try files.make(.input(0), of: other, as: .work)
    let items = (10..<50).map { "item \($0)..." }
    // Not where a batch ends, which grow from one item to two, four, eight.
    try filling.append([UInt8](repeating: 0, count: files.room.limit - 10 * 23))
    _ = try filling.finish()
    let job = NewJob(specification: [], items: items.map { Array($0.utf8) })
    try #require(try store.submit(job) == .accepted)
    let diary = Diary()
    let worker = worker(store, MadeUpPerformer(onItem: { _, text in diary.note(text) }))
    try worker.start()
    try wait("it does not wait") { try store.job(job.id)?.reason != nil }
    // About as many as fit: a count of the folder beside a write can miss that.
    let fitting = try #require(try store.job(job.id)).progress.ended
    #expect(abs(fitting - 23) <= 2)
    try files.removeAll(of: other)
    now.withLock { $0 += 16 }
    let ended = try ended(job.id, in: store)
    #expect(try ended.state == .done && text(of: ended) == items.map { $0 + "\n" }.joined())
    #expect(diary.all == Array(items[...fitting] + items[fitting...]))
    worker.stop(within: .seconds(60))
  }

  @Test("what was written and could not be brought to the disk is not done")
  func unsynced() throws {
    let store = try store(postponement: .milliseconds(1))
    let files = UnsyncedFiles(files, failures: 2)
    let diary = Diary()
    let worker = JobWorker(
      store, files, MadeUpPerformer(onItem: { _, text in diary.note(text) }),
      JobWorker.Options(name: "worker", lanes: 1))
    let job = NewJob(specification: [], items: [Array("a".utf8)])
    try #require(try store.submit(job) == .accepted)
    try worker.start()
    let ended = try ended(job.id, in: store)
    worker.stop(within: .seconds(60))
    #expect(try ended.state == .done && text(of: ended) == "a\n")
    #expect(diary.all == ["a", "a", "a"] && worker.counts.postponedItems == 2)
  }

  @Test("what killed its workers is an error among the results; the rest is done")
  func poison() throws {
    let now = Mutex(1000.0)
    let store = try store(lease: .seconds(60)) { now.withLock { $0 } }
    let id = try submit(store, ["a", "poison", "c"])
    // The first takes the others along, each next one goes alone.
    while try store.job(id)?.progress.ended != 3 {
      let claimed = try #require(try store.claim(by: "doomed", limit: 10))
      if claimed.items.count == 1, claimed.items[0].input != Array("poison".utf8) {
        _ = try store.finish(
          [ItemEnd(claimed.items[0].claim, .failed(reason: "by hand"))], gatherAs: nil)
      }
      now.withLock { $0 += 61 }
    }
    let worker = worker(store)
    try worker.start()
    let job = try ended(id, in: store)
    #expect(job.state == .done && job.progress.failed == 3)
    #expect(try text(of: job).split(separator: "\n")[1].hasPrefix("!its worker was lost 3 times"))
    worker.stop(within: .seconds(60))
  }
}

import Processes
import StanceJobs
import Synchronization
import Testing

/// Workers that take from one store until nothing is left.
enum Workers {
  /// Has several threads hand over and work off jobs, each by a store of its own.
  static func check(_ open: @escaping @Sendable () throws -> some JobStore) throws {
    let jobs = 24
    let items = 5
    let store = try open()
    let done = Mutex<[String: Int]>([:])
    let failures = Mutex<[String]>([])
    let threads = try (0..<4).map { number in
      try WorkerThread {
        do {
          let store = try open()
          for index in 0..<jobs / 4 {
            var job = NewJob(specification: [1], items: (0..<items).map { [UInt8($0)] })
            job.owner = "\((number + index) % 3)"
            _ = try store.submit(job)
          }
          while try work(store, done) {}
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
    #expect(try store.counts().jobs == [.done: jobs])
    #expect(try store.counts().waitingItems == 0 && store.counts().runningItems == 0)
    let counts = done.withLock { $0 }
    #expect(counts.count == jobs * items && counts.values.allSatisfy { $0 == 1 })
    for job in try store.jobs(of: nil, in: [], before: nil, limit: jobs) {
      #expect(job.progress.ended == items && job.progress.failed == 0 && job.attempts == 1)
    }
  }

  private static func work(
    _ store: some JobStore, _ done: borrowing Mutex<[String: Int]>
  ) throws -> Bool {
    guard var next = try store.claim(by: "w", limit: 2) else {
      // Others may have items out that end in a gathering.
      let counts = try store.counts()
      return counts.waitingItems + counts.runningItems > 0
    }
    while next.stage == .work {
      for item in next.items {
        done.withLock { $0["\(item.claim.job) \(item.claim.index)", default: 0] += 1 }
      }
      let ends = next.items.map { ItemEnd($0.claim, .done(result: [])) }
      let finish = try store.finish(ends, gatherAs: "w")
      guard finish.refused.isEmpty, let gathering = finish.next else { return true }
      next = gathering
    }
    let result = JobResult(name: "r", bytes: 1, checksum: "c", mediaType: "m")
    #expect(try store.end(next.items[0].claim, as: .finished(result)))
    return true
  }
}

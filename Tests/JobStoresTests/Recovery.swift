import StanceJobs
import TestSupport
import Testing

/// What a store does while its server is gone, and after.
enum Recovery {
  /// Kills the server with `kill -9` between calls that were answered, and starts it again.
  static func check(_ store: some JobStore, _ server: ServerProcess) throws {
    var accepted: [JobID] = []
    for _ in 0..<3 {
      for _ in 0..<5 {
        let job = NewJob(specification: [1], items: [[1]])
        try #require(try store.submit(job) == .accepted)
        accepted.append(job.id)
      }
      let claimed = try #require(try store.claim(by: "w", limit: 1))
      try server.kill()
      try expectUnavailable(store)
      // It waits and says nothing.
      try store.waitForWork(atMost: .milliseconds(1))
      try server.start()
      #expect(
        try store.renew(claimed.items.map(\.claim), seconds: nil, duration: nil) == Renewal())
    }
    let found = try store.jobs(of: nil, in: [], before: nil, limit: 100).map(\.id)
    #expect(found == accepted.reversed())
    #expect(try store.counts().jobs == [.running: 3, .queued: 12])
  }

  /// Stops the server for a while without ending it.
  static func checkSilence(_ store: some JobStore, _ server: ServerProcess) throws {
    let job = NewJob(specification: [1], items: [[1]])
    try #require(try store.submit(job) == .accepted)
    try server.freeze()
    try expectUnavailable(store)
    try server.thaw()
    #expect(try store.job(job.id)?.state == .queued)
  }

  private static func expectUnavailable(_ store: some JobStore) throws {
    let error = #expect(throws: JobStoreError.self) {
      // One that is being killed may answer once more.
      while true { _ = try store.counts() }
    }
    guard case .unavailable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

/// Another version of Stance at the same store.
enum Versions {
  /// `store` and what `open` gives have version 2 of their tables by now.
  static func check(_ store: some JobStore, open: () throws -> some JobStore) throws {
    let again = #expect(throws: JobStoreError.self) { _ = try open() }
    let write = #expect(throws: JobStoreError.self) {
      _ = try store.submit(NewJob(specification: [], items: [[]]))
    }
    let read = #expect(throws: JobStoreError.self) { _ = try store.counts() }
    for error in [again, write, read] {
      guard case .unusable(let message) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(message.contains("version 2"))
    }
  }
}

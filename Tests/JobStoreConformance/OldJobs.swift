package import StanceJobs
import Testing

/// Jobs that version 1 of a store had: one that waits, one whose worker was lost, one that is done, and one that is dead.
package enum OldJobs {
  package static func id(_ number: Int) -> JobID {
    guard let id = JobID(String(repeating: "0", count: 31) + String(number)) else {
      preconditionFailure("an id has 32 digits")
    }
    return id
  }

  /// Statements for the tables of version 1.
  ///
  /// - Parameters:
  ///   - prefix: of the tables' names.
  ///   - bytes: the type of bytes.
  package static func rows(prefix: String, bytes: String) -> String {
    rows.replacing("@", with: prefix).replacing("BYTES", with: bytes)
  }

  private static let rows = """
    INSERT INTO @owner (name, open, bytes, turn) VALUES ('o', 2, 0, 5);
    INSERT INTO @job (id, owner, priority, idempotency, digest, specification, bytes, keep, created, started, ended, expires,
      state, stage, queued, running, total, done, failed, fences, attempts, reason, result_name, result_bytes, result_checksum,
      result_type)
    VALUES
      ('\(id(3))', 'o', 0, 'key-3', 'digest', CAST('spec' AS BYTES), 0, 1e9, 1e9, 1e9, 1e9, 2e9, 'done', 2, 0, 0, 1, 1, 0, 2, 1,
        NULL, 'result', 3, 'abc', 'application/jsonl'),
      ('\(id(4))', 'o', 0, 'key-4', 'digest', CAST('spec' AS BYTES), 0, 1e9, 1e9, 1e9, 1e9, 2e9, 'dead', 2, 0, 0, 2, 1, 1, 3, 1,
        'lost', NULL, NULL, NULL, NULL),
      ('\(id(2))', 'o', 0, 'key-2', 'digest', CAST('spec' AS BYTES), 0, 1e9, 1e9, 1e9, NULL, NULL, 'running', 1, 0, 1, 1, 0, 0, 1,
        1, NULL, NULL, NULL, NULL, NULL),
      ('\(id(1))', 'o', 0, 'key-1', 'digest', CAST('spec' AS BYTES), 0, 1e9, 1e9, NULL, NULL, NULL, 'queued', 1, 2, 0, 2, 0, 0, 0,
        0, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO @item (job, stage, number, owner, state, fence, attempts, lease, worker, input, result, reason) VALUES
      (2, 1, 0, 'o', 2, 1, 1, 1e9, 'w', CAST('a' AS BYTES), CAST('a' AS BYTES), NULL),
      (2, 1, 1, 'o', 3, 2, 1, 1e9, 'w', CAST('b' AS BYTES), NULL, 'unreadable'),
      (2, 2, 0, 'o', 2, 3, 1, 1e9, 'w', CAST('' AS BYTES), NULL, NULL),
      (3, 1, 0, 'o', 1, 1, 1, 1e9, 'w', CAST('a' AS BYTES), NULL, NULL),
      (4, 1, 0, 'o', 0, 0, 0, 0, NULL, CAST('a' AS BYTES), NULL, NULL),
      (4, 1, 1, 'o', 0, 0, 0, 0, NULL, CAST('b' AS BYTES), NULL, NULL);
    """

  /// Has the store that holds them opened, and their work done.
  package static func check(_ open: JobStoreCheck.Opening) throws {
    let store = try open(shortPostponement)
    #expect(try (1...4).map { try store.state(id($0)) } == [.queued, .running, .done, .dead])
    #expect(try store.job(id(3))?.result == .named("result"))
    let dead = try #require(try store.job(id(4)))
    #expect(dead.reason == "lost" && dead.progress.ended == 2 && dead.progress.failed == 1)
    let counts = try store.counts()
    #expect(counts.waitingItems == 2 && counts.runningItems == 1 && counts.postponedJobs == 0)
    var known = NewJob(specification: [], items: [])
    (known.owner, known.idempotencyKey, known.digest) = ("o", "key-1", "digest")
    #expect(try store.submit(known) == .known(id(1)))
    #expect(try store.retry(id(4), keepingDone: true))
    var isPostponed = false
    for _ in 0..<600 where try store.openJobs() > 0 {
      guard let work = try store.claim(by: "w", limit: 9) else {
        try store.waitForWork(atMost: .milliseconds(50))
        continue
      }
      if !isPostponed {
        try store.postpone(work)
        isPostponed = true
      } else if work.stage == .gather {
        #expect(try store.gather(work))
      } else {
        _ = try store.done(work)
      }
    }
    #expect(try (1...4).map { try store.state(id($0)) } == [.done, .done, .done, .done])
    #expect(try store.job(id(4))?.progress.ended == 2 && store.counts().lostLeases == 1)
  }
}

/// A durable queue of jobs, shared by any number of threads, processes and (by the store) machines.
///
/// **A job** is up to three stages of items: a plan, the work, the gathering. Each item is claimed, worked on and ended
/// by itself; the gathering becomes claimable when no item of the work is queued or running.
///
/// **What every store promises**
/// 1. *Accepted is kept.* When ``submit(_:)`` returns, the job outlives a crash of any process, and (within what the
///    store's own documentation says) of the store.
/// 2. *Work is done at least once, its result is visible exactly once.* Each claim carries a fencing number; ends,
///    renewals and plans under an older one are refused, whoever comes first. What a worker wrote elsewhere (files)
///    becomes visible only by an accepted end.
/// 3. *Attempts are counted at the claim*, so a crash counts. A lease that runs out frees the item for the next claim,
///    by any process; at the last attempt it is dead. A dead plan or gathering ends the job as `dead`; a dead item of the
///    work is left to the gathering.
/// 4. *An item whose worker was lost is claimed alone*, so that what kills workers takes nothing else along.
/// 5. *Leases are judged by the store's clock*, never by a worker's.
/// 6. *Cancelling* takes effect on queued items at once; who works on one learns of it at the next renewal or end.
///    What was done is gathered; with nothing done the job ends at once.
/// 7. *Order*: owners take turns, those with the fewest running items first; an owner's jobs go by priority, then by age; a
///    job's items by index.
/// 8. *Bounds* (``JobPolicy``) refuse a new job; nothing that was accepted is ever dropped for want of room.
/// 9. *A postponed job* is passed over until its time has come, by the store's clock; other jobs are claimed meanwhile, its owner's
///    too. The end of any of its items, as done or failed, ends the postponement. When nothing ended for
///    ``JobPolicy/patience``, its items are dead at their next postponement. It can be cancelled at any time, one that was
///    cancelled before and waits to be gathered once more: then it ends without a result.
///
/// Calls block, for ten seconds at most: call them from threads that may. All of them can be called from any thread at
/// any time. An error means that nothing is known to have changed: ask again.
package protocol JobStore: Sendable {
  var policy: JobPolicy { get }

  /// What about the store's settings weakens its promises, a sentence each; for the log, once.
  var cautions: [String] { get }

  /// Accepts a job, durably, or names the one that was accepted under the same owner and idempotency key.
  ///
  /// - Throws: `.full`, `.ownerFull`; `.keyReused` when the digest is another one.
  func submit(_ job: NewJob) throws(JobStoreError) -> Submission

  func job(_ id: JobID) throws(JobStoreError) -> Job?

  /// Jobs, the newest first: of `owner` (nil: of all), in one of `states` (empty: in any), older than `older`
  /// (which need not exist any more: then from the newest on).
  func jobs(of owner: String?, in states: Set<JobState>, before older: JobID?, limit: Int)
    throws(JobStoreError) -> [Job]

  /// Items of the work from `first` on, by index; empty behind the last one, and when the job has ended as `done`.
  func items(of id: JobID, from first: Int, limit: Int) throws(JobStoreError) -> [JobItem]

  /// Cancels a job unless its gathering runs. One whose gathering waits ends without a result; if it was cancelled before, it does so
  /// only when it is postponed.
  ///
  /// - Returns: false if there is no such job, or nothing was left to cancel.
  func cancel(_ id: JobID) throws(JobStoreError) -> Bool

  /// Queues a job anew that is dead, failed or cancelled and has ended: its items are tried again from the first attempt on.
  ///
  /// - Parameter keepingDone: whether items of the work that are done stay so. Otherwise they are worked on again, and their
  ///   results are gone. A plan that is done stays so.
  /// - Returns: false if there is no such job.
  /// - Throws: `.full`, `.ownerFull`, as for a new one.
  func retry(_ id: JobID, keepingDone: Bool) throws(JobStoreError) -> Bool

  /// Removes a job that has ended; its idempotency key is free again.
  ///
  /// - Returns: false if there is no such job.
  func forget(_ id: JobID) throws(JobStoreError) -> Bool

  /// The next items for `worker` (a name for people to read): of one job and stage, at most `limit`, or nil if nothing
  /// waits. Leases that ran out are freed first.
  ///
  /// - Parameter others: jobs that are passed over, some hundreds at most: each of them that waits is looked at.
  func claim(by worker: String, limit: Int, except others: Set<JobID>) throws(JobStoreError)
    -> Assignment?

  /// Lengthens leases to a full one from now, and says how far the work is.
  func renew(_ claims: [Claim], seconds: Double?, duration: Double?) throws(JobStoreError)
    -> Renewal

  /// Notes the items that a plan found, from index `first` on; what was noted there before is replaced. They can be claimed
  /// when the plan ends as `done`. A plan that is claimed anew finds nothing noted.
  ///
  /// - Returns: false if the plan is no longer the caller's.
  func note(_ items: [[UInt8]], from first: Int, under plan: Claim) throws(JobStoreError) -> Bool

  /// Ends items of one job, all at once. With `gatherAs` (a worker's name) the job's gathering is claimed with the last of them.
  func finish(_ ends: [ItemEnd], gatherAs worker: String?) throws(JobStoreError) -> Finish

  /// Ends a job, by who holds the claim to its gathering.
  ///
  /// - Returns: false if it is no longer the caller's.
  func end(_ gathering: Claim, as end: JobEnd) throws(JobStoreError) -> Bool

  /// Removes up to `limit` jobs whose time is over, and names them.
  func sweep(limit: Int) throws(JobStoreError) -> [JobID]

  /// All there is to count, for metrics: looks at every job.
  func counts() throws(JobStoreError) -> JobCounts

  /// How many jobs have not ended; of counters that are kept, so without looking at them.
  func openJobs() throws(JobStoreError) -> Int

  /// Waits until there may be something to claim of jobs but these, for so long at most. A hint: it can come late, or for nothing.
  func waitForWork(atMost time: Duration, except others: Set<JobID>) throws(JobStoreError)
}

extension JobStore {
  /// Of any job.
  package func claim(by worker: String, limit: Int) throws(JobStoreError) -> Assignment? {
    try claim(by: worker, limit: limit, except: [])
  }

  /// Of any job.
  package func waitForWork(atMost time: Duration) throws(JobStoreError) {
    try waitForWork(atMost: time, except: [])
  }
}

extension Set<JobID> {
  /// All of them in one text, in which none is found that is not among them.
  package var text: String { map(\.description).joined(separator: ",") }
}

/// Why a store refused, or could not answer.
package enum JobStoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The queue has as many open jobs as it may.
  case full(limit: Int)
  /// This owner has as many open jobs, or bytes of them, as one may.
  case ownerFull(String)
  /// The idempotency key was used for another request.
  case keyReused
  /// The store can't be reached or is busy: the same call may succeed later.
  case unavailable(String)
  /// The store can't be used as it is: another version's, damaged, on a network file system.
  case unusable(String)

  package var description: String {
    switch self {
    case .full(let limit): "the queue is full: \(limit) jobs are open"
    case .ownerFull(let message), .unavailable(let message), .unusable(let message): message
    case .keyReused: "this idempotency key was used for another request"
    }
  }
}

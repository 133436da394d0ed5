import StanceJobs
import Synchronization

/// A store that can be out of reach for a while, and counts renewals.
final class FlakyStore: JobStore {
  private let store: any JobStore
  private let isDown = Atomic(false)
  private let renewalCount = Atomic(0)
  private let refusalCount = Atomic(0)
  /// Runs after each look at a job.
  let afterLook = Mutex<(@Sendable () -> Void)?>(nil)

  init(_ store: any JobStore) { self.store = store }

  var down: Bool {
    get { isDown.load(ordering: .acquiring) }
    set { isDown.store(newValue, ordering: .releasing) }
  }
  var renewals: Int { renewalCount.load(ordering: .acquiring) }
  /// Calls that were not answered.
  var refusals: Int { refusalCount.load(ordering: .acquiring) }

  private func check() throws(JobStoreError) {
    guard down else { return }
    refusalCount.add(1, ordering: .acquiringAndReleasing)
    throw .unavailable("the store is out of reach")
  }

  var policy: JobPolicy { store.policy }
  var cautions: [String] { store.cautions }
  func submit(_ job: NewJob) throws(JobStoreError) -> Submission {
    try check()
    return try store.submit(job)
  }
  func job(_ id: JobID) throws(JobStoreError) -> Job? {
    try check()
    let job = try store.job(id)
    afterLook.withLock { $0 }?()
    return job
  }
  func jobs(of owner: String?, in states: Set<JobState>, before older: JobID?, limit: Int)
    throws(JobStoreError) -> [Job]
  {
    try check()
    return try store.jobs(of: owner, in: states, before: older, limit: limit)
  }
  func items(of id: JobID, from first: Int, limit: Int) throws(JobStoreError) -> [JobItem] {
    try check()
    return try store.items(of: id, from: first, limit: limit)
  }
  func cancel(_ id: JobID) throws(JobStoreError) -> Bool {
    try check()
    return try store.cancel(id)
  }
  func retry(_ id: JobID, keepingDone: Bool) throws(JobStoreError) -> Bool {
    try check()
    return try store.retry(id, keepingDone: keepingDone)
  }
  func forget(_ id: JobID) throws(JobStoreError) -> Bool {
    try check()
    return try store.forget(id)
  }
  func claim(by worker: String, limit: Int, except others: Set<JobID>) throws(JobStoreError)
    -> Assignment?
  {
    try check()
    return try store.claim(by: worker, limit: limit, except: others)
  }
  func renew(_ claims: [Claim], seconds: Double?, duration: Double?) throws(JobStoreError)
    -> Renewal
  {
    try check()
    let renewal = try store.renew(claims, seconds: seconds, duration: duration)
    renewalCount.add(1, ordering: .acquiringAndReleasing)
    return renewal
  }
  func note(_ items: [[UInt8]], from first: Int, under plan: Claim) throws(JobStoreError) -> Bool {
    try check()
    return try store.note(items, from: first, under: plan)
  }
  func finish(_ ends: [ItemEnd], gatherAs worker: String?) throws(JobStoreError) -> Finish {
    try check()
    return try store.finish(ends, gatherAs: worker)
  }
  func end(_ gathering: Claim, as end: JobEnd) throws(JobStoreError) -> Bool {
    try check()
    return try store.end(gathering, as: end)
  }
  func sweep(limit: Int) throws(JobStoreError) -> [JobID] {
    try check()
    return try store.sweep(limit: limit)
  }
  func counts() throws(JobStoreError) -> JobCounts {
    try check()
    return try store.counts()
  }
  func openJobs() throws(JobStoreError) -> Int {
    try check()
    return try store.openJobs()
  }
  func waitForWork(atMost time: Duration, except others: Set<JobID>) throws(JobStoreError) {
    try check()
    try store.waitForWork(atMost: time, except: others)
  }
}

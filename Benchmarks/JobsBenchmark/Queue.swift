import Files
import StanceJobs

/// Whether claiming stays as quick, and memory as small, however many jobs there are.
struct Queue {
  private static let sample = 1000

  private let store: SQLiteJobStore
  private let jobs: Int

  init(_ folder: String, jobs: Int) throws {
    var policy = JobPolicy()
    (policy.maxOpenJobs, policy.maxOpenJobsPerOwner) = (jobs, jobs)
    store = try SQLiteJobStore("\(folder)/queue.db", policy: policy)
    self.jobs = jobs
  }

  func measure() throws {
    let specification = [UInt8](repeating: 1, count: 200)
    let queueing = try seconds {
      for _ in 0..<jobs {
        _ = try store.submit(NewJob(specification: specification, items: [Array("{}".utf8)]))
      }
    }
    print("\(jobs) jobs queued, \(shown(queueing * 1000 / Double(jobs), digits: 3)) ms each")
    var times: [Double] = []
    times.reserveCapacity(jobs)
    let before = try Self.memory()
    var middle = 0.0
    for number in 0..<jobs {
      var claimed: Assignment?
      times.append(try seconds { claimed = try store.claim(by: "benchmark", limit: 8) })
      guard let claimed else { throw Refusal("there was nothing to claim") }
      let next = try store.finish(
        claimed.items.map { ItemEnd($0.claim, .done(result: [])) }, gatherAs: "benchmark"
      ).next
      guard let gathering = next?.items.first?.claim else { throw Refusal("nothing to gather") }
      let result = JobResult(name: "result", bytes: 1, checksum: "", mediaType: "text/plain")
      guard try store.end(gathering, as: .finished(result)) else { throw Refusal("not ended") }
      if number == jobs / 10 { middle = try Self.memory() }
    }
    let (first, last) = (times.prefix(Self.sample), times.suffix(Self.sample))
    print(
      "claim: first \(Self.sample) \(shown(Array(first).median * 1000, digits: 3)) ms (median), last "
        + "\(shown(Array(last).median * 1000, digits: 3)) ms, ratio "
        + "\(shown(Array(last).median / Array(first).median, digits: 3)); mean of all "
        + "\(shown(times.reduce(0, +) / Double(times.count) * 1000, digits: 3)) ms")
    print(
      "memory: \(shown(before)) MB before, \(shown(middle)) MB after a tenth, \(shown(try Self.memory())) MB at the end"
    )
  }

  /// Resident, in MB of 10^6 bytes.
  private static func memory() throws -> Double {
    let status = String(
      decoding: try Files.read("/proc/self/status", limit: 1 << 20), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
    return (kibibytes.flatMap { Double($0) } ?? 0) * 1024 / 1e6
  }
}

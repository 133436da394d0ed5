import JobStoreConformance
import StanceJobs
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "Jobs in Redis", .timeLimit(.minutes(10)),
  .enabled(if: RedisTestServer.isInstalled, "\(RedisTestServer.missing)"))
struct RedisJobStoreTests {
  @Test("a store in Redis keeps its promises", arguments: JobStoreCheck.all)
  func conforms(_ check: JobStoreCheck) throws {
    let server = try RedisTestServer()
    try check.run { try RedisJobStore(RedisAddress(server.address), policy: $0) }
  }
}

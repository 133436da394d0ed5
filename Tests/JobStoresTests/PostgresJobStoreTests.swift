import JobStoreConformance
import StanceJobs
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "Jobs in PostgreSQL", .timeLimit(.minutes(10)),
  .enabled(if: PostgresTestServer.isInstalled, "\(PostgresTestServer.missing)"))
struct PostgresJobStoreTests {
  /// One server for all, with a schema for each store.
  private static let server = Result { try PostgresTestServer() }

  /// An address whose tables nobody else has.
  private func newAddress() throws -> PostgresAddress {
    let server = try Self.server.get()
    let password = Secret(PostgresTestServer.password)
    let name = "s\(UInt64.random(in: 0 ... .max))"
    let connection = try PostgresConnection(PostgresAddress(server.address, password: password))
    try connection.script("CREATE SCHEMA \(name)")
    return try PostgresAddress(
      server.address + "?options=-csearch_path%3D\(name)", password: password)
  }

  @Test("a store in PostgreSQL keeps its promises", arguments: JobStoreCheck.all)
  func conforms(_ check: JobStoreCheck) throws {
    let address = try newAddress()
    try check.run { try PostgresJobStore(address, policy: $0) }
  }
}

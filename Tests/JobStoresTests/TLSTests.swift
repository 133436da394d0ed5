import StanceJobs
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "Redis by TLS", .timeLimit(.minutes(5)),
  .enabled(if: RedisTestServer.isInstalled, "\(RedisTestServer.missing)"),
  .enabled(if: TestCertificates.isInstalled, "\(TestCertificates.missing)"))
struct TLSTests {
  private func connect(_ address: String, _ limits: RedisConnection.Limits = .init()) throws
    -> RedisConnection
  {
    try RedisConnection(RedisAddress(address), limits: limits)
  }

  @Test("commands, scripts and large values go by TLS, with certificates on both sides")
  func works() throws {
    let files = try TestCertificates()
    let server = try RedisTestServer(tls: files)
    let address =
      "\(server.address)?cacert=\(files.authority)&cert=\(files.certificate)&key=\(files.key)"
    let redis = try connect(address)
    let large = (0..<5 << 20).map { UInt8(truncatingIfNeeded: $0 / 7) }
    try redis.send(["SET", "large", .bytes(large)])
    #expect(try redis.send(["GET", "large"]).bytes == large)
    #expect(try redis.run(script: "return 7") == .integer(7))
    #expect(redis.isUsable)
    let store = try RedisJobStore(RedisAddress(address))
    #expect(try store.submit(NewJob(specification: [], items: [[]])) == .accepted)
  }

  @Test(
    "a server whose certificate is not to be trusted, or another's, is refused before a password is sent"
  )
  func refuses() throws {
    let files = try TestCertificates()
    let server = try RedisTestServer(tls: files)
    let own = "cert=\(files.certificate)&key=\(files.key)"
    let stranger = #expect(throws: ConnectionError.self) {
      _ = try connect("\(server.address)?\(own)")
    }
    #expect(stranger?.message.contains("certificate") == true)
    let other = #expect(throws: ConnectionError.self) {
      _ = try connect(
        server.address.replacing("127.0.0.1", with: "localhost")
          + "?cacert=\(files.authority)&\(own)")
    }
    #expect(other?.message.contains("certificate") == true)
    let missing = #expect(throws: ConnectionError.self) {
      _ = try connect("\(server.address)?cacert=/nothing.pem")
    }
    #expect(missing?.kind == .badAddress)
  }

  @Test("a certificate of another authority gets no password, and no error has it")
  func otherAuthority() throws {
    let files = try TestCertificates()
    let other = try TestCertificates()
    let server = try RedisTestServer(["requirepass right"], tls: files)
    let own = "cert=\(files.certificate)&key=\(files.key)"
    let address = server.address.replacing("rediss://", with: "rediss://:hunter2@")
    let refused = #expect(throws: JobStoreError.self) {
      _ = try RedisJobStore(RedisAddress("\(address)?cacert=\(other.authority)&\(own)"))
    }
    let message = "\(try #require(refused))"
    #expect(message.contains("certificate") && !message.contains("hunter2"))
    // The server notes each wrong password.
    let right = try RedisConnection(
      RedisAddress(
        "\(server.address)?cacert=\(files.authority)&\(own)", password: Secret("right")))
    #expect(try right.send(["ACL", "LOG"]).elements.isEmpty)
    #expect(throws: ConnectionError.self) {
      _ = try connect("\(address)?cacert=\(files.authority)&\(own)")
    }
    #expect(try right.send(["ACL", "LOG"]).elements.count == 1)
    // It speaks nothing but TLS.
    let plain = #expect(throws: ConnectionError.self) {
      _ = try connect(address.replacing("rediss:", with: "redis:"))
    }
    #expect(plain?.kind == .lost)
  }

  @Test("a server that speaks no TLS, and one that answers nothing, are given up")
  func others() throws {
    let plain = try RedisTestServer()
    let address = plain.address.replacing("redis:", with: "rediss:")
    #expect(throws: ConnectionError.self) { _ = try connect(address) }
    try plain.process.freeze()
    var limits = RedisConnection.Limits()
    limits.connect = .milliseconds(200)
    let silent = #expect(throws: ConnectionError.self) { _ = try connect(address, limits) }
    #expect(silent?.kind == .lost)
  }
}

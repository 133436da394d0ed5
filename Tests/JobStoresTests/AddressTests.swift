import JobStores
import Testing

@Suite("Addresses of stores") struct AddressTests {
  @Test(
    "An address of Redis shows itself whole, but for its password",
    arguments: [
      ("redis://localhost", "redis://localhost:6379/0"),
      ("REDIS://localhost:7000/3", "redis://localhost:7000/3"),
      ("redis://:hunter2@[::1]:7000/", "redis://[::1]:7000/0"),
      ("rediss://a%40b:hunter2@host?cacert=/etc/ca.pem", "rediss://a@b@host:6379/0"),
      ("redis+unix:///run/redis.sock?db=2", "redis+unix:///run/redis.sock?db=2"),
      ("redis+unix://:hunter2@/run/redis.sock", "redis+unix:///run/redis.sock?db=0"),
    ])
  func redis(_ text: String, _ shown: String) throws {
    #expect(try RedisAddress(text).description == shown)
  }

  @Test(
    "An address that is no use is refused, by a message that repeats nothing of it",
    arguments: [
      "redis", "redis://", "http://hunter2", "redis://:hunter2@host:port",
      "redis://:hunter2@host:0",
      "redis://:hunter2@host/name", "redis://:hunter2@host/-1", "redis://:hunter2@host/70000",
      "redis://:hunter2@host?db=1", "rediss://:hunter2@host?cert=a", "redis://:hunter2/x@host",
      "redis://:hunter2@x@host", "redis://:hunter2#x@host", "redis://:hunter2%zz@host",
      "redis://:hunter2%00@host", "redis://:hunter2%ff@host", "redis://hunter2@host",
      "redis://:hunter2@[::1", "redis://:hunter2@[::1]x", "redis://:hunter2@::1",
      "redis+unix://hunter2/run/redis.sock", "redis+unix://", "redis://:hunter2 x@host",
    ])
  func wrongRedis(_ text: String) throws {
    let error = try #require(throws: ConnectionError.self) { try RedisAddress(text) }
    #expect(error.kind == .badAddress)
    #expect(!error.message.contains("hunter2"))
  }

  @Test(
    "An address of PostgreSQL shows itself without password and parameters",
    arguments: [
      ("postgresql://localhost/jobs", "postgresql://localhost/jobs"),
      ("postgres://me:hunter2@a:1,b:2/jobs?sslmode=verify-full", "postgresql://me@a:1,b:2/jobs"),
      ("postgresql:///jobs?host=/run/postgresql", "postgresql:///jobs"),
    ])
  func postgres(_ text: String, _ shown: String) throws {
    #expect(try PostgresAddress(text).description == shown)
  }

  @Test(
    "An address of PostgreSQL that may hold a password where none belongs is refused without repeating it",
    arguments: [
      "host=localhost password=hunter2", "mysql://me:hunter2@host",
      "postgresql://me:hunter2@x@host", "postgresql://me:hunter2/x@host/jobs",
      "postgresql://host/jobs?password=hunter2", "postgresql://host/jobs?%70assword=hunter2",
      "postgresql://host/jobs?sslpassword=hunter2", "postgresql://me:hunter2?x@host",
    ])
  func wrongPostgres(_ text: String) throws {
    let error = try #require(throws: ConnectionError.self) { try PostgresAddress(text) }
    #expect(error.kind == .badAddress)
    #expect(!error.message.contains("hunter2"))
  }

  @Test("A password shows in no text made of what holds it")
  func secrets() throws {
    let redis = try RedisAddress("rediss://me:hunter2@host", password: Secret("hunter3"))
    let postgres = try PostgresAddress("postgresql://me:hunter2@host", password: Secret("hunter3"))
    for held: Any in [redis, postgres, Secret("hunter2"), [Secret("hunter2")] as Any] {
      var dumped = ""
      dump(held, to: &dumped)
      for text in ["\(held)", String(describing: held), String(reflecting: held), dumped] {
        #expect(!text.contains("hunter"))
      }
    }
  }
}

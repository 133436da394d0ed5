import Files
import HTTPServer
import Options
import TestSupport
import Testing

@testable import StanceService

@Suite("Hosts and owners")
struct HostTests {
  private func send(
    to service: TestService, host: String, _ target: String = "/healthz"
  ) async throws -> Int {
    let answer = try await TestRequest(target: target, host: host).send(to: service.port)
    return answer.status
  }

  @Test("at a loopback address only names of this machine are answered")
  func loopback() async throws {
    let service = try await TestService()
    for host in [
      "localhost", "LOCALHOST:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000",
      "stance.localhost",
      "localhost.",
    ] {
      #expect(try await send(to: service, host: host) == 200, "\(host)")
    }
    for host in [
      "attacker.example", "attacker.example:5000", "127.0.0.1.attacker.example",
      "localhost.example",
      "10.0.0.1", "[::2]", "127.0.0.1:x",
    ] {
      #expect(try await send(to: service, host: host) == 421, "\(host)")
      #expect(try await send(to: service, host: host, "/v1/jobs") == 421, "\(host)")
    }
    let answer = try await TestRequest(host: "a.example").send(to: service.port)
    #expect(try answer.code == "misdirected_request")
    try await service.stop()
  }

  @Test("names that the operator allows are answered too, and at other addresses every name")
  func allowed() async throws {
    var configuration = ServiceConfiguration()
    configuration.server.allowedHosts = ["Pose.example"]
    let service = try await TestService(configuration)
    #expect(try await send(to: service, host: "pose.example:8080") == 200)
    #expect(try await send(to: service, host: "other.example") == 421)
    try await service.stop()
    configuration = ServiceConfiguration()
    configuration.server.host = "0.0.0.0"
    let open = try await TestService(configuration)
    #expect(try await send(to: open, host: "other.example") == 200)
    try await open.stop()
  }

  @Test(
    "what is no host's name is wrong usage",
    arguments: ["a.example:80", "http://a", "a b", "", "*"])
  func noHost(name: String) {
    #expect(throws: UsageError.self) { try AllowedHosts(listening: "::1", names: [name]) }
  }

  @Test("a key's owner is called by its comment, or by its checksum's beginning")
  func owners() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/keys"
    try Files.write(
      Array("alpha # the laptop\nbeta #lab\ngamma # lab\ndelta\n".utf8), to: file)
    let keys = try APIKeys(contentsOf: file)
    func owner(_ key: String) throws(Problem) -> String {
      try keys.owner(of: HTTPHeaders([("Authorization", "Bearer \(key)")]))
    }
    #expect(try owner("alpha") == "the laptop")
    #expect(try owner("beta") == "lab" && owner("gamma") == "lab")
    #expect(try owner("delta").wholeMatch(of: /key-[0-9a-f]{16}/) != nil)
    #expect(throws: Problem.self) { try owner("epsilon") }
    #expect(try APIKeys.none.owner(of: HTTPHeaders()) == "")
  }
}

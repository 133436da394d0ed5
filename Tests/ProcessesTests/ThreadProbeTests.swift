import Glibc
import Processes
import Testing

@Suite("What the system grants")
struct GrantTests {
  @Test("threads that can be had are no error")
  func threads() throws {
    try ThreadProbe.check(0)
    try ThreadProbe.check(40)
  }

  @Test("a child has the common limit of open files, whatever this process was raised to")
  func childrensDescriptors() throws {
    let raised = try #require(DescriptorLimit.raise())
    let limit = min(raised, 1024)
    // It is set when the child runs already.
    let script = "until [ $(ulimit -Hn) = \(limit) ]; do sleep 0.1; done; ulimit -Sn; ulimit -Hn"
    let result = try ChildProcess.run(
      Command("sh", ["-c", script]), outputLimit: 100, timeout: .seconds(60))
    #expect(String(decoding: result.output, as: UTF8.self) == "\(limit)\n\(limit)\n")
  }
}

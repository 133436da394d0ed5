import Files
import Foundation
import TestSupport
import Testing

@Suite(
  "Privacy", .enabled(if: TestData.isPresent, Comment(rawValue: TestData.missing)),
  .enabled(if: hasModels, "needs the models: run `make models`"),
  .enabled(if: canTrace, "needs strace (the Debian package) and leave to trace"))
struct PrivacyTests {
  @Test("from start to end the server connects to nobody, and sends to nobody but its callers")
  func network() throws {
    let folder = try TemporaryFolder()
    let trace = folder.path + "/trace"
    // -D: the server is our child, and the tracer its; -yy: with every socket its addresses.
    let tracer = [strace, "-D", "-f", "-yy", "-e", "trace=%network,io_uring_setup", "-o", trace]
    let server = try Server(["--port", "0", "--log-format", "json"], under: tracer)
    let address = try server.address()
    let photo = TestData.path("photos/tfjs_pose.jpg")
    let page = try output(of: "curl", "-sSf", address + "/")
    #expect(page.contains("</html>"))
    let result = try output(of: "curl", "-sSf", "--data-binary", "@" + photo, address + "/v1/pose")
    #expect(result.contains(#""name":"leftShoulder""#))
    let form = try output(of: "curl", "-sSf", "-F", "image=@" + photo, address + "/pose")
    #expect(form.hasPrefix("<img "))
    // It reads the log to its end, so that the tracer, which has it open too, has ended as well.
    #expect(try server.end(with: SIGTERM).status == 0)

    let calls = try systemCalls(in: trace)
    let here = "<TCP:[\(address.dropFirst("http://".count))"
    #expect(calls.filter { $0.name == "connect" || $0.name == "io_uring_setup" }.isEmpty)
    // Every socket is the one that listens, or one that it has accepted.
    #expect(calls.filter { $0.name == "socket" || $0.name == "socketpair" }.count == 1)
    #expect(calls.filter { $0.name == "listen" }.allSatisfy { $0.text.contains(here + "]>") })
    let sends = calls.filter { $0.name.hasPrefix("send") }
    #expect(sends.count >= 3)
    for send in sends { #expect(send.text.contains(here + "->127.0.0.1:")) }
  }

  private struct SystemCall {
    let name: Substring
    let text: Substring
  }

  private func systemCalls(in trace: String) throws -> [SystemCall] {
    let text = String(decoding: try Files.read(trace, limit: 16 << 20), as: UTF8.self)
    return text.matches(of: /(?m)^\d+ +(\w+)\(.*$/).map { SystemCall(name: $0.1, text: $0.0) }
  }
}

private let strace = "/usr/bin/strace"

/// Containers may forbid it.
private let canTrace = (try? output(of: strace, "-o", "/dev/null", "true")) != nil

private struct Failed: Error { let words: [String] }

/// What a program prints that ends with status 0.
private func output(of words: String...) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = words
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw Failed(words: words) }
  return String(decoding: bytes, as: UTF8.self)
}

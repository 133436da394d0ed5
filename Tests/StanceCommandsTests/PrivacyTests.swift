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
    if let clip = canMakeClips ? try clip(in: folder.path) : nil {
      let lines = try output(
        of: "curl", "-sSf", "-F", "video=@" + clip, address + "/v1/video")
      #expect(lines.hasSuffix("{\"end\":5}\n"))
      let drawn = try output(
        of: "curl", "-sSf", "-F", "video=@" + clip, "-o", folder.path + "/drawn.mp4",
        "-w", "%{size_download}", address + "/v1/video?output=mp4")
      #expect(Int(drawn) ?? 0 > 1000)
    }
    let live = try upgrade(at: address)
    #expect(live.hasPrefix("HTTP/1.1 101 "))
    // It reads the log to its end, so that the tracer, which has it open too, has ended as well.
    #expect(try server.end(with: SIGTERM).status == 0)

    let calls = try systemCalls(in: trace)
    let here = "<TCP:[\(address.dropFirst("http://".count))"
    #expect(calls.filter { $0.name == "connect" || $0.name == "io_uring_setup" }.isEmpty)
    // Every socket is the one that listens, or one that it has accepted; or a pair, from us to a child of ours.
    #expect(calls.filter { $0.name == "socket" }.count == 1)
    let pairs = calls.filter { $0.name == "socketpair" }
    #expect(pairs.allSatisfy { $0.text.contains("(AF_UNIX, ") })
    #expect(calls.filter { $0.name == "listen" }.allSatisfy { $0.text.contains(here + "]>") })
    let sends = calls.filter { $0.name.hasPrefix("send") }
    #expect(sends.count >= 3)
    for send in sends {
      #expect(send.text.contains(here + "->127.0.0.1:") || send.text.contains("<UNIX"), "\(send)")
    }
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

/// Whether ffmpeg is there, by which clips are made, and read.
private let canMakeClips = (try? output(of: "ffmpeg", "-version")) != nil

/// Five frames.
private func clip(in folder: String) throws -> String {
  let path = folder + "/clip.mp4"
  _ = try output(
    of: "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
    "testsrc2=size=160x120:rate=25:duration=0.2", "-pix_fmt", "yuv420p", path)
  return path
}

/// How the service answers who wants live pictures.
private func upgrade(at address: String) throws -> String {
  let port = address.split(separator: ":").last ?? ""
  return try output(
    of: "bash", "-c",
    """
    exec 3<>/dev/tcp/127.0.0.1/\(port)
    printf '%s\\r\\n' 'GET /v1/live HTTP/1.1' 'Host: localhost' 'Connection: Upgrade' 'Upgrade: websocket' \
      'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' '' >&3
    timeout 100 head -c 100 <&3
    """)
}

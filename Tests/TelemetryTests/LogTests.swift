import Foundation
import Synchronization
import Testing

@testable import Telemetry

private final class Lines: Sendable {
  let all = Mutex<[String]>([])
  var text: String { all.withLock { $0.joined() } }
}

@Suite("The log")
struct LogTests {
  @Test("a line of JSON has time, level, message and fields, and stays one line")
  func json() throws {
    let lines = Lines()
    let log = Log(.json) { line in lines.all.withLock { $0.append(line) } }
    log(.error, "request", [("path", .text("/a\n\"b\"\\\u{1}é")), ("ms", .number(1.5))])
    log.flush()
    #expect(lines.text.count { $0 == "\n" } == 1)
    let line = try JSONSerialization.jsonObject(with: Data(lines.text.utf8)) as? [String: Any]
    #expect(line?["level"] as? String == "error")
    #expect(line?["message"] as? String == "request")
    #expect(line?["path"] as? String == "/a\n\"b\"\\\u{1}é")
    #expect(line?["ms"] as? Double == 1.5)
    let time = try #require(line?["time"] as? String)
    #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
  }

  @Test("a line of text quotes what could be misread")
  func text() {
    let lines = Lines()
    let log = Log(.text) { line in lines.all.withLock { $0.append(line) } }
    log(
      .info, "request",
      [("path", "/a"), ("peer", "a b"), ("injected", "x\ny=1"), ("n", 3), ("none", "")])
    log.flush()
    #expect(
      lines.text.hasSuffix(#" request path=/a peer="a b" injected="x\u000ay=1" n=3 none="""# + "\n")
    )
    #expect(lines.text.count { $0 == "\n" } == 1)
  }

  @Test("times are those of UTC")
  func times() {
    #expect(WallClock(seconds: 0, milliseconds: 7).iso8601 == "1970-01-01T00:00:00.007Z")
    #expect(
      WallClock(seconds: 1_709_210_096, milliseconds: 120).iso8601 == "2024-02-29T12:34:56.120Z")
  }

  @Test("a reader who stops reading stops nobody, and is told how much was dropped")
  func slowReader() {
    let lines = Lines()
    let gate = DispatchSemaphore(value: 0)
    let log = Log(.json) { line in
      gate.wait()
      lines.all.withLock { $0.append(line) }
    }
    for _ in 0..<Log.maxWaiting + 10 { log(.info, "full") }
    for _ in 0..<Log.maxWaiting + 1 { gate.signal() }
    log.flush()
    log(.info, "after")
    log.flush()
    #expect(lines.all.withLock { $0.count } == Log.maxWaiting + 1)
    #expect(lines.all.withLock { $0.last }?.contains("\"droppedLines\":10") == true)
  }
}

@Suite("Trace contexts")
struct TraceContextTests {
  private let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("a caller's trace is taken over")
  func takenOver() {
    let context = TraceContext(traceparent: given)
    #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(context.parentID == "00f067aa0ba902b7")
    // A version to come may add fields.
    let later = TraceContext(traceparent: "cc" + given.dropFirst(2) + "-more")
    #expect(later.traceID == context.traceID)
  }

  @Test(
    "what is malformed begins a trace of its own",
    arguments: [
      "", "00", "hello", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
    ])
  func malformed(text: String) {
    let contexts = [TraceContext(traceparent: text), TraceContext(traceparent: nil)]
    for context in contexts {
      #expect(context.traceID.wholeMatch(of: /[0-9a-f]{32}/) != nil)
      #expect(context.parentID == nil)
    }
    #expect(contexts[0].traceID != contexts[1].traceID)
  }
}

@Suite("JSON values")
struct JSONValueTests {
  @Test("every kind of value reads back as it was")
  func roundTrip() throws {
    let value: JSONValue = [
      "text": "quote \" backslash \\ line\nand 未", "whole": -7, "number": .number(0.1),
      "huge": .number(1e300), "bad": .number(.nan), "flag": true, "none": .null,
      "list": [1, [], [:]],
    ]
    let read = try JSONSerialization.jsonObject(with: Data(value.description.utf8))
    let object = try #require(read as? [String: Any])
    #expect(object["text"] as? String == "quote \" backslash \\ line\nand 未")
    #expect(object["whole"] as? Int == -7)
    #expect(object["number"] as? Double == 0.1)
    #expect(object["huge"] as? Double == 1e300)
    #expect(object["bad"] is NSNull && object["none"] is NSNull)
    #expect(object["flag"] as? Bool == true)
    #expect((object["list"] as? [Any])?.count == 3)
  }
}

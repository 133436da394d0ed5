import Glibc
import Processes
import Testing

@Suite("Children that run on")
struct StreamingChildTests {
  private func shell(
    _ script: String, input: StreamingChild.Input = .nothing, extraOutput: Bool = false,
    limits: Command.Limits = Command.Limits()
  ) throws -> StreamingChild {
    try StreamingChild(
      Command("sh", ["-c", script], limits: limits), input: input, extraOutput: extraOutput)
  }

  /// All that comes from one stream until it ends.
  private func all(of stream: StreamingChild.Stream, _ child: StreamingChild) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1000)
    while try child.wait(for: [stream], within: .seconds(60)) {
      switch try child.read(stream, into: &buffer) {
      case .bytes(let count): bytes += buffer[..<count]
      case .nothingYet: break
      case .ended: return bytes
      }
    }
    Issue.record("nothing came for a minute")
    return bytes
  }

  @Test("Output and descriptor 3 are two streams; the end tells status and errors")
  func streams() throws {
    let child = try shell("echo out; echo side >&3; echo wrong >&2; exit 3", extraOutput: true)
    #expect(try all(of: .output, child) == Array("out\n".utf8))
    #expect(try all(of: .extra, child) == Array("side\n".utf8))
    let ending = try child.end(within: .seconds(60))
    #expect(ending.status == .exited(3) && ending.errors == "wrong\n")
  }

  @Test("What is written goes in, and comes back while more is written")
  func writes() throws {
    let child = try StreamingChild(Command("cat"), input: .written)
    let input = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let writer = try WorkerThread {
      do {
        #expect(try input.withUnsafeBytes { try child.write($0) })
        child.closeInput()
      } catch { Issue.record(error) }
    }
    #expect(try all(of: .output, child) == input)
    writer.join()
    #expect(try child.end(within: .seconds(60)).status == .exited(0))
  }

  @Test(
    "Writing to a child that has gone is an error, never a signal; one that does not read is not waited for"
  )
  func refusedWrites() throws {
    let gone = try shell("exit 0", input: .written)
    _ = try gone.wait(for: [], within: .seconds(60))
    let bytes = [UInt8](repeating: 1, count: 4 << 20)
    let error = #expect(throws: ProcessError.self) {
      try bytes.withUnsafeBytes { _ = try gone.write($0, within: .seconds(60)) }
    }
    #expect(error?.code == EPIPE)
    let deaf = try shell("sleep 1000", input: .written)
    #expect(try !bytes.withUnsafeBytes { try deaf.write($0, within: .milliseconds(50)) })
  }

  @Test("A file's descriptor becomes the child's input")
  func descriptor() throws {
    let file = open("/etc/os-release", O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    let child = try shell("cat", input: .descriptor(file))
    #expect(try !all(of: .output, child).isEmpty)
    #expect(lseek(file, 0, SEEK_CUR) > 0)
  }

  @Test("A flood of errors blocks nobody, and its last 16 KiB are kept")
  func errorFlood() throws {
    let child = try shell(
      "i=0; while [ $i -lt 20000 ]; do echo line $i >&2; i=$((i+1)); done; echo done")
    #expect(try all(of: .output, child) == Array("done\n".utf8))
    let ending = try child.end(within: .seconds(60))
    #expect(ending.errors.utf8.count <= 16 << 10 && ending.errors.hasSuffix("line 19999\n"))
  }

  @Test("Errors can be asked for while it runs, and are then forgotten")
  func errorsSoFar() throws {
    let child = try shell("echo first >&2; echo a; read x; echo second >&2", input: .written)
    var buffer = [UInt8](repeating: 0, count: 10)
    #expect(try child.wait(for: [.output], within: .seconds(60)))
    #expect(try child.read(.output, into: &buffer) == .bytes(2))
    #expect(try child.hasComplained())
    #expect(child.takeErrors() == "first\n")
    #expect(try !child.hasComplained())
    child.closeInput()
    #expect(try child.end(within: .seconds(60)).errors == "second\n")
  }

  @Test(
    "A child that goes on is killed with its group when its time is over, when it is stopped, and when nobody holds it"
  )
  func kills() throws {
    let late = try shell("sleep 1000 & echo $!; wait")
    let grandchild = try #require(try number(from: late))
    #expect(try !late.wait(for: [.output], within: .milliseconds(20)))
    #expect(try late.end(within: .milliseconds(20)).status == .signalled(SIGKILL))
    #expect(!remains(grandchild))

    let stopped = try shell("sleep 1000 & echo $!; wait")
    let second = try #require(try number(from: stopped))
    stopped.kill()
    #expect(try all(of: .output, stopped).isEmpty)
    #expect(!remains(second))

    var dropped: StreamingChild? = try shell("sleep 1000 & echo $!; wait")
    let third = try #require(try dropped.flatMap { try number(from: $0) })
    dropped = nil
    #expect(!remains(third) && dropped == nil)
  }

  private func number(from child: StreamingChild) throws -> pid_t? {
    var buffer = [UInt8](repeating: 0, count: 20)
    guard try child.wait(for: [.output], within: .seconds(60)),
      case .bytes(let count) = try child.read(.output, into: &buffer)
    else { return nil }
    return pid_t(String(decoding: buffer[..<count].dropLast(), as: UTF8.self))
  }

  /// Whether a process is still there after its new parent had time to reap it.
  private func remains(_ pid: pid_t) -> Bool {
    for _ in 0..<6000 {
      guard let file = fopen("/proc/\(pid)/stat", "r") else { return false }
      var buffer = [UInt8](repeating: 0, count: 512)
      let count = fread(&buffer, 1, buffer.count, file)
      fclose(file)
      if String(decoding: buffer[..<count], as: UTF8.self).contains(") Z") { return false }
      usleep(10_000)
    }
    return true
  }

  @Test("An orphan that keeps the output open does not delay the end of the stream")
  func orphan() throws {
    let child = try shell("sleep 1000 & echo done")
    #expect(try all(of: .output, child) == Array("done\n".utf8))
    #expect(try child.end(within: .seconds(60)).status == .exited(0))
  }

  @Test("Limits hold, and it stands back where that is asked for")
  func limits() throws {
    let child = try shell(
      "until [ $(nice) = 7 ]; do sleep 0.1; done; ulimit -v; nice",
      limits: Command.Limits(memory: 1 << 30, niceness: 7))
    #expect(try all(of: .output, child) == Array("1048576\n7\n".utf8))
  }

  @Test("It sees its own descriptors and no other", arguments: [false, true])
  func isolation(extraOutput: Bool) throws {
    let child = try shell(
      "n=0; while [ $n -lt 64 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done; :",
      extraOutput: extraOutput)
    let numbers = String(decoding: try all(of: .output, child), as: UTF8.self)
    #expect(numbers == (extraOutput ? "0\n1\n2\n3\n" : "0\n1\n2\n"))
  }

  @Test("A program that is not there is named")
  func missing() throws {
    let error = #expect(throws: ProcessError.self) {
      _ = try StreamingChild(Command("no-such-program-here"))
    }
    #expect(error?.isUnusableProgram == true)
  }
}

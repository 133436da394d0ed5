import Glibc
import Processes
import Testing

@Suite("Child processes")
struct ChildProcessTests {
  private func shell(
    _ script: String, input: [UInt8] = [], outputLimit: Int = 1 << 20,
    timeout: Duration = .seconds(60), limits: Command.Limits = Command.Limits()
  ) throws -> ChildResult {
    try ChildProcess.run(
      Command("sh", ["-c", script], limits: limits), input: input, outputLimit: outputLimit,
      timeout: timeout)
  }

  @Test("Output, errors and exit status come back")
  func collects() throws {
    let result = try shell("echo out; echo first >&2; echo 'second one' >&2; exit 3")
    #expect(result.output == Array("out\n".utf8))
    #expect(result.errors == "first\nsecond one\n")
    #expect(result.lastError == "second one")
    #expect(result.status == .exited(3))
    #expect(!result.succeeded && !result.timedOut && !result.outputExceeded)
  }

  @Test("Input far larger than the pipes goes through while output comes back")
  func feeds() throws {
    let input = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    let result = try ChildProcess.run(
      Command("cat"), input: input, outputLimit: input.count, timeout: .seconds(60))
    #expect(result.output == input)
    #expect(result.succeeded)
  }

  @Test("A child that leaves its input unread is no error and no signal here")
  func ignoresInput() throws {
    let result = try shell("exit 0", input: [UInt8](repeating: 1, count: 4 << 20))
    #expect(result.succeeded)
    let closing = try shell(
      "exec 0<&-; sleep 0.1; echo on", input: [UInt8](repeating: 1, count: 4 << 20))
    #expect(closing.output == Array("on\n".utf8))
  }

  @Test("A program that does not exist is named as missing")
  func missing() throws {
    let error = try #require(throws: ProcessError.self) {
      try ChildProcess.run(Command("no-such-program-here"), outputLimit: 0, timeout: .seconds(60))
    }
    #expect(error.isUnusableProgram)
    #expect(error.description.contains("no-such-program-here"))
  }

  @Test("A child past its time is killed with its grandchildren")
  func timesOut() throws {
    // The grandchild holds standard output and tells its number.
    let result = try shell("sleep 1000 & echo $!; wait", timeout: .seconds(5))
    #expect(result.timedOut)
    #expect(result.status == .signalled(SIGKILL))
    let grandchild = try #require(pid_t(String(decoding: result.output, as: UTF8.self).dropLast()))
    // Its new parent may take a moment to reap it.
    var tries = 0
    while isAlive(grandchild), tries < 6000 {
      usleep(10_000)
      tries += 1
    }
    #expect(!isAlive(grandchild))
  }

  /// There and no zombie.
  private func isAlive(_ pid: pid_t) -> Bool {
    guard let file = fopen("/proc/\(pid)/stat", "r") else { return false }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = fread(&buffer, 1, buffer.count, file)
    return !String(decoding: buffer[..<count], as: UTF8.self).contains(") Z")
  }

  @Test("An orphan that keeps the output open does not delay the end")
  func orphan() throws {
    let result = try shell("sleep 1000 & echo done", timeout: .seconds(50))
    #expect(result.output == Array("done\n".utf8))
    #expect(result.succeeded)
  }

  @Test("More output than allowed stops the child")
  func boundsOutput() throws {
    let result = try shell("cat /dev/zero", outputLimit: 100_000)
    #expect(result.outputExceeded)
    #expect(result.output.count <= 100_000)
    #expect(try shell("printf 12345", outputLimit: 5).succeeded)
    #expect(try shell("printf 123456", outputLimit: 5).outputExceeded)
  }

  @Test("A flood of errors keeps its last lines and the deadline holds")
  func boundsErrors() throws {
    let flood = try shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done >&2")
    #expect(flood.errors.utf8.count <= 16 << 10)
    #expect(flood.lastError == "line 19999")
    let endless = try shell("exec yes >&2", timeout: .milliseconds(200))
    #expect(endless.timedOut)
  }

  @Test("Memory and processor time are limited by the kernel")
  func limits() throws {
    // The limits come just after the start: a quick shell would read its own before.
    let memory = try shell(
      "until [ $(ulimit -t) = 7 ]; do sleep 0.1; done; ulimit -v; ulimit -t; ulimit -c",
      limits: .init(memory: 1 << 30, processorSeconds: 7))
    #expect(memory.output == Array("1048576\n7\n0\n".utf8))
    let spinning = try shell("while :; do :; done", limits: .init(processorSeconds: 1))
    #expect(spinning.status == .signalled(SIGXCPU) || spinning.status == .signalled(SIGKILL))
    #expect(!spinning.timedOut)
    let hungry = try shell(
      "while [ $(ulimit -v) = unlimited ]; do sleep 0.1; done; x=x; while :; do x=$x$x; done",
      limits: .init(memory: 256 << 20))
    #expect(!hungry.succeeded && !hungry.timedOut)
  }

  @Test("The child sees three descriptors and a small environment")
  func isolation() throws {
    let open = try shell(
      "n=0; while [ $n -lt 64 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done; :")
    let numbers = String(decoding: open.output, as: UTF8.self).split(separator: "\n").compactMap {
      Int($0)
    }
    #expect(numbers == [0, 1, 2])
    let environment = try ChildProcess.run(Command("env"), outputLimit: 4096, timeout: .seconds(60))
    let names = String(decoding: environment.output, as: UTF8.self).split(separator: "\n")
      .compactMap { $0.split(separator: "=").first.map(String.init) }
    #expect(Set(names) == ["PATH", "LC_ALL", "MALLOC_ARENA_MAX"])
  }

  @Test("Many at once, from many threads, never mix their bytes")
  func concurrent() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<24 {
        group.addTask {
          let input = [UInt8](repeating: UInt8(number), count: 300_000 + number)
          let result = try ChildProcess.run(
            Command("cat"), input: input, outputLimit: 1 << 20, timeout: .seconds(60))
          return result.output == input
        }
      }
      for try await same in group { #expect(same) }
    }
  }

  @Test("No descriptor is left behind")
  func closes() throws {
    // Other suites open files and hundreds of connections meanwhile: only steady growth would show a leak.
    var growths: [Int] = []
    for _ in 0..<5 where growths.allSatisfy({ $0 >= 100 }) {
      let before = descriptorCount()
      for _ in 0..<100 {
        _ = try ChildProcess.run(Command("true"), outputLimit: 0, timeout: .seconds(60))
      }
      growths.append(descriptorCount() - before)
    }
    #expect(growths.contains { $0 < 100 }, "\(growths)")
  }

  private func descriptorCount() -> Int { (0..<4096).count { fcntl($0, F_GETFD) >= 0 } }
}

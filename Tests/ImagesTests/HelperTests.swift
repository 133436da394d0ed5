import Foundation
import Images
import Processes
import Synchronization
import TestSupport
import Testing

@Suite("The process that decodes")
struct HelperTests {
  private func run(_ arguments: [String], input: [UInt8] = []) throws -> ChildResult {
    let helper = try #require(DecodingTools.standard.helper)
    return try ChildProcess.run(
      Command(helper, arguments), input: input, outputLimit: 1 << 20, timeout: .seconds(60))
  }

  private static let bounds = (DecodingTools.standard.helperReport() ?? [])
    .filter { $0.hasPrefix("bound ") }

  private static func holds(_ name: String) -> Bool { bounds.contains("bound \(name) holds") }

  @Test("It names its libraries and what bounds it on this machine")
  func about() throws {
    let report = try #require(DecodingTools.standard.helperReport())
    for library in ["giflib 5", "libtiff 4", "libheif 1.", "libavif ", "libarchive 3"] {
      #expect(report.contains { $0.hasPrefix("library \(library)") }, "\(report)")
    }
    #expect(Self.bounds.count == 3 && Self.holds("no_new_privs"), "\(report)")
  }

  @Test("Wrong arguments are a usage error, a picture of another format a reason")
  func arguments() throws {
    for words in [
      [], ["gif"], ["gif", "0", "5"], ["png", "9", "9"], ["run"], ["about", "it"],
      ["archive"], ["archive", "list"], ["archive", "list", "0"], ["archive", "both", "9"],
      ["run", "--read", "/bin/cat"], ["run", "--network"], ["run", "--device", "/bin/cat"],
      ["run", "--other", "/bin/cat"],
    ] {
      #expect(try run(words).status == .exited(64))
    }
    for format in ["gif", "tiff", "heic", "avif"] {
      let result = try run([format, "1000", "1000"], input: Array("neither of these".utf8))
      #expect([.exited(65), .exited(66), .exited(69)].contains(result.status), "\(format)")
      #expect(result.output.isEmpty && result.lastError != nil)
    }
  }

  @Test(
    "A program that it starts may connect only if that is asked for, and never to this machine's own sockets",
    .enabled(if: holds("seccomp"), "this kernel has no seccomp"))
  func connecting() throws {
    func complaint(_ words: [String], _ address: String) throws -> String {
      let ffprobe = ["/usr/bin/ffprobe", "-v", "error", "-i", address]
      return try run(["run"] + words + ffprobe).errors
    }
    let nobody = "tcp://127.0.0.1:1"
    #expect(try complaint([], nobody).contains("Operation not permitted"))
    #expect(try complaint(["--network"], nobody).contains("Connection refused"))
    #expect(try complaint(["--network"], "unix:/no/such").contains("Operation not permitted"))
    #expect(try complaint(["--network"], "\(nobody)?listen=1").contains("Operation not permitted"))
  }

  @Test(
    "A program that it starts may read and write a device that is named, and no other; a network opens no file",
    .enabled(if: holds("landlock"), "this kernel has no Landlock"))
  func devices() throws {
    let words = ["/usr/bin/head", "-c", "3", "/dev/zero"]
    #expect(try run(["run", "--device", "/dev/zero"] + words).output == [0, 0, 0])
    #expect(try run(["run", "--device", "/dev/null", "--network"] + words).output.isEmpty)
    let write = ["/bin/bash", "-c", "echo x >> /dev/null"]
    #expect(try run(["run", "--device", "/dev/null"] + write).succeeded)
    #expect(try !run(["run"] + write).succeeded)
    #expect(try run(["run", "--network", "/bin/cat", "/etc/passwd"]).output.isEmpty)
    #expect(try !run(["run", "--network", "/bin/cat", "/etc/resolv.conf"]).output.isEmpty)
  }

  @Test("A program that it starts ends with the thread that started it, if that is asked for")
  func endsWithParent() throws {
    let helper = try #require(DecodingTools.standard.helper)
    func endsWithThread(_ words: [String], within time: Duration) throws -> Bool {
      let started = Mutex<Result<StreamingChild, ProcessError>?>(nil)
      try WorkerThread {
        let result = Result { () throws(ProcessError) in
          try StreamingChild(Command(helper, ["run"] + words + ["/bin/cat"]), input: .written)
        }
        // Until it has become the other program, which gives back what it is given.
        if case .success(let child) = result {
          _ = try? [UInt8(65)].withUnsafeBytes { try child.write($0) }
          _ = try? child.wait(for: [.output], within: .seconds(60))
        }
        started.withLock { $0 = result }
      }.join()
      let child = try #require(try started.withLock { $0 }?.get())
      defer { child.kill() }
      return try child.wait(for: [], within: time)
    }
    #expect(try endsWithThread(["--with-parent"], within: .seconds(60)))
    #expect(try !endsWithThread([], within: .milliseconds(500)))
  }

  @Test(
    "A program that it starts can't open files that it does not need",
    .enabled(if: holds("landlock"), "this kernel has no Landlock"))
  func files() throws {
    #expect(try run(["run", "/bin/cat"], input: [65]).output == [65])
    let result = try run(["run", "/bin/cat", "/etc/passwd"])
    #expect(result.output.isEmpty && !result.succeeded)
    let written = try TemporaryFolder()
    #expect(try !run(["run", "/bin/touch", "\(written.path)/new"]).succeeded)
    // A file that is named, and no other.
    let readable = written.path + "/readable"
    try "text".write(toFile: readable, atomically: true, encoding: .utf8)
    #expect(
      try run(["run", "--read", readable, "/bin/cat", readable]).output == Array("text".utf8))
    #expect(try run(["run", "/bin/cat", readable]).output.isEmpty)
    let writable = written.path + "/writable"
    try "old".write(toFile: writable, atomically: true, encoding: .utf8)
    let copying = ["/bin/dd", "status=none", "of=\(writable)"]
    #expect(try !run(["run", "--read", writable] + copying, input: [65]).succeeded)
    #expect(try String(contentsOfFile: writable, encoding: .utf8) == "old")
    #expect(try run(["run", "--write", writable] + copying, input: [65]).succeeded)
    #expect(try String(contentsOfFile: writable, encoding: .utf8) == "A")
    #expect(try run(["run", "--write", writable, "/bin/cat", writable]).output == [65])
    // A shell may start, but nothing beside itself.
    #expect(try !run(["run", "/bin/bash", "-c", "/bin/true"]).succeeded)
  }

  @Test(
    "A program that it starts has no sockets",
    .enabled(if: holds("seccomp"), "this kernel has no seccomp"))
  func sockets() throws {
    let result = try run(["run", "/bin/bash", "-c", "exec 3<>/dev/udp/127.0.0.1/9"])
    #expect(!result.succeeded && result.errors.contains("not permitted"), "\(result.errors)")
  }

  @Test("What the machine lacks is not the picture's fault", arguments: [70, 127])
  func shortage(status: Int) throws {
    let folder = try TemporaryFolder()
    let program = folder.path + "/stance-decode"
    let words = "error while loading shared libraries: x: failed to map segment from shared object"
    try "#!/bin/sh\necho '\(words)' >&2\nexit \(status)\n".write(
      toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let gif = MadeGIF(screen: (2, 1), frames: [.init(width: 2, height: 1, pixels: [1, 2])])
    let error = try #require(throws: ImageError.self) {
      try EncodedImage(gif.bytes).decode(tools: DecodingTools(helper: program))
    }
    #expect(error.code == .noResources, "\(error)")
  }
}

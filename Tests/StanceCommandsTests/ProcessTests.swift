import Files
import Foundation
import Images
import Processes
import StanceCommands
import TestSupport
import Testing

@Suite("The program as a process")
struct ProcessTests {
  @Test("it prints its version")
  func version() throws {
    let run = try StanceProcess(["--version"]).finish()
    #expect(run.status == 0)
    #expect(run.output == "stance \(StanceVersion.number)\n")
  }

  @Test("a closed pipe ends it quietly with status 141")
  func closedPipe() throws {
    let output = Pipe()
    try output.fileHandleForReading.close()
    let run = try StanceProcess(["help", "--markdown"], output: output).finish()
    #expect(run.status == 141)
    #expect(run.errors.isEmpty)
  }

  @Test("wrong usage is one line on standard error and status 64")
  func wrongUsage() throws {
    let run = try StanceProcess(["detect", "--jsn", "a.jpg"]).finish()
    #expect(run.status == 64)
    #expect(run.errors == "stance: unknown option --jsn, did you mean --json?\n")
    #expect(run.output.isEmpty)
  }
}

@Suite(
  "A system that grants no threads",
  .enabled(
    if: setUser != nil, "needs setpriv and prlimit of util-linux, and a build that others may read")
)
struct NoThreadsTests {
  @Test(
    "is one line and status 71, and nothing hangs",
    arguments: [["doctor"], ["serve", "--port", "0"], ["detect", "samples/astronaut.png"]])
  func refused(arguments: [String]) throws {
    let user = try #require(setUser)
    let run = try StanceProcess(
      arguments, startedBy: "exec \(user) prlimit --nproc=1 \"$0\" \"$@\""
    ).finish()
    #expect(run.status == 71)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("stance: can't start "))
    #expect(run.errors.contains("--pids-limit"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test("is no reason not to print the version")
  func version() throws {
    let user = try #require(setUser)
    let run = try StanceProcess(
      ["--version"], startedBy: "exec \(user) prlimit --nproc=1 \"$0\" \"$@\""
    ).finish()
    #expect(run.status == 0)
  }
}

/// What makes a command that of a user whom limits hold, unlike root; nil where that can't be.
private let setUser: String? = {
  let user = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""
  guard let program = Files.binaryFolder.map({ $0 + "/stance" }) else { return nil }
  let check = try? ChildProcess.run(
    Command("sh", ["-c", "exec \(user) prlimit --nproc=1 test -x '\(program)'"]), outputLimit: 0,
    timeout: .seconds(60))
  return check?.succeeded == true ? user : nil
}()

@Suite(
  "detect on real photos", .enabled(if: TestData.isPresent, Comment(rawValue: TestData.missing)),
  .enabled(if: hasModels && canEncode, "needs the models and the picture codecs"))
struct RealPhotoTests {
  private let portrait = TestData.path("photos/tfjs_pose.jpg")

  @Test("a folder gives the same results as its photos one by one, drawn or not")
  func sameNumbers() throws {
    let folder = try TemporaryFolder()
    let names = ["tfjs_pose.jpg", "none_flower.jpg", "human_group2.jpg", "exlpose_417.png"]
    for name in names {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: TestData.path("photos/" + name))
    }
    let together = try people(Run(folder.path, "--json", "-o", folder.path + "/out"))
    for name in names {
      let path = "\(folder.path)/\(name)"
      #expect(try people(Run(path, "--json"))[path] == together[path], "\(name)")
    }
    #expect(together[folder.path + "/none_flower.jpg"]?.isEmpty == true)
    #expect(try Files.names(in: folder.path + "/out").count == names.count)
    for name in names {
      let photo = try EncodedImage(contentsOf: TestData.path("photos/" + name))
      let drawn = try EncodedImage(contentsOf: "\(folder.path)/out/\(name)")
      #expect(drawn.size == photo.size)
      #expect(drawn.format == photo.format)
    }
  }

  @Test("a mask has the picture's size and is white on the person, black in a corner")
  func mask() throws {
    let folder = try TemporaryFolder()
    #expect(Run(portrait, "--mask", folder.path).status == 0)
    let mask = try EncodedImage(contentsOf: folder.path + "/tfjs_pose.jpg.png").decode()
    #expect(try mask.size == EncodedImage(contentsOf: portrait).size)
    mask.withPixels { pixels in
      let values = stride(from: 0, to: pixels.count, by: 4).map { pixels[$0] }
      #expect(values.contains { $0 > 250 })
      #expect(values.contains { $0 < 5 })
    }
  }

  @Test("Ctrl-C ends a long run between photos and leaves whole files only")
  func interrupt() throws {
    let folder = try TemporaryFolder()
    for index in 0..<400 {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(index).jpg", withDestinationPath: portrait)
    }
    let process = try StanceProcess(["detect", folder.path, "-o", folder.path + "/out"])
    for _ in 0..<2400 where !Files.isFolder(folder.path + "/out") { usleep(50_000) }
    process.interrupt()
    #expect(try process.finish().status == 130)
    let written = try Files.names(in: folder.path + "/out")
    #expect(!written.contains { $0.hasSuffix(".partial") })
    #expect(written.count < 400)
    for name in written {
      _ = try EncodedImage(contentsOf: "\(folder.path)/out/\(name)").decode()
    }
  }

  @Test("Ctrl-C ends a wait for standard input")
  func interruptedInput() throws {
    let process = try StanceProcess(["detect", "-"], input: Pipe())
    usleep(300_000)
    process.interrupt()
    #expect(try process.finish().status == SIGINT)
  }

  @Test("Ctrl-C ends a wait for what a pipe among the photos brings")
  func interruptedPipe() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let process = try StanceProcess(["detect", pipe])
    // It can be opened for writing as soon as somebody reads.
    var writer: Int32 = -1
    for _ in 0..<2400 where writer < 0 {
      usleep(50_000)
      writer = open(pipe, O_WRONLY | O_NONBLOCK)
    }
    defer { close(writer) }
    process.interrupt()
    #expect(try process.finish().status == SIGINT)
  }

  @Test("an argument that is no UTF-8 names its photo")
  func argumentBytes() throws {
    let folder = try TemporaryFolder()
    let photo = String(pathBytes: Array("\(folder.path)/bad".utf8) + [0xff] + Array(".jpg".utf8))
    try Files.write(Files.read(portrait, limit: 1 << 20), to: photo)
    let run = try StanceProcess(
      [folder.path], startedBy: #"exec "$0" detect "$(printf '%s/bad\377.jpg' "$1")""#
    ).finish()
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("\(folder.path)/bad\u{FFFD}.jpg: person 1 of 1"))
  }

  @Test("doctor finds the main job working")
  func doctor() throws {
    let run = try StanceProcess(["doctor"]).finish()
    #expect(run.status == 0)
    #expect(run.output.contains("  main job      works"))
  }

  private func people(_ run: Run) throws -> [String: [NSDictionary]] {
    #expect(run.status == 0)
    var people: [String: [NSDictionary]] = [:]
    for line in run.output.lines {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let file = try #require(object["file"] as? String)
      people[file] = object["people"] as? [NSDictionary]
    }
    return people
  }
}

extension Run {
  /// `stance detect` in this process with the real landmarker.
  fileprivate init(_ arguments: String...) {
    let (output, errors) = (MemorySink(), MemorySink())
    let program = Program(console: Console(output: output, errors: errors))
    self.init(
      status: program.run(["detect"] + arguments), output: output, errors: errors)
  }
}

/// The built program in a process of its own.
private struct StanceProcess {
  private let process = Process()
  private let output: Pipe
  private let errors = Pipe()

  /// Starts it with the arguments, or a shell script that gets the program as $0 and the arguments.
  init(
    _ arguments: [String], startedBy script: String? = nil, input: Pipe? = nil,
    output: Pipe = Pipe()
  ) throws {
    self.output = output
    let program = try #require(Files.binaryFolder) + "/stance"
    process.executableURL = URL(filePath: script == nil ? program : "/bin/sh")
    process.arguments = (script.map { ["-c", $0, program] } ?? []) + arguments
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    process.environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("STANCE_") || $0.key == "STANCE_MODELS"
    }
    try process.run()
  }

  func interrupt() { kill(process.processIdentifier, SIGINT) }

  /// Waits for the end; the status is the signal's number where one ended it.
  func finish() throws -> (status: Int32, output: String, errors: String) {
    // So that a program that hangs fails its test instead of holding up all of them.
    let pid = process.processIdentifier
    let watchdog = DispatchWorkItem { kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 240, execute: watchdog)
    defer { watchdog.cancel() }
    // A pipe that was closed on this side gives nothing.
    let text = String(
      decoding: (try? output.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, text, String(decoding: complaints, as: UTF8.self))
  }
}

import Files
import Foundation
import Inference
import Processes
import StanceCommands
import TestSupport
import Testing

/// Whether people can really be found: the models are there.
let hasModels = [Model.detector, .full].allSatisfy {
  ModelFolder.find().state(of: $0) == .present
}

@Suite("serve as a process", .enabled(if: hasModels, "needs the models: run `make models`"))
struct ServeTests {
  @Test("it tells its address, and a signal ends it with status 0", arguments: [SIGTERM, SIGINT])
  func signals(number: Int32) throws {
    let server = try Server(["--port", "0", "--log-format", "json"])
    let address = try server.address()
    #expect(address.hasPrefix("http://127.0.0.1:"))
    let run = try server.end(with: number)
    #expect(run.status == 0)
    #expect(run.log.contains(#""message":"stopped","drained":true"#))
  }

  @Test(
    "a port that is taken, and files that are not there, are one line and status 1; half of TLS is wrong usage"
  )
  func refusals() throws {
    let server = try Server(["--port", "0", "--log-format", "json"])
    let port = try #require(try server.address().split(separator: ":").last)
    for (arguments, status, words) in [
      (["--port", String(port)], 1, "Address already in use; --host and --port"),
      (["--api-keys", "/nowhere/keys"], 1, "/nowhere/keys"),
      (["--tls-certificate", "/nowhere/c", "--tls-key", "/nowhere/k"], 1, "/nowhere/c"),
      (["--tls-certificate", "/nowhere/c"], 64, "--tls-key"),
    ] {
      let other = try Server(arguments).end(with: nil)
      #expect(other.status == status)
      let lines = other.log.split(separator: "\n")
      #expect(lines.count == 1 && other.log.hasPrefix("stance: "))
      #expect(other.log.contains(words))
    }
    #expect(try server.end(with: SIGTERM).status == 0)
  }

  @Test(
    "with few files to open it allows fewer connections, says so once, and reads every format at its limit"
  )
  func fewDescriptors() throws {
    let prlimit = "/usr/bin/prlimit"
    let server = try Server(
      ["--port", "0", "--log-format", "json"], under: [prlimit, "--nofile=160:160"])
    let address = try server.address()
    let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
    let folder = try TemporaryFolder()
    let gif = folder.path + "/a.gif"
    let made = try ChildProcess.run(
      Command(
        "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "color=gray:s=64x64", "-frames:v", "1", gif]),
      outputLimit: 0, timeout: .seconds(60))
    try #require(made.succeeded, "needs ffmpeg")
    let photo = try Files.read(gif, limit: 1 << 20)
    // As many as it lets in, and those that it turns away beside them.
    let crowd = (0..<200).compactMap { _ in OpenSocket(port: port) }
    let heard = crowd.map { $0.answer(to: "GET", "/healthz") }
    let held = zip(crowd, heard).filter { $1.hasPrefix("HTTP/1.1 200 ") }.map { $0.0 }
    #expect(held.count > 10 && held.count < 100)
    #expect(heard.contains { $0.hasPrefix("HTTP/1.1 503 ") })
    for connection in held.prefix(3) {
      let answer = connection.answer(to: "POST", "/v1/pose?search=quick", photo)
      #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer.prefix(300))")
    }
    let run = try server.end(with: SIGTERM)
    #expect(run.status == 0)
    #expect(run.log.split(separator: "\n").filter { $0.contains("fewer connections") }.count == 1)
  }

  @Test(
    "a job store that answers later is waited for, and a signal ends the wait with status 0",
    .enabled(if: RedisTestServer.isInstalled, "\(RedisTestServer.missing)"))
  func lateStore() throws {
    let redis = try RedisTestServer()
    let folder = try TemporaryFolder()
    let words = [
      "--port", "0", "--log-format", "json", "--jobs", redis.address, "--job-files",
      folder.path + "/files",
    ]
    try redis.process.kill()
    let early = try Server(words)
    try early.said("waiting for the job store")
    let other = try Server(words)
    try other.said("waiting for the job store")
    let interrupted = try other.end(with: SIGTERM)
    #expect(interrupted.status == 0 && !interrupted.log.contains("listening"))
    try redis.process.start()
    _ = try early.address()
    let run = try early.end(with: SIGTERM)
    #expect(run.status == 0)
    #expect(run.log.split(separator: "\n").filter { $0.contains("waiting for") }.count == 1)
  }

  @Test("with no files left for a connection it does not start, and says what to raise")
  func noDescriptors() throws {
    let prlimit = "/usr/bin/prlimit"
    let run = try Server(["--port", "0"], under: [prlimit, "--nofile=60:60"]).end(with: nil)
    #expect(run.status == 1 && run.log.contains("ulimit -n"))
  }
}

/// `stance serve` in a process of its own.
final class Server {
  private let process: Process
  private let errors = Pipe()
  private var log = ""
  private let watchdog: DispatchWorkItem

  /// - Parameter tracer: a program with arguments that runs the one named behind them in its own process.
  init(_ arguments: [String], under tracer: [String] = []) throws {
    let process = Process()
    let words = tracer + [try #require(Files.binaryFolder) + "/stance", "serve"] + arguments
    process.executableURL = URL(filePath: words[0])
    process.arguments = Array(words.dropFirst())
    process.standardInput = FileHandle.nullDevice
    process.standardError = errors
    process.environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("STANCE_") || $0.key == "STANCE_MODELS"
    }
    try process.run()
    self.process = process
    // So that a server that hangs fails its test instead of holding up all of them.
    let pid = process.processIdentifier
    watchdog = DispatchWorkItem { kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 240, execute: watchdog)
  }

  /// Reads the log until it names the address.
  func address() throws -> String {
    while true {
      if let match = log.firstMatch(of: /"address":"([^"]+)"/) { return String(match.output.1) }
      try readOn()
    }
  }

  /// Reads the log until it has these words.
  func said(_ words: String) throws { while !log.contains(words) { try readOn() } }

  private func readOn() throws {
    let bytes = errors.fileHandleForReading.availableData
    try #require(!bytes.isEmpty, "ended: \(log)")
    log += String(decoding: bytes, as: UTF8.self)
  }

  /// Sends a signal, or none, and waits for the end.
  func end(with signal: Int32?) throws -> (status: Int32, log: String) {
    if let signal { kill(process.processIdentifier, signal) }
    log += String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    watchdog.cancel()
    return (process.terminationReason == .exit ? process.terminationStatus : -1, log)
  }
}

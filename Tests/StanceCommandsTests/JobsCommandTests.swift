import Files
import Foundation
import Processes
import StanceCommands
import StanceJobs
import StanceService
import Synchronization
import TestSupport
import Testing

@Suite("stance jobs")
struct JobsCommandTests {
  /// A store that nobody works on, unless a test does.
  private final class Store: Sendable {
    let folder: TemporaryFolder
    let store: SQLiteJobStore
    let files: JobFolder

    init() throws {
      folder = try TemporaryFolder()
      store = try SQLiteJobStore(folder.path + "/jobs.db", policy: JobPolicy())
      files = try JobFolder(folder.path + "/job-files", limit: 1 << 30)
      try Files.makeFolder(folder.path + "/photos/sub")
      for name in ["a.png", "sub/b.png"] {
        try Files.write(Array("photo \(name)".utf8), to: folder.path + "/photos/" + name)
      }
    }

    var photos: String { folder.path + "/photos" }

    func run(
      _ words: [String], interrupts: Interrupts = .none
    ) -> (status: Int32, output: String, errors: String) {
      let (output, errors) = (MemorySink(), MemorySink())
      let console = Console(output: output, errors: errors, interrupts: interrupts)
      let arguments = ["jobs"] + words + ["--jobs", "sqlite:\(folder.path)/jobs.db"]
      let status = Program(console: console).run(arguments)
      return (status, output.text, errors.text)
    }

    /// Does the next job of photos.
    func work(as end: (JobResult) -> JobEnd = { .finished($0) }) throws {
      var work: Assignment?
      while work == nil {
        work = try store.claim(by: "worker", limit: 100)
        if work == nil { try store.waitForWork(atMost: .milliseconds(50)) }
      }
      let items = try #require(work)
      // What is run again may have nothing left to do but this.
      let gathering =
        items.stage == .gather
        ? items
        : try #require(
          try store.finish(
            items.items.map { ItemEnd($0.claim, .done(result: [])) }, gatherAs: "worker"
          ).next)
      let claim = try #require(gathering.items.first).claim
      let name = JobFileName.result(claim, ending: "jsonl")
      let writer = try files.make(name, of: items.job, as: .work)
      try writer.append(Array("{\"result\":1}\n".utf8))
      let result = JobResult(
        name: name.description, bytes: writer.byteCount, checksum: try writer.finish(),
        mediaType: "application/jsonl")
      #expect(try store.end(claim, as: end(result)))
    }
  }

  /// Does that on a thread of its own: the command's wait holds one of the tests' threads.
  private struct Background {
    private final class Outcome: Sendable { let error = Mutex<(any Error)?>(nil) }
    private let outcome = Outcome()
    private let thread: WorkerThread

    init(_ body: @escaping @Sendable () throws -> Void) throws {
      thread = try WorkerThread { [outcome] in
        do { try body() } catch { outcome.error.withLock { $0 = error } }
      }
    }

    func end() throws {
      thread.join()
      if let error = outcome.error.withLock({ $0 }) { throw error }
    }
  }

  @Test("words that are wrong are told with those that are right")
  func usage() throws {
    let store = try Store()
    for (words, told) in [
      (["other"], "list, show, cancel, retry, run"), (["list", "x"], "nothing more"),
      (["show"], "id of a job"), (["show", "x"], "32 digits"), (["run"], "folder of photos"),
      (["run", "/nowhere"], "/nowhere is no folder"),
      (["list", "--server", "http://127.0.0.1:1"], "name one"),
      (["list", "--key-file", "/x"], "--key-file goes with --server"),
    ] {
      let run = store.run(words)
      #expect(run.status == 64, "\(words)")
      #expect(run.errors.contains(told), "\(words): \(run.errors)")
    }
    let unknown = store.run(["show", JobID().description])
    #expect(unknown.status == 1 && unknown.errors.contains("no such job"))
  }

  @Test(
    "a folder's photos are handed over, and their results written; the same again is the same job")
  func run() throws {
    let store = try Store()
    let output = store.folder.path + "/results.jsonl"
    let worker = try Background { try store.work() }
    let run = store.run(["run", store.photos, "-o", output, "--max-people", "3"])
    try worker.end()
    #expect(run.status == 0, "\(run.errors)")
    #expect(try Files.read(output, limit: 1000) == Array("{\"result\":1}\n".utf8))
    let job = try #require(try store.store.jobs(of: nil, in: [], before: nil, limit: 9).first)
    let names = try store.files.files(of: job.id).map(\.name.description)
    #expect(names.contains("input-000000") && names.contains("input-000001"))
    let again = store.run(["run", store.photos, "--max-people", "3"])
    #expect(again.status == 0 && again.output == "{\"result\":1}\n")
    #expect(try store.store.jobs(of: nil, in: [], before: nil, limit: 9).count == 1)
    let list = store.run(["list"])
    #expect(list.output.hasPrefix("\(job.id)  done") && list.output.hasSuffix("  a.png\n"))
    #expect(store.run(["list", "--json"]).output.contains("\"jobs\":[{\"id\":\"\(job.id)\""))
    #expect(store.run(["cancel", job.id.description]).output == "\(job.id)  forgotten\n")
    #expect(store.run(["list"]).output.isEmpty)
  }

  @Test("an interruption ends the wait and not the job, which the same command finds again")
  func interruption() throws {
    let store = try Store()
    // Comes when the job is there.
    let interrupts = Interrupts(
      watch: {},
      signal: {
        let counts = try? store.store.counts()
        return counts?.jobs[.queued] == 1 ? 2 : nil
      })
    let run = store.run(["run", store.photos], interrupts: interrupts)
    #expect(run.status == 130)
    let job = try #require(try store.store.jobs(of: nil, in: [], before: nil, limit: 9).first)
    #expect(run.errors.contains("goes on as \(job.id)") && job.state == .queued)
    try store.work()
    let again = store.run(["run", store.photos])
    #expect(again.status == 0 && again.output == "{\"result\":1}\n")
  }

  @Test("a job that died is told with its reason, and can be run again")
  func dead() throws {
    let store = try Store()
    let worker = try Background { try store.work(as: { .dead(reason: "it was lost", $0) }) }
    let run = store.run(["run", store.photos])
    try worker.end()
    #expect(run.status == 1 && run.errors.contains("is dead: it was lost"))
    #expect(run.output == "{\"result\":1}\n")
    let job = try #require(try store.store.jobs(of: nil, in: [], before: nil, limit: 9).first)
    let retried = store.run(["retry", job.id.description])
    #expect(retried.status == 0 && retried.output.contains("queued"))
    #expect(store.run(["retry", job.id.description]).errors.contains("only one that has ended"))
    try store.work()
    #expect(store.run(["show", job.id.description]).output.contains("done"))
  }

  @Test("a service is asked with the key, and what it says is told")
  func service() throws {
    let id = JobID().description
    let job =
      #"{"id":"\#(id)","state":"running","stage":"work","progress":{"items":9,"ended":4,"failed":1},"attempts":1,"created":"2026-11-27T19:08:26.891Z"}"#
    let server = try HTTPTestServer { request in
      switch request.target {
      case "/below/v1/jobs?limit=20": .file(Array("{\"jobs\":[\(job)]}".utf8))
      case "/below/v1/jobs/\(id)": .file(Array(job.utf8))
      case "/named/v1/jobs/\(id)":
        .file(Array((job.dropLast() + #","name":"a\u001b[2Jb"}"#).utf8))
      default: .status(404)
      }
    }
    defer { server.stop() }
    func run(_ words: String..., server address: String) -> (Int32, String, String) {
      let (output, errors) = (MemorySink(), MemorySink())
      let console = Console(
        output: output, errors: errors, environment: ["STANCE_KEY": "secret # mine"])
      let status = Program(console: console).run(["jobs"] + words + ["--server", address])
      return (status, output.text, errors.text)
    }
    let list = run("list", server: server.address("/below/"))
    #expect(list.0 == 0, "\(list.2)")
    #expect(list.1 == "\(id)  running    2026-11-27T19:08:26.891Z  4 of 9, 1 failed\n")
    #expect(run("show", id, "--json", server: server.address("/below")).1 == job + "\n")
    #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
    // A stranger's name, with no control of the terminal.
    let named = run("show", id, server: server.address("/named")).1
    #expect(named.hasSuffix("  4 of 9, 1 failed  a\u{fffd}[2Jb\n"))
    let missing = run("show", JobID().description, server: server.address("/below"))
    #expect(missing.0 == 1 && missing.2.contains("status 404"))
    #expect(run("list", server: "pose.example").2.contains("--server"))
    let nobody = run("list", server: "http://127.0.0.1:1")
    #expect(nobody.0 == 1 && nobody.2.contains("http://127.0.0.1:1/v1/jobs"))
  }
}

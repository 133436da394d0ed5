import Dispatch
import StanceJobs
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import StanceService

@Suite("Waiting for the job store", .timeLimit(.minutes(5)))
struct StoreWaitTests {
  private final class Scene: Sendable {
    let attempts = Atomic(0)
    let isInterrupted = Atomic(false)
    let log: Log
    private let lines: Lines

    init() {
      let lines = Lines()
      log = Log(.json) { lines.add($0) }
      self.lines = lines
    }

    var said: [String] {
      log.flush()
      return lines.all
    }

    var wait: StoreWait {
      var wait = StoreWait(
        isInterrupted: { self.isInterrupted.load(ordering: .relaxed) }, log: log)
      wait.pause = .milliseconds(1)
      return wait
    }

    func attempt() -> Int { attempts.add(1, ordering: .relaxed).newValue }
  }

  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @Test("a store that does not answer yet is waited for, and the log says so once")
  func late() throws {
    let folder = try TemporaryFolder()
    let scene = Scene()
    let store = try scene.wait.opened {
      guard scene.attempt() > 3 else { throw JobStoreError.unavailable("it is starting") }
      return try SQLiteJobStore(folder.path + "/jobs.db")
    }
    #expect(try store.openJobs() == 0 && scene.attempts.load(ordering: .relaxed) == 4)
    #expect(scene.said.count == 1 && scene.said[0].contains("waiting for the job store"))
    #expect(scene.said[0].contains("it is starting"))
  }

  @Test("what is wrong for good is not waited for")
  func wrong() throws {
    let scene = Scene()
    #expect(throws: JobStoreError.unusable("another version")) {
      try scene.wait.opened {
        _ = scene.attempt()
        throw JobStoreError.unusable("another version")
      }
    }
    #expect(throws: ServiceError.self) {
      try scene.wait.opened { try openJobStore("mysql://host") }
    }
    #expect(scene.attempts.load(ordering: .relaxed) == 1 && scene.said.isEmpty)
  }

  @Test("when its time is over the last error is the end")
  func over() throws {
    let scene = Scene()
    var wait = scene.wait
    wait.limit = .milliseconds(50)
    #expect(throws: JobStoreError.unavailable("it is away")) {
      try wait.opened { throw JobStoreError.unavailable("it is away") }
    }
  }

  @Test("an interruption ends it at once, also while the store is silent")
  func interrupted() throws {
    let scene = Scene()
    let isOver = DispatchSemaphore(value: 0)
    #expect(throws: CancellationError.self) {
      try scene.wait.opened {
        scene.isInterrupted.store(true, ordering: .relaxed)
        isOver.wait()
        throw JobStoreError.unavailable("it was silent")
      }
    }
    isOver.signal()
    #expect(scene.said.isEmpty)
  }
}

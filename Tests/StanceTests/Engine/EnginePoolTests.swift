import Dispatch
import Inference
import Synchronization
import Testing

@testable import Stance

@Suite("Engine pool")
struct EnginePoolTests {
  private func pool(_ count: Int, maxWaiting: Int = 100) -> EnginePool {
    let loader = NetworkLoader(folder: ModelFolder(path: "/nowhere"), cache: nil)
    return EnginePool(
      (0..<count).map { Engine(name: "test.\($0)", loader: loader, precision: .f32, threads: 1) },
      maxWaiting: maxWaiting)
  }

  /// Counts the bodies that run at once.
  private final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0, users: [ObjectIdentifier: Int](), clashes: 0))

    func work(with engine: Engine) {
      let id = ObjectIdentifier(engine)
      state.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
        $0.users[id, default: 0] += 1
        if $0.users[id] != 1 { $0.clashes += 1 }
      }
      // Long enough for another to come in.
      for _ in 0..<200 { _ = most }
      state.withLock {
        $0.now -= 1
        $0.users[id, default: 0] -= 1
      }
    }

    var most: Int { state.withLock { $0.most } }
    var clashes: Int { state.withLock { $0.clashes } }
  }

  @Test("lends each engine to one caller at a time, whether they block or suspend")
  func exclusive() async throws {
    let pool = pool(2)
    let gauge = Gauge()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 { group.addTask { try await pool.withEngine { gauge.work(with: $0) } } }
      group.addTask {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
          DispatchQueue.global().async {
            DispatchQueue.concurrentPerform(iterations: 20) { _ in
              try? pool.withEngine { (engine: Engine) in gauge.work(with: engine) }
            }
            done.resume()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(gauge.clashes == 0)
    #expect(gauge.most <= 2)
  }

  @Test("works with all its engines at once")
  func parallel() async throws {
    let pool = pool(2)
    let here = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
    // Each waits for the other to be there: one engine alone would never end.
    async let first: Void = pool.withEngine { _ in
      here[0].signal()
      here[1].wait()
    }
    async let second: Void = pool.withEngine { _ in
      here[1].signal()
      here[0].wait()
    }
    _ = try await (first, second)
  }

  @Test("refuses a caller beyond the bound at once, and serves again when one leaves")
  func bounded() async throws {
    let pool = pool(1, maxWaiting: 0)
    let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    async let first: Void = pool.withEngine { _ in
      held.signal()
      release.wait()
    }
    await wait(for: held)
    await #expect { try await pool.withEngine { _ in } } throws: {
      ($0 as? PoseError)?.code == .overloaded
    }
    release.signal()
    try await first
    try await pool.withEngine { _ in }
  }

  @Test("a cancelled task stops waiting; the engine goes to the next")
  func cancellation() async throws {
    let pool = pool(1)
    let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    async let first: Void = pool.withEngine { _ in
      held.signal()
      release.wait()
    }
    await wait(for: held)
    let waiting = Task { try await pool.withEngine { _ in } }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    release.signal()
    try await first
    try await pool.withEngine { _ in }
  }

  private final class Order: Sendable { let text = Mutex("") }

  @Test("who is patient comes after all others, but at every tenth turn")
  func patience() async throws {
    let pool = pool(1)
    let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let order = Order()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await pool.withEngine { _ in
          held.signal()
          release.wait()
        }
      }
      await wait(for: held)
      for count in 1...2 {
        group.addTask {
          try await pool.withEngine(.patient) { _ in order.text.withLock { $0 += "p" } }
        }
        while pool.waitingCount < count { try await Task.sleep(for: .milliseconds(1)) }
      }
      for count in 3...27 {
        group.addTask { try await pool.withEngine { _ in order.text.withLock { $0 += "." } } }
        while pool.waitingCount < count { try await Task.sleep(for: .milliseconds(1)) }
      }
      release.signal()
      try await group.waitForAll()
    }
    #expect(order.text.withLock { $0 } == ".........p.........p.......")
  }

  @Test("an error of the body comes out, and the engine goes back")
  func failure() async throws {
    struct Failure: Error {}
    let pool = pool(1)
    await #expect(throws: Failure.self) {
      try await pool.withEngine { _ -> Void in throw Failure() }
    }
    try await pool.withEngine { _ in }
  }

  private func wait(for semaphore: DispatchSemaphore) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        semaphore.wait()
        continuation.resume()
      }
    }
  }
}

@Suite("Options")
struct OptionsValidationTests {
  @Test("outside their range are refused before anything is loaded, saying what was wanted")
  func ranges() {
    let elsewhere = EngineOptions(modelFolder: "/nowhere")
    for options in [
      PoseOptions(maxPeople: 0), PoseOptions(minDetectionConfidence: 1.5),
      PoseOptions(minTrackingConfidence: -0.1), PoseOptions(minDetectionConfidence: .nan),
    ] {
      #expect { try PoseLandmarker(options, engine: elsewhere) } throws: {
        ($0 as? PoseError)?.code == .badOption && "\($0)".contains("must be")
      }
    }
    #expect { try PoseLandmarker(engine: EngineOptions(threads: 0)) } throws: {
      ($0 as? PoseError)?.code == .badOption
    }
  }

  @Test("name a folder without models: the error says which file is missing")
  func missingModels() {
    #expect { try PoseLandmarker(engine: EngineOptions(modelFolder: "/nowhere")) } throws: {
      ($0 as? InferenceError)?.code == .missingModel && "\($0)".contains("/nowhere")
    }
  }

  @Test("throughput has an engine a thread, latency one engine with all threads")
  func layout() {
    let throughput = EngineOptions(profile: .throughput, threads: 3).layout
    #expect(throughput.engines == 3 && throughput.threadsPerEngine == 1)
    let latency = EngineOptions(profile: .latency, threads: 3).layout
    #expect(latency.engines == 1 && latency.threadsPerEngine == 3)
  }
}

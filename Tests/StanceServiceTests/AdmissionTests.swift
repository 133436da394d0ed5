import Stance
import Synchronization
import Testing

@testable import StanceService

@Suite("Admission")
struct AdmissionTests {
  private func code(of body: () async throws -> Void) async -> String? {
    do { try await body() } catch { return (error as? Problem)?.code.name ?? "\(type(of: error))" }
    return nil
  }

  @Test("so many work at once, so many wait, one more is refused at once")
  func bounds() async throws {
    let admission = Admission(slots: 2, maxWaiting: 3, longestWait: .seconds(60))
    let gate = TestGate()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<5 { group.addTask { try await admission.withSlot { _ in await gate.pass() } } }
      try await gate.wait(forCalls: 2)
      while admission.depth < 3 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(admission.busy == 2)
      #expect(gate.calls == 2)
      #expect(throws: Problem.self) { try admission.checkRoom() }
      #expect(await code { try await admission.withSlot { _ in } } == "overloaded")
      gate.open()
      try await group.waitForAll()
    }
    #expect(gate.calls == 5)
    #expect(admission.busy == 0 && admission.depth == 0)
    try admission.checkRoom()
  }

  @Test("a wait past its deadline is refused, with seconds to wait, and leaves the queue")
  func deadline() async throws {
    let admission = Admission(slots: 1, maxWaiting: 5, longestWait: .milliseconds(500))
    let gate = TestGate()
    async let first: Void = admission.withSlot { _ in await gate.pass() }
    try await gate.wait(forCalls: 1)
    do {
      try await admission.withSlot { _ in _ = Issue.record("the slot was taken") }
      Issue.record("no refusal")
    } catch let problem as Problem {
      #expect(problem.code == .overloaded)
      let seconds = problem.headers.first { $0.0 == "Retry-After" }.flatMap { Int($0.1) }
      #expect((1...60).contains(seconds ?? 0))
    }
    #expect(admission.depth == 0)
    gate.open()
    try await first
  }

  @Test("whoever has begun without an engine takes no place in the queue")
  func begunWithoutEngine() async throws {
    let admission = Admission(slots: 1, ahead: 1, maxWaiting: 1)
    let gate = TestGate()
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { gate.open() }
      // At the engine, and at what needs none.
      for _ in 0..<2 { group.addTask { try await admission.withSlot { _ in await gate.pass() } } }
      try await gate.wait(forCalls: 2)
      try admission.checkRoom()
      group.addTask { try await admission.withSlot { _ in await gate.pass() } }
      while admission.depth < 1 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(throws: Problem.self) { try admission.checkRoom() }
      gate.open()
      try await group.waitForAll()
    }
    #expect(admission.busy == 0 && admission.depth == 0)
  }

  @Test("work that is done counts, even if it took no notice of the deadline")
  func doneAfterDeadline() async throws {
    let admission = Admission(slots: 1, maxWaiting: 1, longestWait: .milliseconds(20))
    let found = try await admission.withSlotAhead { slot in
      while !Task.isCancelled { await Task.yield() }
      slot.begin()
      return 7
    }
    #expect(found == 7)
  }

  @Test("whoever is cancelled while waiting leaves the queue, and the slot goes to the next")
  func cancellation() async throws {
    let admission = Admission(slots: 1, maxWaiting: 5, longestWait: .seconds(60))
    let gate = TestGate()
    async let first: Void = admission.withSlot { _ in await gate.pass() }
    try await gate.wait(forCalls: 1)
    let waiting = Task { try await admission.withSlot { _ in } }
    while admission.depth < 1 { try await Task.sleep(for: .milliseconds(1)) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(admission.depth == 0)
    gate.open()
    try await first
    let early = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await admission.withSlot { _ in 5 }
    }
    early.cancel()
    // Cancelled before it came: it may be refused or let through, but no slot is lost.
    _ = try? await early.value
    #expect(try await admission.withSlot { _ in 7 } == 7)
    #expect(admission.busy == 0)
  }

  @Test("a slot that is given back early serves the next at once, and is given back once")
  func handOver() async throws {
    let admission = Admission(slots: 1, maxWaiting: 1, longestWait: .seconds(60))
    try await admission.withSlot { slot in
      slot.giveBack()
      try await admission.withSlot { _ in
        slot.giveBack()
        #expect(admission.busy == 1)
      }
      #expect(admission.busy == 0)
    }
    #expect(admission.busy == 0)
  }

  @Test("a failing body gives its slot back")
  func failure() async throws {
    let admission = Admission(slots: 1, maxWaiting: 0, longestWait: .seconds(60))
    struct Broken: Error {}
    for _ in 0..<3 {
      await #expect(throws: Broken.self) { try await admission.withSlot { _ in throw Broken() } }
    }
    #expect(admission.busy == 0)
  }

  @Test("in a crowd nobody is lost and no more than the slots work at once")
  func crowd() async throws {
    let admission = Admission(slots: 3, maxWaiting: 1000, longestWait: .seconds(60))
    let tally = Tally()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        group.addTask {
          try? await admission.withSlot { _ in
            tally.begin()
            if number % 3 == 0 { await Task.yield() }
            tally.end()
          }
        }
      }
    }
    #expect(tally.done == 500)
    #expect(tally.most <= 3)
  }

  /// How many work at once.
  private final class Tally: Sendable {
    private let state = Mutex((now: 0, most: 0, done: 0))

    var most: Int { state.withLock { $0.most } }
    var done: Int { state.withLock { $0.done } }

    func begin() {
      state.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
    }

    func end() {
      state.withLock {
        $0.now -= 1
        $0.done += 1
      }
    }
  }

  @Test("all bodies together have a bound, and give back what they took")
  func bodies() async throws {
    let budget = BodyBudget(limit: 100)
    try await budget.withReservation { first in
      try first.take(60)
      try await budget.withReservation { second in
        try second.take(40)
        #expect(throws: Problem.self) { try second.take(1) }
      }
      #expect(budget.bytes == 60)
      try first.take(40)
    }
    #expect(budget.bytes == 0)
  }
}

import StanceCommands
import Synchronization
import Testing

@Suite("Ordered workers")
struct OrderedWorkersTests {
  @Test("outputs come in the order of the inputs", arguments: [1, 2, 5])
  func order(_ threads: Int) throws {
    var outputs: [Int] = []
    try OrderedWorkers(threads: threads, window: 8).run(Array(0..<500)) {
      $0 * 2
    } consume: {
      outputs.append($0)
    }
    #expect(outputs == (0..<500).map { $0 * 2 })
  }

  @Test("no more than the window is begun while the first output is late or the consumer slow")
  func window() throws {
    let begun = Counter()
    let mostAhead = Mutex(0)
    var consumed = 0
    try OrderedWorkers(threads: 3, window: 6).run(
      Array(0..<40),
      work: { (input: Int) -> Int in
        begun.add()
        // The first one waits until the others have had every chance to run ahead of it.
        if input == 0 { while begun.value < 6 {} }
        return input
      },
      consume: { _ in
        // One output is in the consumer's hands, its place already free again.
        let ahead = begun.value - consumed
        mostAhead.withLock { $0 = max($0, ahead) }
        consumed += 1
      })
    #expect(consumed == 40)
    #expect(mostAhead.withLock { $0 } <= 7)
  }

  @Test("a consumer that throws stops the work")
  func throwing() {
    struct Full: Error {}
    let begun = Counter()
    #expect(throws: Full.self) {
      try OrderedWorkers(threads: 2, window: 4).run(Array(0..<1000)) { input -> Int in
        begun.add()
        return input
      } consume: {
        if $0 == 10 { throw Full() }
      }
    }
    #expect(begun.value <= 10 + 1 + 5)
  }

  @Test("it stops when told, at any time, and always returns")
  func stopping() throws {
    for limit in 0..<40 {
      let begun = Counter()
      var consumed = 0
      try OrderedWorkers(threads: 3, window: 4).run(
        Array(0..<30), shouldStop: { begun.value >= limit },
        work: { (input: Int) -> Int in
          begun.add()
          return input
        }, consume: { _ in consumed += 1 })
      #expect(limit > 30 ? consumed == 30 : consumed <= limit)
    }
  }

  @Test("no input is no work")
  func empty() throws {
    try OrderedWorkers(threads: 2, window: 2).run([Int]()) {
      $0
    } consume: { _ in
      Issue.record("an output of nothing")
    }
  }
}

import Processes
package import Stance
import Synchronization
package import Video

/// Makes a clip's outputs on a thread of its own, so that the caller may look for people in the next frames meanwhile.
///
/// Two frames wait at most: a slow output slows the caller down. The thread has ended when ``finish()`` or ``abandon()``
/// returns, and when the lane goes away.
package final class OutputLane: Sendable {
  private struct Work: Sendable {
    let frame: VideoFrame
    let people: TrackedFrame
  }

  private let queue: BoundedQueue<Work, Never>
  private let outputs: OutputList
  private let thread: Mutex<WorkerThread?>

  /// Starts the thread.
  ///
  /// - Throws: when the system has none left.
  package init(_ outputs: sending [any ClipOutput]) throws {
    let list = OutputList(outputs)
    let queue = BoundedQueue<Work, Never>(capacity: 2)
    self.queue = queue
    self.outputs = list
    // Not the lane itself: it may go away while the thread still works.
    thread = Mutex(
      try WorkerThread {
        while case .element(let work) = queue.take() {
          guard list.add(work.frame, work.people) else { return queue.close() }
        }
      })
  }

  deinit {
    queue.close()
    join()
  }

  /// Hands the next frame over, and waits for room.
  ///
  /// - Throws: what an output threw, at this frame or one before.
  package func put(_ frame: VideoFrame, _ people: TrackedFrame) throws {
    guard !queue.put(Work(frame: frame, people: people)) else { return }
    try outputs.check()
  }

  /// Waits for what is handed over, and makes all outputs whole.
  ///
  /// - Returns: what is not as it was asked for, for a person.
  /// - Throws: what an output threw.
  package func finish() throws -> [String] {
    queue.finish(nil)
    join()
    return try outputs.finish()
  }

  /// Waits for what is handed over, and ends all outputs there.
  ///
  /// - Returns: what is there of each.
  package func abandon() -> [ClipRemains] {
    queue.finish(nil)
    join()
    return outputs.abandon()
  }

  private func join() {
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }
}

/// Outputs, and why they take no more.
private final class OutputList: Sendable {
  private struct State {
    var outputs: [any ClipOutput]
    var failure: (any Error)?
  }

  private let state: Mutex<State>

  init(_ outputs: sending [any ClipOutput]) {
    state = Mutex(State(outputs: outputs))
  }

  /// False when an output has failed.
  func add(_ frame: VideoFrame, _ people: TrackedFrame) -> Bool {
    state.withLock { state in
      do {
        for place in state.outputs.indices { try state.outputs[place].add(frame, people) }
        return true
      } catch {
        state.failure = error
        return false
      }
    }
  }

  func check() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  func finish() throws -> [String] {
    try check()
    return try state.withLock { state in
      var remarks: [String] = []
      // Those that are whole go; the others are there to be abandoned.
      while !state.outputs.isEmpty {
        remarks += try state.outputs[0].finish()
        state.outputs.removeFirst()
      }
      return remarks
    }
  }

  func abandon() -> [ClipRemains] {
    state.withLock { state in
      defer { state.outputs = [] }
      return state.outputs.indices.compactMap { state.outputs[$0].abandon() }
    }
  }
}

import Dispatch
import Synchronization

/// A bounded number of frames, between the thread that reads them and the caller who takes them.
final class FrameQueue: Sendable {
  enum Item: Sendable {
    case frame(VideoFrame)
    /// The last item: nothing, or why there are no more.
    case end(VideoError?)
  }

  private struct State {
    var frames: [VideoFrame] = []
    var end: Item?
    var isClosed = false
  }

  private let state = Mutex(State())
  // Made with 0 and raised after: a semaphore may not be freed below the value it was made with.
  private let places = DispatchSemaphore(value: 0)
  private let items = DispatchSemaphore(value: 0)

  /// - Precondition: room for at least one.
  init(capacity: Int) {
    precondition(capacity >= 1, "a queue holds something")
    for _ in 0..<capacity { places.signal() }
  }

  /// Waits for room; false when nobody takes any more.
  func put(_ frame: VideoFrame) -> Bool {
    places.wait()
    let isOpen = state.withLock { state in
      if !state.isClosed { state.frames.append(frame) }
      return !state.isClosed
    }
    (isOpen ? items : places).signal()
    return isOpen
  }

  /// Nothing comes after this.
  func finish(_ error: VideoError?) {
    state.withLock { $0.end = .end(error) }
    items.signal()
  }

  /// Waits for an item. The end is given again and again, and at once when the queue is closed.
  func take() -> Item {
    items.wait()
    let item: Item = state.withLock { state in
      if state.isClosed { return .end(nil) }
      if !state.frames.isEmpty { return .frame(state.frames.removeFirst()) }
      return state.end ?? .end(nil)
    }
    switch item {
    case .frame: places.signal()
    case .end: items.signal()
    }
    return item
  }

  /// Drops what is there, and lets go whoever waits.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.frames = []
    }
    places.signal()
    items.signal()
  }
}

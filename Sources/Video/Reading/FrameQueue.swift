import Dispatch
import Synchronization

/// A bounded number of frames, between the thread that reads them and the caller who takes them.
final class FrameQueue: EventBuffer {
  private struct State {
    var events: [VideoEvent] = []
    var end: EventBufferItem?
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

  /// None: the source waits.
  var droppedFrames: Int { 0 }

  func put(_ event: VideoEvent) -> Bool {
    places.wait()
    let isOpen = state.withLock { state in
      if !state.isClosed { state.events.append(event) }
      return !state.isClosed
    }
    (isOpen ? items : places).signal()
    return isOpen
  }

  func finish(_ error: VideoError?) {
    state.withLock { $0.end = .end(error) }
    items.signal()
  }

  func take() -> EventBufferItem {
    items.wait()
    let item: EventBufferItem = state.withLock { state in
      if state.isClosed { return .end(nil) }
      if !state.events.isEmpty { return .event(state.events.removeFirst()) }
      return state.end ?? .end(nil)
    }
    switch item {
    case .event: places.signal()
    case .end: items.signal()
    }
    return item
  }

  func close() {
    state.withLock { state in
      state.isClosed = true
      state.events = []
    }
    places.signal()
    items.signal()
  }
}

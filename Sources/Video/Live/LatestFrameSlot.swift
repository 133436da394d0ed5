import Dispatch
import Processes
import Synchronization

/// Between a live source and its caller: the newest frame alone waits, and what happened before it. A slow caller misses
/// frames, and never lags.
final class LatestFrameSlot: EventBuffer {
  /// Most happenings that wait; the oldest are left out then.
  private static let mostHappenings = 8

  private struct State {
    /// At most one frame is among them.
    var events: [VideoEvent] = []
    var dropped = 0
    var end: EventBufferItem?
    var isClosed = false
  }

  private let state = Mutex(State())
  private let changes = DispatchSemaphore(value: 0)

  /// Frames that made way for newer ones.
  var droppedFrames: Int { state.withLock { $0.dropped } }

  func put(_ event: VideoEvent) -> Bool {
    let isOpen = state.withLock { state in
      guard !state.isClosed else { return false }
      if case .frame = event, let older = state.events.firstIndex(where: \.isFrame) {
        state.events.remove(at: older)
        state.dropped += 1
      } else if state.events.count > Self.mostHappenings,
        let oldest = state.events.firstIndex(where: { !$0.isFrame })
      {
        state.events.remove(at: oldest)
      }
      state.events.append(event)
      return true
    }
    changes.signal()
    return isOpen
  }

  func finish(_ error: VideoError?) {
    state.withLock { $0.end = .end(error) }
    changes.signal()
  }

  func take() -> EventBufferItem {
    while true {
      let item: EventBufferItem? = state.withLock { state in
        if state.isClosed { return .end(nil) }
        return state.events.isEmpty ? state.end : .element(state.events.removeFirst())
      }
      if let item { return item }
      changes.wait()
    }
  }

  func close() {
    state.withLock { state in
      state.isClosed = true
      state.events = []
    }
    changes.signal()
  }
}

extension VideoEvent {
  fileprivate var isFrame: Bool {
    if case .frame = self { true } else { false }
  }
}

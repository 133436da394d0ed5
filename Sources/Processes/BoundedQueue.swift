import Dispatch
import Synchronization

/// A bounded number of elements, between the thread that makes them and the one that takes them.
///
/// It has an end: nothing more, or why there is no more.
package final class BoundedQueue<Element: Sendable, Failure: Error>: Sendable {
  /// What is taken.
  package enum Item: Sendable {
    case element(Element)
    /// The last item: nothing, or why there are no more.
    case end(Failure?)
  }

  private struct State {
    var elements: [Element] = []
    var end: Item?
    var isClosed = false
  }

  private let state = Mutex(State())
  // Made with 0 and raised after: a semaphore may not be freed below the value it was made with.
  private let places = DispatchSemaphore(value: 0)
  private let items = DispatchSemaphore(value: 0)

  /// - Precondition: room for at least one.
  package init(capacity: Int) {
    precondition(capacity >= 1, "a queue holds something")
    for _ in 0..<capacity { places.signal() }
  }

  /// Waits for room; false when nobody takes any more.
  package func put(_ element: Element) -> Bool {
    places.wait()
    let isOpen = state.withLock { state in
      if !state.isClosed { state.elements.append(element) }
      return !state.isClosed
    }
    (isOpen ? items : places).signal()
    return isOpen
  }

  /// Nothing comes after this, with an error or without.
  package func finish(_ failure: Failure?) {
    state.withLock { $0.end = .end(failure) }
    items.signal()
  }

  /// Waits for an item. The end is given again and again, and at once when the queue is closed.
  package func take() -> Item {
    items.wait()
    let item: Item = state.withLock { state in
      if state.isClosed { return .end(nil) }
      if !state.elements.isEmpty { return .element(state.elements.removeFirst()) }
      // Whoever finishes or closes the queue says so first.
      return state.end ?? .end(nil)
    }
    switch item {
    case .element: places.signal()
    case .end: items.signal()
    }
    return item
  }

  /// Drops what is there, and lets go whoever waits.
  package func close() {
    state.withLock { state in
      state.isClosed = true
      state.elements = []
    }
    places.signal()
    items.signal()
  }
}

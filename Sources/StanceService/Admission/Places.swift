import Synchronization

/// A bounded number of places for what lasts: who finds none is refused, and doesn't wait.
final class Places: Sendable {
  /// A place, held until nobody has it any more.
  final class Place: Sendable {
    private let places: Places

    fileprivate init(_ places: Places) { self.places = places }

    deinit { places.taken.withLock { $0 -= 1 } }
  }

  private let limit: Int
  private let refusal: String
  private let taken = Mutex(0)

  /// - Parameter refusal: what is told who finds none: "2 videos are worked on, the most at once".
  init(limit: Int, refusal: String) { (self.limit, self.refusal) = (limit, refusal) }

  /// Places that are taken.
  var count: Int { taken.withLock { $0 } }

  /// Nil when none is free.
  func enterIfFree() -> Place? {
    let isFree = taken.withLock { taken in
      guard taken < limit else { return false }
      taken += 1
      return true
    }
    return isFree ? Place(self) : nil
  }

  /// - Throws: `Problem` with `overloaded`.
  func enter() throws(Problem) -> Place {
    guard let place = enterIfFree() else {
      throw .overloaded(refusal, retryAfter: Self.retrySeconds)
    }
    return place
  }

  private static let retrySeconds = 10

  /// Waits for threads whose callers have left: an engine must not run while the process ends.
  func settle() async {
    // A task of its own, since the caller's is cancelled and could not sleep.
    await Task {
      for _ in 0..<Self.settlingSteps where count > 0 {
        do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
      }
    }.value
  }

  /// Ten seconds in all.
  private static let settlingSteps = 500
}

import Synchronization

/// How many videos are worked on at once, from the first byte of their upload on.
final class VideoPlaces: Sendable {
  /// A place, held until nobody has it any more.
  final class Place: Sendable {
    private let places: VideoPlaces

    fileprivate init(_ places: VideoPlaces) { self.places = places }

    deinit { places.taken.withLock { $0 -= 1 } }
  }

  private static let retrySeconds = 10

  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// Videos that are worked on now.
  var count: Int { taken.withLock { $0 } }

  /// - Throws: `Problem` with `overloaded`.
  func enter() throws(Problem) -> Place {
    let isFree = taken.withLock { taken in
      guard taken < limit else { return false }
      taken += 1
      return true
    }
    guard isFree else {
      throw .overloaded(
        limit == 0
          ? "this service takes no videos (--videos 0)"
          : "\(limit) videos are worked on, the most at once", retryAfter: Self.retrySeconds)
    }
    return Place(self)
  }

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

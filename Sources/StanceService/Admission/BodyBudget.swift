import HTTPServer
import Synchronization

/// Bounds the bytes of all bodies that are in memory at once.
final class BodyBudget: Sendable {
  private let limit: Int
  private let used = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// Bytes in use.
  var bytes: Int { used.withLock { $0 } }

  /// Runs `body`, which takes what it needs through its reservation; all is given back at the end.
  func withReservation<Result>(_ body: (Reservation) async throws -> Result) async throws -> Result
  {
    let reservation = Reservation(budget: self)
    defer { reservation.giveBack() }
    return try await body(reservation)
  }

  /// What is taken and given back over time; at its end at the latest.
  func reservation() -> Reservation { Reservation(budget: self) }

  /// What one request has taken.
  final class Reservation: Sendable {
    private let budget: BodyBudget
    private let taken = Mutex(0)

    fileprivate init(budget: BodyBudget) { self.budget = budget }

    /// - Throws: `Problem` with `overloaded` when all bodies together would be too many bytes.
    func take(_ count: Int) throws(Problem) {
      let fits = budget.used.withLock { used in
        guard used + count <= budget.limit else { return false }
        used += count
        return true
      }
      guard fits else {
        throw .overloaded(
          "the bodies of all requests together may have \(budget.limit) bytes", retryAfter: 1)
      }
      taken.withLock { $0 += count }
    }

    deinit { giveBack() }

    /// Gives back a part of what was taken.
    func give(_ count: Int) {
      taken.withLock { $0 -= count }
      budget.used.withLock { $0 -= count }
    }

    fileprivate func giveBack() {
      let count = taken.withLock { taken in
        defer { taken = 0 }
        return taken
      }
      budget.used.withLock { $0 -= count }
    }
  }
}

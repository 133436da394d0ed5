import HTTPServer
import Synchronization
import Telemetry

/// A frame of a live session that is to be looked at.
struct LiveFrame: Sendable {
  let number: Int
  /// Seconds of the source.
  let time: Double
  let bytes: [UInt8]
  let arrived: ContinuousClock.Instant
}

/// What a live session has to do, in the order in which it came.
enum LiveEntry: Sendable {
  case frame(LiveFrame)
  /// A newer frame came before this one's turn.
  case dropped(number: Int)
  case failed(number: Int, Problem)
  case options(LiveParameters)
  case reset
  case notice(JSONValue)
}

/// What waits between reading and answering: at most one frame, and a bounded number of small things.
///
/// The newest frame replaces one that waits: the delay can't grow, however slowly the service or the network is.
final class LiveInbox: Sendable {
  /// Entries, from which on nothing is read any more.
  static let capacity = 64

  /// An element for one reader of ``take()`` when something has come.
  let arrivals: AsyncStream<Void>
  /// An element for one who waits while the inbox is full.
  let departures: AsyncStream<Void>

  private let entries = Mutex<[LiveEntry]>([])
  private let budget: BodyBudget.Reservation
  private let arrival, departure: AsyncStream<Void>.Continuation

  /// - Parameter budget: of which frames take their bytes.
  init(_ budget: BodyBudget.Reservation) {
    self.budget = budget
    (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    (departures, departure) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var isFull: Bool { entries.withLock { $0.count >= Self.capacity } }

  func put(_ entry: LiveEntry) {
    entries.withLock { entries in
      if case .frame(let frame) = entry {
        drop(from: &entries)
        do throws(Problem) { try budget.take(frame.bytes.count) } catch {
          entries.append(.failed(number: frame.number, error))
          return
        }
      }
      entries.append(entry)
    }
    arrival.yield()
  }

  /// The next one; nil when there is none now. A frame's bytes count until it is ``release(_:)``d.
  func take() -> LiveEntry? {
    let entry = entries.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    if entry != nil { departure.yield() }
    return entry
  }

  /// A frame that was taken is done with.
  func release(_ frame: LiveFrame) { budget.give(frame.bytes.count) }

  private func drop(from entries: inout [LiveEntry]) {
    for (place, entry) in entries.enumerated() {
      guard case .frame(let frame) = entry else { continue }
      entries[place] = .dropped(number: frame.number)
      release(frame)
    }
  }
}

import Dispatch
import Synchronization

/// Bytes from a thread that makes them to a task that takes them: the thread waits while the task is behind.
///
/// One of each. Two pieces wait at most, and are taken together.
final class ByteChannel: Sendable {
  private struct State {
    var pieces: [[UInt8]] = []
    /// Whether anything was given so far.
    var hasBegun = false
    /// Nothing comes any more, or why.
    var end: Result<Void, any Error>?
    /// Nobody takes any more.
    var isClosed = false
    var taker: CheckedContinuation<[UInt8]?, any Error>?
  }

  private static let places = 2

  private let state = Mutex(State())
  // Made with 0 and raised after: a semaphore may not be freed below the value it was made with.
  private let room = DispatchSemaphore(value: 0)

  init() { for _ in 0..<Self.places { room.signal() } }

  // MARK: The thread

  /// Hands a piece over, and waits for room.
  ///
  /// - Returns: false when nobody takes any more.
  func put(_ piece: [UInt8]) -> Bool {
    room.wait()
    let (isOpen, taker) = state.withLock {
      state -> (Bool, CheckedContinuation<[UInt8]?, any Error>?) in
      guard !state.isClosed else { return (false, nil) }
      state.hasBegun = true
      if state.taker == nil { state.pieces.append(piece) }
      return (true, state.taker.take())
    }
    if let taker {
      room.signal()
      taker.resume(returning: piece)
    } else if !isOpen {
      // For the next call, which shall not wait either.
      room.signal()
    }
    return isOpen
  }

  /// Whether anything was given so far.
  var hasBegun: Bool { state.withLock { $0.hasBegun } }

  /// Nothing comes after this: with an error the taker is told so, after all pieces.
  func finish(_ error: (any Error)? = nil) {
    let taker = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
      if state.end == nil { state.end = error.map { .failure($0) } ?? .success(()) }
      return state.taker.take()
    }
    if let error { taker?.resume(throwing: error) } else { taker?.resume(returning: nil) }
  }

  // MARK: The task

  /// All that is there, when there is something; nil at the end.
  ///
  /// - Throws: the error of ``finish(_:)``; `CancellationError` once it is closed.
  func next() async throws -> [UInt8]? {
    try await withCheckedThrowingContinuation { continuation in
      let outcome = state.withLock { state -> (Result<[UInt8]?, any Error>, places: Int)? in
        if state.isClosed { return (.failure(CancellationError()), 0) }
        if !state.pieces.isEmpty {
          defer { state.pieces = [] }
          return (.success(Array(state.pieces.joined())), state.pieces.count)
        }
        if let end = state.end { return (end.map { nil }, 0) }
        state.taker = continuation
        return nil
      }
      guard let (result, places) = outcome else { return }
      for _ in 0..<places { room.signal() }
      continuation.resume(with: result)
    }
  }

  /// From any thread: nobody takes any more, and whoever waits is let go.
  func close() {
    let taker = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
      state.isClosed = true
      state.pieces = []
      return state.taker.take()
    }
    taker?.resume(throwing: CancellationError())
    room.signal()
  }
}

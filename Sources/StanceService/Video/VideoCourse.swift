import Synchronization

/// How far a video is, and whether it shall go on.
final class VideoCourse: Sendable {
  /// What was done.
  struct Tally: Sendable {
    var frames = 0
    /// Of the source, between its first frame and its last.
    var seconds = 0.0
    /// How long the source is that is looked at, as its header claims; nil when it claims nothing.
    var duration: Double?
    /// Why it ended before its end; nil while it goes on, and when it was gone through.
    var failure: (any Error)?
  }

  private struct State {
    var isStopped = false
    var ending: (any Error)?
    var tally = Tally()
  }

  private let state = Mutex(State())
  private let mustEnd: @Sendable () -> (any Error)?
  private let onFrame: @Sendable (Tally) -> Void

  /// - Parameters:
  ///   - mustEnd: why it shall end now, if it shall.
  ///   - onFrame: told after each frame, on the thread of the work.
  init(
    _ mustEnd: @escaping @Sendable () -> (any Error)?,
    onFrame: @escaping @Sendable (Tally) -> Void = { _ in }
  ) {
    (self.mustEnd, self.onFrame) = (mustEnd, onFrame)
  }

  var tally: Tally { state.withLock { $0.tally } }

  func stop() { state.withLock { $0.isStopped = true } }

  func fail(_ error: any Error) { state.withLock { $0.tally.failure = error } }

  func expect(duration: Double?) { state.withLock { $0.tally.duration = duration } }

  func count(seconds: Double) {
    let tally = state.withLock { state in
      state.tally.frames += 1
      state.tally.seconds = seconds
      return state.tally
    }
    onFrame(tally)
  }

  /// Asked by two threads; the first reason stays.
  var shallEnd: Bool {
    let now = mustEnd()
    return state.withLock { state in
      state.ending = state.ending ?? now
      return state.isStopped || state.ending != nil
    }
  }

  /// - Throws: why it shall end, when it shall.
  func check() throws {
    guard shallEnd else { return }
    throw state.withLock { $0.ending } ?? NobodyListens()
  }
}

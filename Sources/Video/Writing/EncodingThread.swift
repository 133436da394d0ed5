import Images
import Processes
import Synchronization

/// A thread that gives an encoder its frames, so that they are drawn and encoded at the same time.
final class EncodingThread: Sendable {
  /// Frames that wait, besides the one that is being taken.
  private static let framesWaiting = 2

  private struct Work: Sendable {
    let image: Image
    let ticks: Int64
  }

  private let queue: BoundedQueue<Work, Never>
  private let outcome = Outcome()
  private let thread: Mutex<WorkerThread?>

  /// Why no more frames are taken.
  private final class Outcome: Sendable {
    let error = Mutex<VideoError?>(nil)
  }

  init(_ encoder: Encoder, _ clock: OutputClock) throws(VideoError) {
    let queue = BoundedQueue<Work, Never>(capacity: Self.framesWaiting)
    self.queue = queue
    do {
      thread = Mutex(
        try WorkerThread { [outcome] in Self.run(queue, encoder, clock, outcome) })
    } catch {
      throw VideoError(.noResources, "the video can't be written now: \(error)")
    }
  }

  /// Hands over a frame; waits while too many wait already.
  func put(_ image: Image, ticks: Int64) throws(VideoError) {
    guard queue.put(Work(image: image, ticks: ticks)) else {
      throw outcome.error.withLock { $0 } ?? VideoError(.unwritable, "the video has ended")
    }
  }

  /// Waits until all frames are taken. The last call.
  func finish() throws(VideoError) {
    queue.finish(nil)
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
    if let error = outcome.error.withLock({ $0 }) { throw error }
  }

  private static func run(
    _ queue: BoundedQueue<Work, Never>, _ encoder: Encoder, _ clock: OutputClock,
    _ outcome: Outcome
  ) {
    do throws(VideoError) {
      var last: Work?
      func write(_ image: Image, _ ticks: Int64) throws(VideoError) {
        try encoder.write(
          image, nanoseconds: clock.nanoseconds(ticks) ?? 0, isFirst: last == nil)
        last = Work(image: image, ticks: ticks)
      }
      while case .element(let work) = queue.take() {
        // In a gap that is too long for one frame, the last one is shown again.
        while let last, work.ticks - last.ticks > clock.longestStep {
          try write(last.image, last.ticks + clock.longestStep)
        }
        try write(work.image, work.ticks)
      }
    } catch {
      outcome.error.withLock { $0 = error }
      encoder.stop()
      queue.close()
    }
  }
}

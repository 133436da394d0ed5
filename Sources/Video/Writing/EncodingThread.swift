import Images
import Processes
import Synchronization

/// A thread that gives an encoder its frames, so that they are drawn and encoded at the same time.
final class EncodingThread: Sendable {
  /// Frames that wait, besides the one that is being taken.
  private static let framesWaiting = 2

  private let queue: FrameQueue
  private let outcome = Outcome()
  private let thread: Mutex<WorkerThread?>

  /// Why no more frames are taken.
  private final class Outcome: Sendable {
    let error = Mutex<VideoError?>(nil)
  }

  init(_ encoder: Encoder, _ clock: OutputClock) throws(VideoError) {
    let queue = FrameQueue(capacity: Self.framesWaiting)
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
    guard queue.put(VideoFrame(image: image, time: 0, ticks: ticks, index: 0)) else {
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
    _ queue: FrameQueue, _ encoder: Encoder, _ clock: OutputClock, _ outcome: Outcome
  ) {
    do throws(VideoError) {
      var isFirst = true
      while case .frame(let frame) = queue.take() {
        try encoder.write(
          frame.image, nanoseconds: clock.nanoseconds(frame.ticks) ?? 0, isFirst: isFirst)
        isFirst = false
      }
    } catch {
      outcome.error.withLock { $0 = error }
      encoder.stop()
      queue.close()
    }
  }
}

package import Images
import Processes
import Synchronization

/// Writes a video as MP4 in fragments to who takes them while they are made; otherwise as ``VideoWriter``.
///
/// Nothing lies on the disk, and nothing is sought in: a fragment of about two seconds leaves when it is encoded. Who takes
/// slowly slows the writer down.
package final class VideoStreamWriter: Sendable {
  private let encoding: FrameEncoding
  private let thread: Mutex<WorkerThread?>

  /// Begins a video of frames like those that `reader` gives, with its sound.
  ///
  /// - Parameter take: is given the bytes in order, by a thread of its own; it may block. False: it takes no more.
  /// - Throws: `VideoError` when no encoder can be started.
  package init(
    like reader: VideoReader, withSound: Bool = true, tools: VideoTools = VideoTools(),
    to take: @escaping @Sendable ([UInt8]) -> Bool
  ) throws {
    let encoding = try FrameEncoding(
      FrameEncoding.Shape(reader.info.size, reader.info.timeBase), to: .caller,
      sound: withSound ? reader.sound : nil, options: .usual(for: reader.info), tools: tools)
    self.encoding = encoding
    do {
      thread = Mutex(
        try WorkerThread {
          do {
            while let bytes = try encoding.nextBytes() {
              guard take(bytes) else { break }
            }
          } catch {
            // Whoever ends the encoder is told the same.
          }
          // Nobody reads any more what it writes; after its end this does nothing.
          encoding.stop()
        })
    } catch {
      encoding.stop()
      throw VideoError(.noResources, "the video can't be written now: \(error)")
    }
  }

  deinit { stop() }

  /// Adds a frame, as ``VideoWriter/write(_:ticks:)``.
  ///
  /// - Throws: `VideoError`.
  package func write(_ image: Image, ticks: Int64) throws {
    do { try encoding.write(image, ticks: ticks) } catch {
      throw error.code == .badFrame || encoding.hasEnded ? error : reason(error)
    }
  }

  /// Ends the video; returns when all of it has been taken.
  ///
  /// - Returns: what is to be told besides errors.
  /// - Throws: `VideoError`; `.empty` when no frame was given.
  package func finish() throws -> [String] { try finish(cuttingSound: false) }

  /// Ends the video with the last frame that was given, and its sound there: for who has no more of it.
  ///
  /// - Throws: as ``finish()``.
  package func cut() throws { _ = try finish(cuttingSound: true) }

  private func finish(cuttingSound: Bool) throws -> [String] {
    guard encoding.beginEnding() else { throw FrameEncoding.ended }
    guard !encoding.isEmpty else {
      halt()
      throw FrameEncoding.withoutFrames
    }
    do {
      try encoding.finishFrames()
      if cuttingSound { encoding.cutSound() }
      encoding.closeInput()
    } catch { throw reason(error) }
    join()
    try encoding.finishFile()
    return encoding.warnings
  }

  /// Ends it where it is; its processes are gone when this returns.
  package func stop() {
    encoding.stop()
    if encoding.beginEnding() { halt() }
  }

  private func halt() {
    encoding.stop()
    do { try encoding.finishFrames() } catch {
      // It was stopped: what it says now is no news.
    }
    join()
  }

  private func join() {
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }

  /// Why the encoder takes no more: by its own last words, once nobody reads from it any more.
  private func reason(_ error: VideoError) -> VideoError {
    _ = encoding.beginEnding()
    halt()
    do { try encoding.finishFile() } catch { return error }
    return error
  }
}

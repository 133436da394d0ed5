package import Files
import Images
import Processes
import Synchronization

/// Reads a video's frames with their exact times.
///
///     let reader = try VideoReader(.path("dance.mp4"))
///     while let frame = try reader.next() {
///       print(frame.index, frame.time, frame.image.size)
///     }
///
/// Decoding goes on in a process of its own while the caller works on a frame; a few frames at most are held. The process
/// is gone when the reader is closed or goes away. Of a live source (a camera, a stream without end) only the newest frame
/// waits for the caller; a source that is lost is taken up again for as long as the reader is open.
public final class VideoReader: Sendable {
  /// What the header says.
  public let info: VideoInfo
  /// What is time 0 in a video that is written from what this reads, in ``VideoInfo/timeBase``: where
  /// ``VideoReadingOptions/start`` is, else ``VideoInfo/zero``, or the first frame's time where that is before it.
  public let origin: Int64
  /// The first of its sounds, from ``origin`` on, for a ``VideoWriter``; nil where there is none.
  public let sound: SoundSource?
  /// The file that is read; nil where that can't be told.
  package let identity: FileIdentity?

  private let source: any EventSource
  private let queue: any EventBuffer
  private let thread: Mutex<WorkerThread?>

  /// Opens a video and reads its header. It blocks: for a pipe, until that has ended.
  ///
  /// - Throws: `VideoError` when it can't be read, is no video, or is over the limits.
  public convenience init(
    _ source: VideoSource, options: VideoReadingOptions = VideoReadingOptions()
  ) throws {
    try self.init(source, options: options, tools: VideoTools(), live: LivePolicy())
  }

  /// Opens a video with these programs, and of a live one with this patience.
  package convenience init(
    _ source: VideoSource, options: VideoReadingOptions, tools: VideoTools,
    live: LivePolicy = LivePolicy()
  ) throws {
    try self.init(OpenedSource(source, options, tools, live))
  }

  /// Reads a file that is open, which need have no name on the disk any more.
  ///
  /// - Parameter name: what ``VideoInfo/source`` says.
  package convenience init(
    _ file: OpenFile, named name: String, options: VideoReadingOptions,
    tools: VideoTools = VideoTools()
  ) throws {
    try self.init(OpenedSource(file, named: name, options, tools))
  }

  private init(_ opened: OpenedSource) throws {
    info = opened.info
    origin = opened.origin
    sound = opened.sound
    identity = opened.identity
    let frames = opened.events
    let queue: any EventBuffer =
      opened.info.isLive
      ? LatestFrameSlot()
      : BoundedQueue<VideoEvent, VideoError>(capacity: Self.framesAhead(of: opened.info))
    self.source = frames
    self.queue = queue
    do {
      // Not the reader itself: it goes away while the thread still works.
      thread = Mutex(try WorkerThread { Self.read(frames, into: queue) })
    } catch {
      frames.end()
      throw VideoError(.noResources, "the video could not be decoded now: \(error)")
    }
  }

  deinit { close() }

  /// The next frame, nil after the last one and once the reader is closed; of a live source the newest, whatever happened in
  /// between. It blocks the calling thread until the frame is there, so it is not for Swift's shared pool.
  ///
  /// - Throws: `VideoError` when the video is damaged or cut off, after all of its whole frames; the same again on every later
  ///   call.
  public func next() throws -> VideoFrame? {
    while let event = try nextEvent() {
      if case .frame(let frame) = event { return frame }
    }
    return nil
  }

  /// The next frame, or what happened to a live source; nil at the end. Otherwise as ``next()``.
  ///
  /// - Throws: as ``next()``.
  public func nextEvent() throws -> VideoEvent? {
    switch queue.take() {
    case .element(let event): return event
    case .end(nil): return nil
    case .end(let error?): throw error
    }
  }

  /// How many frames of a live source made way for newer ones because the caller was busy; 0 for others.
  public var droppedFrames: Int { queue.droppedFrames }

  /// Stops reading, from any thread: a call of ``next()`` or ``nextEvent()`` that waits returns nil. The decoder is gone when this returns. It
  /// may be called again.
  public func close() {
    queue.close()
    source.stop()
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }

  /// Frames decoded ahead of the caller, besides the one in the making: few, and for large ones fewer.
  private static func framesAhead(of info: VideoInfo) -> Int {
    info.size.pixelCount > 4_000_000 ? 1 : 3
  }

  private static func read(_ source: any EventSource, into queue: any EventBuffer) {
    defer { source.end() }
    do throws(VideoError) {
      while let event = try source.nextEvent() {
        guard queue.put(event) else { return }
      }
      queue.finish(nil)
    } catch {
      queue.finish(error)
    }
  }
}

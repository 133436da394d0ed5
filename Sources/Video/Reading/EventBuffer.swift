import Processes

/// What waits between the thread that reads a source and the caller.
protocol EventBuffer: Sendable {
  /// Takes an event in, and may wait for room; false when nobody takes any more.
  func put(_ event: VideoEvent) -> Bool

  /// Nothing comes after this.
  func finish(_ error: VideoError?)

  /// Waits for an item. The end is given again and again, and at once when the buffer is closed.
  func take() -> EventBufferItem

  /// Drops what is there, and lets go whoever waits.
  func close()

  /// Frames that nobody took because newer ones came.
  var droppedFrames: Int { get }
}

/// What is taken from an ``EventBuffer``: an event, or the end, with why there are no more.
typealias EventBufferItem = BoundedQueue<VideoEvent, VideoError>.Item

/// Of a file: every frame, however long its reader waits for room.
extension BoundedQueue<VideoEvent, VideoError>: EventBuffer {
  /// None: the source waits.
  var droppedFrames: Int { 0 }
}

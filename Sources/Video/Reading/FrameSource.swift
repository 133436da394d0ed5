/// Where a reader's events come from. All calls but ``stop()`` come from one thread.
protocol EventSource: Sendable {
  /// The next event, nil at the end. It may block.
  func nextEvent() throws(VideoError) -> VideoEvent?

  /// Makes a call of ``nextEvent()`` that is going on, and any later one, return soon; from any thread.
  func stop()

  /// Ends whatever was started. The last call.
  func end()
}

/// A source of frames alone.
protocol FrameSource: EventSource {
  /// The next frame, nil at the end. It may block.
  func next() throws(VideoError) -> VideoFrame?
}

extension FrameSource {
  func nextEvent() throws(VideoError) -> VideoEvent? { try next().map { .frame($0) } }
}

/// Where a reader's frames come from. All calls but ``stop()`` come from one thread.
protocol FrameSource: Sendable {
  /// The next frame, nil at the end. It may block.
  func next() throws(VideoError) -> VideoFrame?

  /// Makes a call of ``next()`` that is going on, and any later one, return soon; from any thread.
  func stop()

  /// Ends whatever was started. The last call.
  func end()
}

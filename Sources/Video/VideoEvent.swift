/// What a ``VideoReader`` brings: frames, and of a live source when they stop coming and come again.
public enum VideoEvent: Sendable {
  /// The next frame; of a live source the newest.
  case frame(VideoFrame)
  /// A live source gives no frames: since `seconds`, for `reason`, which holds no password. It comes once each time; the
  /// connection is taken up again and again until ``resumed(seconds:attempts:)``.
  case stale(seconds: Double, reason: String)
  /// Frames come again, after `seconds` without one; so many connections were tried.
  case resumed(seconds: Double, attempts: Int)
}

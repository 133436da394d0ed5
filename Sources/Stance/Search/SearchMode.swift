/// How much is done to find everybody in a picture.
public enum SearchMode: String, Sendable, Hashable, CaseIterable {
  /// One look at the whole picture, as MediaPipe does it: finds people who are large in it.
  case quick
  /// Many looks, at parts of the picture and at turned copies: finds small, lying and upside-down people too, in
  /// many times the time (docs/accuracy.md). Has thresholds of its own: ``PoseOptions/minDetectionConfidence`` and
  /// ``PoseOptions/minTrackingConfidence`` do not apply.
  case thorough
}

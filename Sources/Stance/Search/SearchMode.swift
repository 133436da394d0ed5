/// How much is done to find everybody in a picture.
public enum SearchMode: String, Sendable, Hashable, CaseIterable {
  /// One look at the whole picture, as MediaPipe does it: finds people who are large in it.
  case quick
  /// As quick where that shows one large, sure person; else many looks, the most promising ones first.
  case auto
  /// Many looks, at parts of the picture and at turned copies: finds small, lying and upside-down people too, in
  /// many times the time (docs/accuracy.md).
  ///
  /// Many looks have thresholds of their own: ``PoseOptions/minDetectionConfidence`` and
  /// ``PoseOptions/minTrackingConfidence`` apply to ``quick`` only.
  case thorough
}

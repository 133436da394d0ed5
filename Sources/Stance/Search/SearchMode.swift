/// How much is done to find everybody in a picture.
public enum SearchMode: String, Sendable, Hashable, CaseIterable {
  /// One look at the whole picture, as MediaPipe does it: finds people who are large in it.
  case quick
  /// As quick where that shows one large, sure person; else scouts look for everybody, and the landmark model at each
  /// (docs/accuracy.md).
  case auto
  /// The same at parts of the picture and at turned copies: finds more of the small ones, in many times the time.
  ///
  /// Searches by scouts have thresholds of their own: ``PoseOptions/minDetectionConfidence`` and
  /// ``PoseOptions/minTrackingConfidence`` apply to ``quick`` only.
  case thorough
}

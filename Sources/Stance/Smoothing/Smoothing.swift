/// How landmarks are smoothed over time.
public enum Smoothing: String, Sendable, Hashable, CaseIterable {
  /// The One Euro filter with MediaPipe's constants: still people rest, quick ones are followed without much lag.
  case oneEuro = "one-euro"
  /// Each frame's landmarks as the model gives them.
  case off
}

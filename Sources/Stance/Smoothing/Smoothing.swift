/// How landmarks are smoothed over time.
public enum Smoothing: String, Sendable, Hashable, CaseIterable {
  /// The One Euro filter with MediaPipe's constants: still people rest, quick ones are followed without much lag.
  case oneEuro = "one-euro"
  /// A Butterworth low pass forwards and backwards, outliers taken out before: no lag. It needs the whole clip, so two
  /// passes (``SecondPass``).
  case zeroLag = "zero-lag"
  /// Each frame's landmarks as the model gives them.
  case off

  /// How often a clip must be gone through for it.
  public var passes: Int { self == .zeroLag ? 2 : 1 }
}

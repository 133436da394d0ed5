/// Seconds as ffmpeg's options take them.
enum FFmpegTime {
  /// Millionths, rounded, without an exponent; what no clock shows is 0.
  static func text(_ seconds: Double) -> String {
    Int64(exactly: (seconds * 1e6).rounded()).map { "\($0)us" } ?? "0"
  }
}

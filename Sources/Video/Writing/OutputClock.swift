/// How the output counts time.
struct OutputClock {
  /// Units a second of the video track; a tick is a whole number of them.
  let scale: Int64
  /// Units a tick.
  let unitsPerTick: Int64
  /// The same time base in lowest terms.
  private let timeBase: TimeBase

  /// MP4 counts sound's delay and the whole length in units of the movie; of fewer a second, pictures and sound would part.
  private static let finestNeeded: Int64 = 48_000

  /// - Throws: `VideoError` for ticks that MP4, or the pipe to the encoder, has no numbers for.
  init(_ timeBase: TimeBase) throws(VideoError) {
    let divisor = Self.commonDivisor(timeBase.numerator, timeBase.denominator)
    let reduced = TimeBase(timeBase.numerator / divisor, timeBase.denominator / divisor)
    // The pipe's own unit is 1 ns: a tick of 3 comes back from rounding.
    guard reduced.denominator <= Int64(Int32.max),
      reduced.denominator / reduced.numerator <= 333_333_333,
      reduced.numerator <= 1_000_000_000
    else {
      throw VideoError(
        .unsupported,
        "a time base of \(timeBase); at most \(Int32.max) units a second can be written")
    }
    scale = reduced.denominator
    unitsPerTick = reduced.numerator
    self.timeBase = reduced
  }

  /// Units a second of the whole file: a multiple of the track's.
  private var movieScale: Int64 {
    scale >= Self.finestNeeded ? scale : scale * ((Self.finestNeeded + scale - 1) / scale)
  }

  /// What ffmpeg is told for writing MP4 with these units. Times are not moved to begin at 0.
  var arguments: [String] {
    [
      "-strict", "-2", "-avoid_negative_ts", "disabled", "-movie_timescale", "\(movieScale)",
      "-video_track_timescale", "\(scale)",
    ]
  }

  /// "1001/30000".
  var tick: String { timeBase.description }

  /// A time in nanoseconds, to the nearest; nil beyond 73 years, and of a negative time.
  func nanoseconds(_ ticks: Int64) -> Int64? {
    guard ticks >= 0 else { return nil }
    // In 128 bits nothing overflows: the product is below 2^123.
    let product = Int128(ticks) * Int128(unitsPerTick * 1_000_000_000)
    let rounded = (product + Int128(scale / 2)) / Int128(scale)
    return rounded <= Int128(Int64.max / 4) ? Int64(rounded) : nil
  }

  /// Whether frames are stored in another order than shown. In units as fine as a live source's it would make gaps of five minutes
  /// too long, see ``longestStep``.
  var allowsReordering: Bool { scale < 1_000_000 }

  /// The most ticks from one frame to the next. ffmpeg writes no more than 2^31 units, and where frames are reordered, as x264 does
  /// by up to four of them, it reads no more than 2^28 units between the two orders.
  var longestStep: Int64 { max(1, (allowsReordering ? 1 << 26 : 1 << 30) / unitsPerTick) }

  /// So many seconds in ticks, 1 at least; of more than 30 years these.
  func ticks(_ seconds: Double) -> Int64 {
    let ticks = min(seconds, 1e9) * Double(scale) / Double(unitsPerTick)
    return max(1, Int64(exactly: ticks.rounded()) ?? 1)
  }

  private static func commonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    b == 0 ? a : commonDivisor(b, a % b)
  }
}

/// Which frames are given, in ticks.
struct FrameSelection {
  /// Nil for the first.
  var first: Int64?
  /// The first tick that is too late; nil for the end.
  var end: Int64?
  var every: Int
  /// What is time 0 in what is written from these frames.
  var origin: Int64

  init(_ options: VideoReadingOptions, of info: VideoInfo) {
    let ticks = { (time: Double) in
      info.timeBase.firstTick(from: time).map { $0.addingReportingOverflow(info.zero).partialValue }
    }
    // No tick is so late: nothing is given.
    first = options.start.map { ticks($0) ?? ($0 < 0 ? .min : .max) }
    end = options.duration.map { ticks((options.start ?? info.start) + $0) ?? .max }
    every = options.every
    let begin = min(0, (info.start / info.timeBase.seconds(1)).rounded(.down))
    let zero = info.zero.addingReportingOverflow(Int64(exactly: begin) ?? 0).partialValue
    origin = first.map { max($0, zero) } ?? zero
  }

  /// Whether frames are decoded that are not given.
  var isPartial: Bool { first != nil || end != nil || every > 1 }
}

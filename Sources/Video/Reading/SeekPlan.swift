/// Where to begin to decode, so that frames from a time on come soon.
struct SeekPlan {
  /// Seconds on the file's own clock; nil to begin at its beginning.
  var time: Double?

  init(_ selection: FrameSelection, _ info: VideoInfo) { time = nil }
}

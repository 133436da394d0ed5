/// Where to begin to decode, so that frames from a time on come soon.
struct SeekPlan {
  /// Less than this is decoded and passed over sooner than it is sought and its frames are counted.
  private static let worthwhile = 4.0
  /// Frames are stored in another order than they are shown.
  private static let margin = 1.0
  /// MPEG-TS has no index of its key frames: a position is found by time alone, and decoding goes on from the next key frame.
  /// Longer from one to the next is rare in it.
  private static let marginWithoutIndex = 15.0

  /// Seconds on the file's own clock; nil to begin at its beginning.
  let time: Double?

  init(_ selection: FrameSelection, _ info: VideoInfo) {
    guard let first = selection.first, first != .max, first != .min else {
      time = nil
      return
    }
    let wanted = info.timeBase.seconds(first)
    let begin = info.start + info.timeBase.seconds(info.zero)
    let margin = info.isTransportStream ? Self.marginWithoutIndex : Self.margin
    time = wanted - margin - begin > Self.worthwhile ? wanted - margin : nil
  }
}

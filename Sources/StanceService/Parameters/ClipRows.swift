package import Options
package import PoseVideo
import Stance

/// The rows of ``ClipOptions``: the same for the command and for a request's query.
package enum ClipRows {
  /// Which frames are looked at.
  package static let frames: [OptionRow<ClipOptions>] = [
    .option("start", \.start, "Begin at this time of the video"),
    .option("duration", \.duration, "Look at so much of it; unset: to the end"),
    .option("every", \.every, "Look at every so many frames only", in: 1...100_000),
  ]

  /// Of what is no video file.
  package static let frameRate = OptionRow<ClipOptions>.option(
    "frame-rate", \.frameRate, "Frames a second of a folder of pictures", in: 0.001...1000)

  /// How people are followed, in the order of the help.
  package static let following: [OptionRow<ClipOptions>] = [
    TrackingRows.smoothing.lifted(to: \.tracking),
    .option(
      "cutoff", \.tracking.cutoff, "From which frequency on zero-lag smooths, in Hz",
      in: TrackingOptions.cutoffs),
    .option(
      "passes", \.passes,
      "How often the results are gone through; the second time joins, splits and fills tracks. Unset: 2 for zero-lag, else 1",
      in: 1...2),
    .option(
      "raw", \.tracking.keepsRaw, "Give each person's unsmoothed landmarks too"),
    TrackingRows.follow.lifted(to: \.tracking),
    TrackingRows.memory.lifted(to: \.tracking),
    .option(
      "slow-motion", \.slowMotion,
      "The video was filmed so many times faster than it plays: times are divided by it",
      in: 0.001...1000),
  ]

  /// What is drawn over time.
  package static let trails = OptionRow<ClipOptions>.option(
    "trails", \.showsTrails, "Draw where hips, wrists and ankles have just been")
}

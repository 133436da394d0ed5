package import Options
package import Stance

/// Rows of ``TrackingOptions`` that clips and live pictures share.
package enum TrackingRows {
  /// How landmarks are smoothed.
  package static let smoothing = OptionRow<TrackingOptions>.option(
    "smoothing", \.smoothing,
    "How landmarks are smoothed over time: MediaPipe's One Euro filter, a low pass without lag (two passes), or not at all"
  )
  /// The one person to follow.
  package static let follow = OptionRow<TrackingOptions>.option(
    "follow", \.follow,
    "Follow one person only: the largest, the one nearest the centre, or that of an id")
  /// How long somebody is remembered.
  package static let memory = OptionRow<TrackingOptions>.option(
    "memory", \.memory,
    "For so many seconds who is out of sight keeps the id; after 3 only if the looks agree",
    in: 0...TrackingOptions.maxMemory)
}

package import Stance
package import Video

/// Which frames of a clip are looked at, how its people are followed, and how often the results are gone through.
package struct ClipOptions: Sendable, Hashable {
  /// The first time that is looked at; nil: the clip's first frame.
  package var start: ClipTime?
  /// For how long from there; nil: to the end.
  package var duration: ClipTime?
  /// Every so many frames.
  package var every = 1
  /// Frames a second of a folder of pictures.
  package var frameRate = 30.0
  /// So many times faster than it plays the clip was filmed.
  package var slowMotion = 1.0
  /// How people are followed; as often as ``passes`` says.
  package var tracking = TrackingOptions()
  /// How often the results are gone through; nil: as often as the smoothing needs.
  package var passes: Int?
  /// Whether a drawn video shows where people have just been.
  package var showsTrails = false

  /// The whole clip, once.
  package init() {}

  /// How people are followed, with as many passes as are needed; nil when the smoothing needs more than are asked for.
  package var resolvedTracking: TrackingOptions? {
    var tracking = tracking
    tracking.passes = passes ?? tracking.smoothing.passes
    return tracking.passes >= tracking.smoothing.passes ? tracking : nil
  }

  /// Which frames are read.
  package var reading: VideoReadingOptions {
    VideoReadingOptions(
      start: start?.seconds, duration: duration?.seconds, every: every, frameRate: frameRate)
  }
}

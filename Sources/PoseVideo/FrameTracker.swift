package import Images
package import Stance

/// What a clip's work needs of a tracker: frames in, results out in order, some later than others.
package protocol FrameTracker {
  /// Takes the next frame in.
  ///
  /// - Parameters:
  ///   - time: seconds of the source, later than the last frame's.
  ///   - index: the frame's number in the source.
  /// - Returns: the results that are sure by now, in order.
  mutating func add(_ image: Image, at time: Double, index: Int?) throws -> [TrackedFrame]
  /// The results that still wait.
  mutating func finish() -> [TrackedFrame]
}

extension ClipTracker: FrameTracker {}

/// Makes a tracker: called once, after the command line has been checked.
package typealias FrameTrackerFactory =
  @Sendable (PoseOptions, TrackingOptions, EngineOptions) throws -> any FrameTracker

package import Images
package import Stance

/// What a live session needs of a tracker: people through encoded frames, off the shared pool, one frame after the other.
package protocol LiveTracker: Sendable {
  /// The people in the next frame, at a time in seconds that is later than the last one's. The wait for an engine ends
  /// early when the task is cancelled, and is no part of the timing.
  func track(_ frame: EncodedImage, at time: Double) async throws -> TrackedFrame
  /// Goes on with other options: who is known stays known.
  func change(_ options: PoseOptions, tracking: TrackingOptions) throws
  /// Forgets everybody, and begins anew with id 1.
  func reset()
}

extension PoseTracker: LiveTracker {}

import Images
package import PoseVideo
package import Stance

/// What the service needs of a landmarker: people in encoded photos and live frames, for many tasks at once, off the
/// shared pool.
package protocol PeopleFinder: Sendable {
  /// How many photos are worked on at once.
  var engineCount: Int { get }
  /// How many more may wait at its engines: one that comes free finds its next photo there.
  var photosAhead: Int { get }
  /// The arithmetic, which is part of what an answer depends on.
  var precision: Precision { get }
  /// People, model and timing, and the photo as far as it was decoded. What is found depends on photo and options
  /// only.
  ///
  /// - Parameter onStart: called when the wait for an engine is over; the wait ends early when the task is cancelled.
  func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions, onStart: @escaping @Sendable () -> Void
  ) async throws -> (result: PoseResult, photo: Photo)
  /// Who follows people through the frames of one live session, with the same engines.
  ///
  /// - Throws: `PoseError` when an option is out of range.
  func liveTracker(_ options: PoseOptions, _ tracking: TrackingOptions) throws -> any LiveTracker
  /// Who follows people through the frames of one video, with the same engines. Blocks the calling thread with each frame.
  ///
  /// - Throws: `PoseError` when an option is out of range.
  func clipTracker(_ options: PoseOptions, _ tracking: TrackingOptions) throws -> any FrameTracker
  /// The same engines for jobs; nil where none are worked on.
  var forJobs: (any JobPeopleFinder)? { get }
}

extension PeopleFinder {
  package var photosAhead: Int { 0 }
  package var forJobs: (any JobPeopleFinder)? { nil }
}

/// The finder of shipped programs: the library's `PoseLandmarker` with one engine a thread.
package struct LandmarkerPeopleFinder: PeopleFinder {
  package let engineCount: Int
  package let photosAhead = 1
  private let landmarker: PoseLandmarker

  /// Loads the models. Blocks: not for the shared pool.
  ///
  /// - Throws: what `PoseLandmarker` does.
  package init(_ configuration: ServiceConfiguration) throws {
    var engine = configuration.engine
    engine.profile = .throughput
    engineCount = max(1, engine.threads ?? InferenceRuntime.availableCores)
    landmarker = try PoseLandmarker(configuration.pose, engine: engine)
  }

  package var precision: Precision { landmarker.engineOptions.precision }

  package var forJobs: (any JobPeopleFinder)? {
    LandmarkerJobFinder(landmarker.patient, engineCount: engineCount)
  }

  package func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions, onStart: @escaping @Sendable () -> Void
  ) async throws -> (result: PoseResult, photo: Photo) {
    try await landmarker.resultAndPhoto(for: photo, options: options, onStart: onStart)
  }

  package func liveTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any LiveTracker {
    try PoseTracker(with: landmarker, options: options, tracking: tracking)
  }

  package func clipTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any FrameTracker {
    try ClipTracker(with: landmarker, options: options, tracking: tracking)
  }
}

import Images
package import Stance

/// What the service needs of a landmarker: people in encoded photos, for many tasks at once, off the shared pool.
package protocol PeopleFinder: Sendable {
  /// How many photos are worked on at once.
  var engineCount: Int { get }
  /// The arithmetic, which is part of what an answer depends on.
  var precision: Precision { get }
  /// People, model and timing; what is found depends on photo and options only.
  func result(for photo: EncodedImage, options: PoseOptions) async throws -> PoseResult
}

/// The finder of shipped programs: the library's `PoseLandmarker` with one engine a thread.
package struct LandmarkerPeopleFinder: PeopleFinder {
  package let engineCount: Int
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

  package func result(
    for photo: EncodedImage, options: PoseOptions
  ) async throws -> PoseResult {
    try await landmarker.result(for: photo, options: options)
  }
}

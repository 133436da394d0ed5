package import Images
package import Stance

/// What `detect` needs of a landmarker: people in encoded photos, from many threads at once.
package protocol PoseFinder: Sendable {
  /// The people in a photo, and the upright picture itself when it is wanted for drawing.
  ///
  /// What is found does not depend on `wantsPicture`.
  func find(in bytes: [UInt8], wantsPicture: Bool) throws -> (result: PoseResult, picture: Image?)
}

/// Makes a finder: called once, after the command line has been checked.
package typealias PoseFinderFactory =
  @Sendable (PoseOptions, EngineOptions) throws -> any PoseFinder

/// The finder of shipped programs: the library's `PoseLandmarker`.
package struct LandmarkerFinder: PoseFinder {
  private let landmarker: PoseLandmarker

  /// Loads the models.
  package static let make: PoseFinderFactory = { options, engine in
    LandmarkerFinder(landmarker: try PoseLandmarker(options, engine: engine))
  }

  package func find(
    in bytes: [UInt8], wantsPicture: Bool
  ) throws -> (result: PoseResult, picture: Image?) {
    let photo = try EncodedImage(bytes)
    guard wantsPicture else { return (try landmarker.result(for: photo), nil) }
    let (result, seen) = try landmarker.resultAndPhoto(for: photo)
    return (result, try seen.whole())
  }
}

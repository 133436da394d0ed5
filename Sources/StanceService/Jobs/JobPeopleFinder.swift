package import Images
package import PoseVideo
package import Stance

/// What jobs need of a landmarker: the engines of the requests, in turns that requests leave. Its calls block.
package protocol JobPeopleFinder: Sendable {
  /// How many photos are worked on at once.
  var engineCount: Int { get }
  /// The arithmetic.
  var precision: Precision { get }
  /// People, model and timing, and the photo as far as it was decoded.
  func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions
  ) throws -> (result: PoseResult, photo: Photo)
  /// Who follows people through the frames of one video.
  ///
  /// - Throws: `PoseError` when an option is out of range.
  func clipTracker(_ options: PoseOptions, _ tracking: TrackingOptions) throws -> any FrameTracker
}

/// The finder of shipped programs.
struct LandmarkerJobFinder: JobPeopleFinder {
  let engineCount: Int
  private let landmarker: PoseLandmarker

  init(_ landmarker: PoseLandmarker, engineCount: Int) {
    (self.landmarker, self.engineCount) = (landmarker, engineCount)
  }

  var precision: Precision { landmarker.engineOptions.precision }

  func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions
  ) throws -> (result: PoseResult, photo: Photo) {
    try landmarker.resultAndPhoto(for: photo, options: options)
  }

  func clipTracker(_ options: PoseOptions, _ tracking: TrackingOptions) throws -> any FrameTracker {
    try ClipTracker(with: landmarker, options: options, tracking: tracking)
  }
}

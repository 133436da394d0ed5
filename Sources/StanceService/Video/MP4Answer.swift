import PoseFormats
import PoseRendering
import PoseVideo
import Stance
import Video

/// An MP4 in fragments, as they are made: the video with its people drawn, or their masks in grey.
final class MP4Answer: VideoAnswer {
  private let take: VideoTaker
  /// Nil for masks.
  private let drawing: VideoRecipe?

  init(drawing recipe: VideoRecipe, _ take: @escaping VideoTaker) {
    (drawing, self.take) = (recipe, take)
  }

  init(masksTo take: @escaping VideoTaker) { (drawing, self.take) = (nil, take) }

  func outputs(of reader: VideoReader) throws -> sending [any ClipOutput] {
    let renderer = drawing.map {
      ClipRenderer(
        style: $0.style, showsTrails: $0.clip.showsTrails, measuring: $0.motion)
    }
    return [try EncodedClip(drawnBy: renderer, of: reader, to: take)]
  }

  func begin(_ header: ResultsHeader) throws {}

  func add(_ frame: TrackedFrame) throws {}

  /// All has been taken by now.
  func end(frames: Int, remarks: [String]) throws {}
}

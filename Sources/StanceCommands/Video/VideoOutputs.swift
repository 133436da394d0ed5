import Files
import Options
import PoseVideo
import Stance
import Video

/// What `video` makes of a clip beside its results: a video with the people drawn, and masks.
struct VideoOutputs {
  /// Where masks go.
  private enum Masks {
    /// A grey video.
    case clip(String)
    /// A PNG a frame.
    case folder(String)
  }

  private let settings: Settings
  private let drawing: String?
  private let masks: Masks?

  /// - Throws: `UsageError` when nothing of such a name can be written.
  init(_ settings: Settings) throws(UsageError) {
    self.settings = settings
    drawing = settings.output
    if let drawing { try Self.check(drawing, "--output") }
    guard let mask = settings.mask else {
      masks = nil
      return
    }
    if Self.isVideo(mask), !Files.isFolder(mask) {
      try Self.check(mask, "--mask")
      masks = .clip(mask)
    } else {
      guard Files.isFolder(mask) || !Files.exists(mask) else {
        throw UsageError("--mask: \(mask) is neither a folder nor an .mp4 file")
      }
      masks = .folder(mask)
    }
  }

  /// Nothing is made.
  var isEmpty: Bool { drawing == nil && masks == nil }
}

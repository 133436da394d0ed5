import Files
import Options
import PoseRendering
import PoseVideo
import Stance
import StanceService
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
  private let products: ClipProducts

  /// - Throws: `UsageError` when nothing of such a name, or of such a kind, can be written.
  init(_ settings: Settings, _ tracking: TrackingOptions) throws(UsageError) {
    self.settings = settings
    drawing = settings.output
    masks = try settings.mask.map { path throws(UsageError) in try Self.masks(path) }
    products = ClipProducts(
      drawing: settings.output == nil ? nil : settings.style, masks: settings.mask != nil)
    switch products.conflict(passes: tracking.passes) {
    case .masksOfTwoPasses:
      throw UsageError(
        "two passes (--passes 2, --smoothing zero-lag) keep no masks; --mask, --mask-color and --background need one pass"
      )
    case .transparency:
      throw UsageError(
        "--background none: an MP4 holds no transparency; name a colour or blur, or ask for --mask")
    case nil: break
    }
    guard let drawing else { return }
    try Self.check(drawing, "--output")
    if let mask = settings.mask, Self.areOnePlace(drawing, mask) {
      throw UsageError("--output and --mask would both write \(drawing); name two files")
    }
  }

  /// Nothing is made.
  var isEmpty: Bool { drawing == nil && masks == nil }

  /// What has to be looked for, so that it can be drawn.
  func pose(_ options: PoseOptions) -> PoseOptions {
    products.pose(options)
  }

  /// The outputs of what this reader reads, in folders and files of their own.
  ///
  /// - Throws: `OutputFailure` where one can't be written.
  func open(for reader: VideoReader) throws -> [any ClipOutput] {
    var outputs: [any ClipOutput] = []
    if let drawing {
      let renderer = ClipRenderer(
        style: settings.style, showsTrails: settings.clip.showsTrails,
        measuring: settings.motion.options)
      outputs.append(try EncodedClip(drawnBy: renderer, to: drawing, of: reader))
    }
    switch masks {
    case .clip(let path): outputs.append(try EncodedClip(masksTo: path, of: reader))
    case .folder(let path): outputs.append(try MaskFolder(path, of: reader))
    case nil: break
    }
    return outputs
  }

  private static func masks(_ path: String) throws(UsageError) -> Masks {
    if Files.isFolder(path) || path.hasSuffix("/") { return .folder(path) }
    if VideoWriter.canWrite(path) {
      try check(path, "--mask")
      return .clip(path)
    }
    guard !Files.exists(path) else {
      throw UsageError("--mask: \(path) is neither a folder nor an .mp4 file")
    }
    return .folder(path)
  }

  /// Whether two names are of the same place, where nothing need be yet.
  private static func areOnePlace(_ one: String, _ other: String) -> Bool {
    let name = { (path: String) in
      path.utf8.split(separator: UInt8(ascii: "/")).last.map(Array.init)
    }
    guard let folder = FileIdentity(of: Files.parent(of: one)) else { return one == other }
    return name(one) == name(other) && folder == FileIdentity(of: Files.parent(of: other))
  }

  private static func check(_ path: String, _ option: String) throws(UsageError) {
    guard path != "-" else {
      throw UsageError(
        "\(option): a video can't be written to standard output; name an .mp4 file")
    }
    guard VideoWriter.canWrite(path), !Files.isFolder(path) else {
      throw UsageError("\(option): \(path) is no .mp4 file; videos are written as .mp4")
    }
  }
}

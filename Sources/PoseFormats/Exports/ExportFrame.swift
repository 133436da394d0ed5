public import Images
public import Stance

/// What is written as one: a frame of a clip, or a photo.
public enum ExportFrame: Sendable {
  /// A frame of a clip.
  case frame(TrackedFrame)
  /// A photo, its name if it has one, and its place among the photos, from 0.
  case photo(PoseResult, file: String?, number: Int)

  /// The frame's number in the source, or the photo's place; from 0.
  public var index: Int {
    switch self {
    case .frame(let frame): frame.index
    case .photo(_, _, let number): number
    }
  }

  /// Seconds of the source; nil of a photo.
  public var time: Double? {
    if case .frame(let frame) = self { frame.time } else { nil }
  }

  /// The photo's name as it was given; nil of a frame.
  public var file: String? {
    if case .photo(_, let file, _) = self { file } else { nil }
  }

  /// Everything that was found.
  public var result: PoseResult {
    switch self {
    case .frame(let frame): frame.result
    case .photo(let result, _, _): result
    }
  }

  /// The upright picture's size.
  public var imageSize: ImageSize { result.imageSize }
  /// Who is there.
  public var people: [Person] { result.people }
}

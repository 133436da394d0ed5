import Files

/// The sound of a video that is open, for a ``VideoWriter`` to take over.
public struct SoundSource: Sendable {
  /// ffmpeg's name of its codec: "aac"; nil for one that ffmpeg does not know.
  public let codec: String?
  /// The file, open for reading.
  let file: OpenFile
  /// Which of the file's streams it is.
  let streamIndex: Int
  /// What becomes time 0, in seconds on the file's own clock.
  let origin: Double
  /// Whether sound before `origin` is left out; else it is the file's beginning, and what comes before is the codec's run-in.
  let isCut: Bool
  /// Whether it begins some time after `origin`, and silence is to be put in front.
  let isLate: Bool
  /// How long it lasts at most, in seconds after `origin`; nil to its end.
  let duration: Double?

  /// The part of a file's sound that belongs to the frames that are read.
  init(_ sound: CodedSound, in file: OpenFile, _ info: VideoInfo, _ selection: FrameSelection) {
    let origin = info.timeBase.seconds(selection.origin)
    codec = sound.codec
    self.file = file
    streamIndex = sound.streamIndex
    self.origin = origin
    isCut = (selection.first ?? .min) == selection.origin
    isLate = (sound.start ?? origin) - origin > Self.latest
    duration = selection.end.flatMap {
      $0 == .max ? nil : max(0, info.timeBase.seconds($0) - origin)
    }
  }

  /// MP4's index of fragments can't be written before both pictures and sound are there: for longer than this many seconds
  /// the pictures are not held back.
  private static let latest = 2.0

  /// Codecs that MP4 holds as they are.
  private static let copied: Set = ["aac", "mp3", "ac3", "eac3", "opus", "alac", "flac"]

  /// Whether MP4 holds it as it is, and from the beginning; else it is encoded anew, as AAC.
  var canBeCopied: Bool { !isLate && codec.map(Self.copied.contains) ?? false }
}

import Glibc
import Processes

/// What ffmpeg or ffprobe said on standard error, and how it ended.
struct DecoderComplaint {
  var status: ChildStatus
  /// What it said, a line each, without the names and addresses of its parts.
  var lines: [String]

  /// Statuses of `stance-decode`, and of the loader.
  private static let (noResources, missingProgram, noLoader): (Int32, Int32, Int32) = (70, 72, 127)

  /// - Parameter address: what was read, whose secrets ffmpeg may have repeated.
  init(status: ChildStatus, errors: String, hiding address: VideoAddress? = nil) {
    self.status = status
    lines = errors.errorLines.map(Self.withoutPrefix).map { address?.hiding(in: $0) ?? $0 }
      // Of the script with the address; what went wrong stands in other lines.
      .filter { address == nil || !$0.hasPrefix("Impossible to open") }
  }

  /// The line that tells most: the first.
  var words: String {
    lines.first.map { "ffmpeg says: \($0)" }
      ?? {
        switch status {
        case .exited(let code): "ffmpeg ended with status \(code)"
        case .signalled(let signal): "ffmpeg was stopped by signal \(signal)"
        }
      }()
  }

  /// Whether a decoder met bytes that make no frame.
  var isAboutFrames: Bool {
    says(["corrupt decoded frame", "rror while decoding", "corrupt input packet", "damaged"])
  }

  /// Whether the file ends too early, or a part of it can't be read. Other lines say nothing for sure: decoders complain of
  /// much that does no harm, such as a camera's private data.
  var isAboutFile: Bool {
    says(["partial file", "ended prematurely", "ends prematurely", "Cannot determine format"])
      || lines.contains { $0.hasPrefix("Invalid data found") }
  }

  private func says(_ marks: [String]) -> Bool {
    lines.contains { line in marks.contains { line.contains($0) } }
  }

  /// The error for what could not be opened.
  func whenOpening(_ input: DecoderInput) -> VideoError {
    if let error = machineError { return error }
    if says(["Protocol '", "Error when loading first segment"]), input.address != nil {
      return VideoError(
        .unsupported,
        "it leads to something by another protocol, which is not opened, or to nothing; \(words)")
    }
    if !input.isFile { return VideoError(.unreadable, "it could not be opened; \(words)") }
    if says(["Format not on whitelist", "not on whitelist"]) {
      return VideoError(
        .notAVideo, "it is a playlist or of a kind that is not read; \(DemuxerRules.title) are")
    }
    if says(["moov atom not found"]) {
      return VideoError(
        .damaged,
        "it is cut off or was never finished: the index of its frames (moov) is missing; \(words)")
    }
    return VideoError(
      .notAVideo, "it is no video that is read, which are \(DemuxerRules.title); \(words)")
  }

  /// What the machine lacks, which is not the file's fault.
  var machineError: VideoError? {
    let last = lines.last ?? ""
    switch status {
    case .exited(Self.noResources): return Self.shortage(last)
    case .signalled(SIGKILL): return Self.shortage("ffmpeg was killed, perhaps for want of memory")
    case .exited(Self.missingProgram): return VideoTools.missing("ffmpeg", last)
    case .exited(Self.noLoader) where last.contains("shared librar"):
      let isShortage = ["allocate memory", "failed to map"].contains { last.contains($0) }
      return isShortage ? Self.shortage(last) : VideoTools.missing("ffmpeg", last)
    default:
      return says(["Cannot allocate memory"]) ? Self.shortage("out of memory") : nil
    }
  }

  private static func shortage(_ reason: String) -> VideoError {
    VideoError(.noResources, "ffmpeg could not do its work now: \(reason)")
  }

  static func notStarted(_ error: ProcessError) -> VideoError {
    error.isUnusableProgram
      ? VideoError(.missingTool, "video needs stance-decode: it can't be started: \(error.reason)")
      : shortage(error.reason)
  }

  /// "[h264 @ 0x55d0] text" and "file:/dev/fd/0: text" without their beginnings.
  private static func withoutPrefix(_ line: String) -> String {
    var rest = line[...]
    while rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      rest = rest[rest.index(after: end)...].drop(while: \.isWhitespace)
    }
    for name in ["file:\(VideoTools.input): ", "pipe:0: "] where rest.hasPrefix(name) {
      rest = rest.dropFirst(name.count)
    }
    return String(rest)
  }
}

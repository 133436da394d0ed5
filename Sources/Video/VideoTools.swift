import Files
import Images
import Processes

/// The programs that read video: ffprobe and ffmpeg, both started with few rights by `stance-decode`.
package struct VideoTools: Sendable {
  /// A path or a name in `PATH`.
  package var ffmpeg: String
  /// A path or a name in `PATH`.
  package var ffprobe: String
  /// The path of `stance-decode`, nil when it was not found.
  package var helper: String?

  /// These programs.
  package init(
    ffmpeg: String = "ffmpeg", ffprobe: String = "ffprobe",
    helper: String? = standardHelper
  ) {
    self.ffmpeg = ffmpeg
    self.ffprobe = ffprobe
    self.helper = helper
  }

  /// Beside this binary, or where it is installed.
  package static var standardHelper: String? { DecodingTools.standard.helper }

  /// A command with the rights to read its libraries and `reading`, by default the file that is its standard input, to write
  /// and read `writing`, and no other file.
  func command(
    _ program: KeyPath<VideoTools, String>, _ arguments: [String], limits: Command.Limits,
    reading: [String] = [input], writing: [String] = []
  ) throws(VideoError) -> Command {
    guard let helper else {
      throw VideoError(
        .missingTool, "video needs the program stance-decode, which is not beside this program")
    }
    guard let path = Files.program(self[keyPath: program]) else {
      throw Self.missing(self[keyPath: program], "not found")
    }
    let rights = reading.flatMap { ["--read", $0] } + writing.flatMap { ["--write", $0] }
    return Command(helper, ["run"] + rights + [path, "-v", "error"] + arguments, limits: limits)
  }

  /// The child's standard input as a file that it can open anew, and so seek in.
  static let input = "/dev/fd/0"

  static func missing(_ program: String, _ reason: String) -> VideoError {
    VideoError(
      .missingTool, "video needs \(program), which is in Debian's package ffmpeg: \(reason)")
  }
}

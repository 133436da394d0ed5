import Files
import Processes

/// What ffprobe and ffmpeg read: how it is named to them, and what they may open for it.
struct DecoderInput: Sendable {
  /// Arguments before the input's.
  var demuxing: [String]
  /// The argument of `-i`.
  var url: String
  /// Switches of `stance-decode`: what may be opened.
  var rights: [String]
  /// The child's standard input, for files.
  var file: OpenFile?
  /// What is written to the child's standard input, for addresses.
  var script: [UInt8] = []
  /// The address, of which no secret may be repeated.
  var address: VideoAddress?

  var isFile: Bool { file != nil }

  /// An open file, which the child opens anew, and so can seek in.
  static func file(_ file: OpenFile) -> DecoderInput {
    DecoderInput(
      demuxing: DemuxerRules.arguments, url: "file:\(VideoTools.input)",
      rights: ["--read", VideoTools.input], file: file)
  }

  /// Starts a child that reads it.
  func start(_ command: Command, extraOutput: Bool) throws(ProcessError) -> StreamingChild {
    guard let file else {
      let child = try StreamingChild(command, input: .written, extraOutput: extraOutput)
      // It fits into the socket's buffer. A child that does not take it tells why by its end.
      if !script.isEmpty {
        _ = script.withUnsafeBytes { try? child.write($0, within: .seconds(5)) }
      }
      child.closeInput()
      return child
    }
    return try StreamingChild(
      command, input: .descriptor(file.descriptor), extraOutput: extraOutput)
  }
}

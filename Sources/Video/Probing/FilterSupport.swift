import Processes

/// What an ffmpeg was built with.
enum FilterSupport {
  /// Whether it knows this filter.
  static func has(_ filter: String, _ tools: VideoTools) throws(VideoError) -> Bool {
    let command = try tools.command(
      \.ffmpeg, ["-hide_banner", "-h", "filter=\(filter)"], limits: Command.Limits(memory: 1 << 30))
    do {
      let result = try ChildProcess.run(command, outputLimit: 1 << 20, timeout: .seconds(30))
      return String(decoding: result.output, as: UTF8.self).contains("Filter \(filter)")
    } catch {
      throw DecoderComplaint.notStarted(error)
    }
  }
}

import Processes

/// ffmpeg's arguments for a source's sound as MP4 in fragments on its descriptor 1, with its times counted from the output's 0.
struct SoundCommand {
  var source: SoundSource
  /// Whether its packets are taken as they are; else they are encoded as AAC.
  var copies: Bool

  /// Sound this many seconds before the beginning is read and left out: seeking is not exact.
  private static let margin = 1.0
  /// Room for ffmpeg's libraries and its buffers.
  private static let memory = 1 << 30

  func command(_ tools: VideoTools) throws(VideoError) -> Command {
    try tools.command(
      \.ffmpeg, arguments, limits: Command.Limits(memory: Self.memory, niceness: 10),
      rights: ["--read", VideoTools.input, "--with-parent"])
  }

  private var arguments: [String] {
    // The levels tell what went wrong from what is only odd.
    var words = ["-v", "level+warning", "-nostdin", "-hide_banner", "-copyts"]
    words += DemuxerRules.arguments + ["-threads", "1"]
    if source.isCut {
      words += [
        "-seek_timestamp", "1", "-noaccurate_seek",
        "-ss", FFmpegTime.text(source.origin - Self.margin),
      ]
    }
    words += [
      "-itsoffset", FFmpegTime.text(-source.origin), "-i", "file:\(VideoTools.input)",
      "-map", "0:\(source.streamIndex)", "-map_metadata", "-1", "-map_chapters", "-1",
    ]
    if let duration = source.duration { words += ["-t", FFmpegTime.text(duration)] }
    words += copies ? copying : encoding
    return words + [
      "-strict", "-2", "-avoid_negative_ts", "disabled",
      "-movflags", "delay_moov+default_base_moof", "-frag_duration", "500000", "-f", "mp4",
      "pipe:1",
    ]
  }

  private var copying: [String] {
    var words = ["-c:a", "copy"]
    if source.isCut { words += ["-copypriorss", "0"] }
    // As MPEG-TS has it, each packet has a header, which MP4 has once.
    if source.codec == "aac" { words += ["-bsf:a", "aac_adtstoasc"] }
    return words
  }

  private var encoding: [String] {
    var filters = source.isCut ? ["atrim=start=0"] : []
    if source.isLate { filters.append("aresample=async=1:first_pts=0") }
    return ["-c:a", "aac"] + (filters.isEmpty ? [] : ["-af", filters.joined(separator: ",")])
  }
}

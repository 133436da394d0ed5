import Images
import Processes

/// ffmpeg's arguments for encoding what ``MatroskaStream`` writes to its descriptor 0, with the sound on 3, to MP4 in fragments
/// on 1.
struct EncodingCommand {
  var size: ImageSize
  var clock: OutputClock
  var hasSound: Bool
  var options: VideoWritingOptions

  /// Its descriptor 3.
  private static let sound = "/dev/fd/3"
  /// Seconds from one key frame, with which a fragment begins, to the next: at most so much is lost with the machine.
  private static let fragment = 2

  func command(_ tools: VideoTools) throws(VideoError) -> Command {
    try tools.command(
      \.ffmpeg, arguments, limits: Command.Limits(memory: memory, niceness: 10), rights: [])
  }

  private var arguments: [String] {
    // Without a thread for each input: such a thread reads sound on while no picture comes, and all of it would be held.
    let input = ["-thread_queue_size", "0"]
    var words = ["-nostdin", "-hide_banner", "-y", "-copyts"] + input
    words += ["-probesize", "32", "-analyzeduration", "0", "-f", "matroska", "-i", "pipe:0"]
    if hasSound { words += input + ["-f", "mov", "-i", "file:\(Self.sound)"] }
    words += ["-map", "0:v:0"] + (hasSound ? ["-map", "1:a:0", "-c:a", "copy"] : [])
    words += ["-map_metadata", "-1", "-map_chapters", "-1"]
    words += pictures + clock.arguments
    // Where the sound ends first, pictures are held back for no longer than this many microseconds.
    words += ["-max_interleave_delta", "\(Self.fragment * 1_000_000)"]
    return words + [
      "-movflags", "frag_keyframe+delay_moov+default_base_moof", "-f", "mp4", "pipe:1",
    ]
  }

  private var pictures: [String] {
    [
      "-filter_threads", "1",
      // ffmpeg would take BT.601, and tell nobody. 4:2:0 has even sizes.
      "-vf", "scale=out_color_matrix=bt709:out_range=tv,pad=ceil(iw/2)*2:ceil(ih/2)*2",
      "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
      "-color_range", "tv",
      // Without these two, times would be rounded to whole frames of an even rate.
      "-fps_mode", "passthrough", "-enc_time_base", clock.tick,
      "-c:v", "libx264", "-preset", options.preset.rawValue, "-crf", "\(options.rateFactor)",
      "-pix_fmt", "yuv420p", "-threads", "\(options.threads)",
    ] + (clock.allowsReordering ? [] : ["-bf", "0"]) + [
      "-force_key_frames", "expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+\(Self.fragment)))",
    ]
  }

  /// Address space: libraries, and for each pixel the frames that x264 looks ahead at and refers to, up to 80 of 2 to 4 bytes
  /// with what it notes of them, and what each thread works on.
  private var memory: Int {
    (1 << 30) + (400 + 40 * options.threads) * max(size.pixelCount, 1 << 21)
  }
}

import Images
import Processes

/// ffmpeg's arguments for decoding one stream to raw pixels on its descriptor 1 and times on 3.
struct DecodingCommand {
  var input: DecoderInput
  var video: CodedVideo
  var selection: FrameSelection
  var options: VideoReadingOptions
  /// Where to begin to decode, in seconds on the file's own clock; nil for its beginning.
  var seek: Double?
  /// Whether to end at the first frame that is damaged.
  var stopsAtDamage: Bool

  /// Whether the records `given` are written too.
  var tellsGiven: Bool { selection.isPartial }

  func command(_ tools: VideoTools) throws(VideoError) -> Command {
    try tools.command(
      \.ffmpeg, arguments, limits: Command.Limits(memory: memory), rights: input.rights)
  }

  private var arguments: [String] {
    var words = ["-nostdin", "-hide_banner", "-copyts"]
    // A packet that is cut off is left out, so that the whole frames before it come out of the decoder. In MPEG-TS a splice
    // looks the same, and nothing is wrong with one.
    if !video.isTransportStream, !video.info.isLive { words += ["-fflags", "+discardcorrupt"] }
    if stopsAtDamage { words.append("-xerror") }
    words +=
      input.demuxing + ["-max_pixels", "\(mostPixels)", "-threads", "\(options.threads)"]
    // At the speed of life, not a whole segment at once, of which all frames but the last would make way.
    if video.info.isLive, video.isSegmented { words.append("-re") }
    if let seek {
      words += ["-seek_timestamp", "1", "-noaccurate_seek", "-ss", Self.decimal(seek)]
    }
    return words + [
      "-i", input.url, "-map", video.info.isLive ? "0:V:0" : "0:\(video.streamIndex)",
      "-filter_threads", "1",
      "-vf", filters.joined(separator: ","),
      // Without these two the times of raw video would be rounded to whole frames of an even rate.
      "-fps_mode", "passthrough", "-enc_time_base", "-1",
      "-f", "rawvideo", "-pix_fmt", "bgra", "pipe:1",
    ]
  }

  private var filters: [String] {
    // A file's own metadata must not pass for ours.
    var filters = ["metadata=mode=delete"]
    // A source that is taken up again may tell its times in another unit.
    if video.info.isLive { filters.append("settb=\(LiveSource.timeBase)") }
    filters += Self.record(.decoded)
    if let first = selection.first, let end = selection.end {
      filters.append("trim=start_pts=\(first):end_pts=\(end)")
    } else if let first = selection.first {
      filters.append("trim=start_pts=\(first)")
    } else if let end = selection.end {
      filters.append("trim=end_pts=\(end)")
    }
    if selection.every > 1 { filters.append("select=not(mod(n\\,\(selection.every)))") }
    if tellsGiven { filters += Self.record(.given) }
    let size = video.info.size
    // The size is always named: a file that changes its own midway gives frames of one.
    let scale = "scale=\(size.width):\(size.height):flags=bilinear"
    guard let hdr = video.hdr else { return filters + [scale] }
    return filters + [scale] + hdr.filters + ["scale=flags=bilinear"]
  }

  /// Unbuffered: a frame's record is in the pipe before the frame is.
  private static func record(_ key: FrameRecords.Key) -> [String] {
    [
      "metadata=mode=add:key=\(key.rawValue):value=",
      "metadata=mode=print:key=\(key.rawValue):file=/dev/fd/3:direct=1",
    ]
  }

  /// ffmpeg counts the sides of its buffers, which it rounds up; the size may change midway, within the limit.
  private var mostPixels: Int { options.maxPixels + options.maxPixels / 4 + (1 << 20) }

  /// Address space: libraries, and for each pixel up to 20 references of 16 bits, a frame a thread, and what the filters hold.
  private var memory: Int {
    let pixels = max(video.codedSize.pixelCount, video.info.size.pixelCount, 1 << 21)
    return (1 << 30) + (160 + 12 * options.threads) * pixels
  }

  /// Without an exponent.
  private static func decimal(_ seconds: Double) -> String {
    let millionths = (seconds * 1e6).rounded(.down)
    return Int64(exactly: millionths).map { "\($0)us" } ?? "0"
  }
}

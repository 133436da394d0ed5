import Files
import Images
import Processes

/// A file's header, as ffprobe reads it.
struct StreamProbe {
  /// How long ffprobe may take, in wall time and in processor time.
  private static let seconds = 30
  /// Room for ffprobe's libraries, buffers, and the few frames that it decodes to know a stream.
  private static let memory = 2 << 30

  private static let entries =
    "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,time_base"
    + ",avg_frame_rate,r_frame_rate,nb_frames,start_time,color_range,color_space,color_transfer"
    + ",color_primaries:stream_side_data=rotation"
    + ":stream_disposition=attached_pic,timed_thumbnails,still_image"
    + ":format=format_name,start_time,duration"

  /// What ffmpeg's script of addresses tells of a file: its duration in microseconds, if it is known.
  private static let durationTag = "packets.packet.0.tags.lavf_concatdec_duration"

  /// - Throws: `VideoError` when it is nothing that is read, or has no video that is read.
  static func read(
    _ input: DecoderInput, named source: String, maxPixels: Int, tools: VideoTools
  ) throws(VideoError) -> CodedVideo {
    var words = input.demuxing
    if input.address != nil {
      words += [
        "-show_entries", entries + ":packet_tags:stream_tags=variant_bitrate", "-read_intervals",
        "%+#1",
      ]
    } else {
      words += ["-show_entries", entries]
    }
    let command = try tools.command(
      \.ffprobe, words + ["-of", "flat", "-i", input.url],
      limits: Command.Limits(memory: memory, processorSeconds: seconds), rights: input.rights)
    let result: ChildResult
    do {
      result = try ChildProcess.run(
        command, input: input.script, inputFile: input.file?.descriptor, outputLimit: 1 << 20,
        timeout: .seconds(seconds))
    } catch {
      throw DecoderComplaint.notStarted(error)
    }
    if result.timedOut {
      throw VideoError(
        .timedOut, "\(input.isFile ? "the header" : "it") could not be read within \(seconds) s")
    }
    guard result.status == .exited(0) else {
      throw DecoderComplaint(
        status: result.status, errors: result.errors, hiding: input.address
      ).whenOpening(input)
    }
    let reply = FlatText(result.output)
    var video = try CodedVideo(reply, source: source, maxPixels: maxPixels)
    if let address = input.address {
      video.info.container = video.isSegmented ? "hls" : address.scheme.rawValue
      video.info.duration = reply.number(durationTag).map { $0 / 1e6 }
      video.info.isLive = address.isRTSP || video.info.duration == nil
    } else if !input.isFile {
      video.info.container = "v4l2"
      video.info.isLive = true
    }
    return video
  }
}

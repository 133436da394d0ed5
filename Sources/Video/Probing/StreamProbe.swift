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

  /// - Throws: `VideoError` when it is no file that is read, or has no video that is read.
  static func read(
    _ file: OpenFile, named source: String, maxPixels: Int, tools: VideoTools
  ) throws(VideoError) -> CodedVideo {
    let command = try tools.command(
      \.ffprobe,
      DemuxerRules.arguments
        + ["-show_entries", entries, "-of", "flat", "-i", "file:\(VideoTools.input)"],
      limits: Command.Limits(memory: memory, processorSeconds: seconds))
    let result: ChildResult
    do {
      result = try ChildProcess.run(
        command, inputFile: file.descriptor, outputLimit: 1 << 20, timeout: .seconds(seconds))
    } catch {
      throw DecoderComplaint.notStarted(error)
    }
    if result.timedOut {
      throw VideoError(.timedOut, "the header could not be read within \(seconds) s")
    }
    guard result.status == .exited(0) else {
      throw DecoderComplaint(status: result.status, errors: result.errors).whenOpening()
    }
    return try CodedVideo(FlatText(result.output), source: source, maxPixels: maxPixels)
  }
}

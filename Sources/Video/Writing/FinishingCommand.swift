import Files
import Processes

/// ffmpeg's arguments for copying the MP4 in fragments that is its descriptor 0 to a whole one, with its index in front, which is
/// its descriptor 1.
struct FinishingCommand {
  var clock: OutputClock
  /// How long the last frame is shown, in ticks.
  var lastFrameDuration: Int64

  /// Room for ffmpeg's libraries and the index, some 100 bytes a packet.
  private static let memory = 3 << 30
  private static let output = "/dev/fd/1"
  /// Out of fragments ffmpeg reads no lengths of Opus and FLAC: without one the last packet would not be heard. It is given the
  /// one before's.
  private static let soundLengths =
    "setts=pts=PTS:dts=DTS:duration=if(gt(DURATION\\,0)\\,DURATION\\,if(N\\,DTS-PREV_INDTS\\,0))"

  /// Writes `whole`, an empty file, from `partial`.
  func run(from partial: OpenFile, to whole: OpenFile, _ tools: VideoTools) throws(VideoError) {
    let ending: StreamingChild.Ending
    do {
      let child = try StreamingChild(
        command(tools), input: .descriptor(partial.descriptor),
        output: .descriptor(whole.descriptor))
      ending = try child.endWriting(whole)
    } catch let error as VideoError {
      throw error
    } catch {
      throw VideoError(.noResources, "the video could not be made whole: \(error)")
    }
    if let error = EncoderComplaint(ending).error { throw error }
    let boxes: MP4Boxes
    do { boxes = try MP4Boxes(of: whole) } catch {
      throw VideoError(.unwritable, "the video can't be read again: \(error.message)")
    }
    guard boxes.areWhole else {
      throw VideoError(.unwritable, "ffmpeg left the video cut off, and did not say why")
    }
  }

  private func command(_ tools: VideoTools) throws(VideoError) -> Command {
    try tools.command(
      \.ffmpeg,
      [
        "-nostdin", "-hide_banner", "-y", "-copyts", "-f", "mov", "-i", "file:\(VideoTools.input)",
        "-map", "0", "-c", "copy", "-map_metadata", "-1",
        // Of this, only the last frame's is taken: the others' lengths follow from their times.
        "-bsf:v", "setts=pts=PTS:dts=DTS:duration=\(lastFrameDuration * clock.unitsPerTick)",
        "-bsf:a", Self.soundLengths,
      ] + clock.arguments + ["-movflags", "+faststart", "-f", "mp4", "file:\(Self.output)"],
      limits: Command.Limits(memory: Self.memory, niceness: 10),
      rights: ["--read", VideoTools.input, "--write", Self.output])
  }
}

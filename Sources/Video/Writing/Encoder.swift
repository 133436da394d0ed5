import Files
import Images
import Processes

/// The ffmpeg that encodes to the partial file. All calls but ``stop()`` come from one thread at a time.
final class Encoder: Sendable {
  /// When it takes no byte for so long, it is given up.
  private static let patience = Duration.seconds(120)

  private let child: StreamingChild
  private let sound: SoundTrack?
  private let stream: MatroskaStream
  private let partial: OpenFile

  /// Starts it.
  ///
  /// - Throws: `VideoError` when it can't be started.
  init(
    writing partial: OpenFile, size: ImageSize, clock: OutputClock, sound: SoundTrack?,
    options: VideoWritingOptions, tools: VideoTools
  ) throws(VideoError) {
    let command = try EncodingCommand(
      size: size, clock: clock, hasSound: sound != nil, options: options
    ).command(tools)
    self.partial = partial
    self.sound = sound
    stream = MatroskaStream(size: size, frameRate: options.frameRate)
    do {
      let pipe = sound?.takePipe()
      defer { withExtendedLifetime(pipe) {} }
      child = try StreamingChild(
        command, input: .written, output: .descriptor(partial.descriptor),
        extraInput: pipe?.descriptor)
    } catch {
      throw DecoderComplaint.notStarted(error)
    }
  }

  /// Gives it a picture, and waits until that is taken.
  func write(_ image: Image, nanoseconds: Int64, isFirst: Bool) throws(VideoError) {
    let head = (isFirst ? stream.header : []) + stream.pictureHeader(nanoseconds: nanoseconds)
    do {
      let isTaken = try head.withUnsafeBytes(send) && image.withPixels { try send(.init($0)) }
      if isTaken { return }
    } catch {
      // It takes no more: its last words tell why.
      throw earlyEnd()
    }
    throw VideoError(.timedOut, "ffmpeg took no frame for \(Self.patience)")
  }

  /// Waits until all is encoded and written.
  ///
  /// - Returns: what a listener should know of the sound.
  func finish() throws(VideoError) -> String? {
    try end()
    return sound?.end()?.warning
  }

  /// Ends the sound where it is, and the file with what there is.
  func cut() throws(VideoError) {
    sound?.stop()
    try end()
  }

  /// Ends all at once, from any thread.
  func stop() {
    child.kill()
    sound?.stop()
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
    try child.write(bytes, within: Self.patience)
  }

  private func end() throws(VideoError) {
    child.closeInput()
    let ending: StreamingChild.Ending
    do {
      ending = try child.endWriting(partial)
    } catch {
      throw VideoError(.noResources, "the video could not be encoded: \(error)")
    }
    if let error = EncoderComplaint(ending).error { throw error }
  }

  private func earlyEnd() -> VideoError {
    do {
      return EncoderComplaint(try child.end(within: .seconds(10))).error
        ?? VideoError(.unwritable, "ffmpeg ended before the video did")
    } catch {
      return VideoError(.noResources, "the video could not be encoded: \(error)")
    }
  }
}

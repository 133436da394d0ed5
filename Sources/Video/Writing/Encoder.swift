import Files
import Images
import Processes

/// The ffmpeg that encodes to MP4 in fragments. All calls but ``stop()`` and ``nextBytes()`` come from one thread at a time.
final class Encoder: Sendable {
  /// Where the fragments go.
  enum Target: Sendable {
    case file(OpenFile)
    /// To who calls ``nextBytes()``.
    case caller
  }

  /// When it takes no byte for so long, it is given up.
  private static let patience = Duration.seconds(120)

  private let child: StreamingChild
  private let sound: SoundTrack?
  private let stream: MatroskaStream
  private let target: Target

  /// Starts it.
  ///
  /// - Throws: `VideoError` when it can't be started.
  init(
    writing target: Target, size: ImageSize, clock: OutputClock, sound: SoundTrack?,
    options: VideoWritingOptions, tools: VideoTools
  ) throws(VideoError) {
    let command = try EncodingCommand(
      size: size, clock: clock, hasSound: sound != nil, options: options
    ).command(tools)
    self.target = target
    self.sound = sound
    stream = MatroskaStream(size: size, frameRate: options.frameRate)
    do {
      let pipe = sound?.takePipe()
      defer { withExtendedLifetime(pipe) {} }
      let output: StreamingChild.Output =
        switch target {
        case .file(let file): .descriptor(file.descriptor)
        case .caller: .read
        }
      child = try StreamingChild(
        command, input: .written, output: output, extraInput: pipe?.descriptor)
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

  /// Waits for the next bytes of the video; nil at its end. Of a ``Target/caller``, in a thread of its own.
  func nextBytes() throws(ProcessError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      _ = try child.wait(for: [.output])
      switch try child.read(.output, into: &buffer) {
      case .bytes(let count): return Array(buffer[..<count])
      case .nothingYet: continue
      case .ended: return nil
      }
    }
  }

  /// Says that no picture comes any more.
  func closeInput() { child.closeInput() }

  /// Waits until all is encoded and written. Of a ``Target/caller``, when all bytes are taken.
  ///
  /// - Returns: what a listener should know of the sound.
  func finish() throws(VideoError) -> String? {
    try end()
    return sound?.end()?.warning
  }

  /// Ends the sound where it is, and the file with what there is.
  func cut() throws(VideoError) {
    cutSound()
    try end()
  }

  /// Ends the sound where it is.
  func cutSound() { sound?.stop() }

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
      switch target {
      case .file(let file): ending = try child.endWriting(file)
      case .caller: ending = try child.end(within: .seconds(10))
      }
    } catch {
      throw VideoError(.noResources, "the video could not be encoded: \(error)")
    }
    if let error = EncoderComplaint(ending).error { throw error }
  }

  private func earlyEnd() -> VideoError {
    // Somebody else may still read from it: whoever ends it finds out why.
    if case .caller = target { return VideoError(.unwritable, "ffmpeg ended before the video did") }
    do {
      return EncoderComplaint(try child.end(within: .seconds(10))).error
        ?? VideoError(.unwritable, "ffmpeg ended before the video did")
    } catch {
      return VideoError(.noResources, "the video could not be encoded: \(error)")
    }
  }
}

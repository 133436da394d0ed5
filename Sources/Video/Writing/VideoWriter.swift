package import Files
public import Images

/// Writes a video: H.264 in MP4 (8 bit, 4:2:0, BT.709), with exact times, and with the sound of the video that was read.
///
///     let reader = try VideoReader(.path("dance.mp4"))
///     let writer = try VideoWriter(to: "drawn.mp4", like: reader)
///     while let frame = try reader.next() {
///       try writer.write(draw(on: frame.image), ticks: frame.ticks - reader.origin)
///     }
///     for warning in try writer.finish() { print(warning) }
///
/// Until it is whole, the video lies beside its place, as "drawn.partial.mp4" for "drawn.mp4", in fragments of about two
/// seconds, which play even when this process is killed. Encoding goes on in a process of its own while the caller works on the
/// next frame.
public final class VideoWriter: Sendable {
  /// Where the whole video will be.
  public var path: String { output.path }
  /// Where the video lies until it is whole.
  public var partialPath: String { output.partialPath }

  private let tools: VideoTools
  private let output: OutputFile
  private let encoding: FrameEncoding

  // MARK: Beginning

  /// Whether the name is that of a file that can be written: it ends in .mp4, .m4v or .mov.
  public static func canWrite(_ path: String) -> Bool {
    (try? OutputFile.partialPath(for: path)) != nil
  }

  /// Begins a video of frames of one size.
  ///
  /// - Parameters:
  ///   - path: the file, with the ending .mp4, .m4v or .mov. One that is there is replaced by the whole video, and by nothing
  ///     less.
  ///   - size: the size of every frame; an odd side is made even by a black line.
  ///   - timeBase: the unit of the frames' times.
  ///   - sound: the sound, as ``VideoReader/sound`` has it; nil for none.
  /// - Throws: `VideoError` when nothing can be written there, when the file of the sound lies there, or when no encoder can be
  ///   started.
  public convenience init(
    to path: String, size: ImageSize, timeBase: TimeBase, sound: SoundSource? = nil,
    options: VideoWritingOptions = VideoWritingOptions()
  ) throws {
    try self.init(
      to: path, size: size, timeBase: timeBase, sound: sound, sources: [], options: options,
      tools: VideoTools())
  }

  /// Begins a video of frames like those that `reader` gives, with its sound, and never in place of the file that it reads.
  ///
  /// Times are to be given as `frame.ticks - reader.origin`.
  ///
  /// - Parameters:
  ///   - path: the file, with the ending .mp4, .m4v or .mov.
  ///   - size: the size of every frame, if it is not the reader's.
  ///   - withSound: whether its sound is taken over.
  ///   - options: nil for the usual ones, with the reader's frame rate.
  /// - Throws: as ``init(to:size:timeBase:sound:options:)``.
  public convenience init(
    to path: String, like reader: VideoReader, size: ImageSize? = nil, withSound: Bool = true,
    options: VideoWritingOptions? = nil
  ) throws {
    try self.init(
      to: path, size: size ?? reader.info.size, timeBase: reader.info.timeBase,
      sound: withSound ? reader.sound : nil, sources: [reader.identity].compactMap(\.self),
      options: options ?? .usual(for: reader.info), tools: VideoTools())
  }

  /// Begins a video with these programs, and never in place of one of `sources`.
  package init(
    to path: String, size: ImageSize, timeBase: TimeBase, sound: SoundSource?,
    sources: [FileIdentity], options: VideoWritingOptions, tools: VideoTools
  ) throws {
    let shape = try FrameEncoding.Shape(size, timeBase)
    let output = try OutputFile(
      path, sources: sources + [sound?.file.identity].compactMap(\.self))
    do {
      encoding = try FrameEncoding(
        shape, to: .file(output.partial), sound: sound, options: options, tools: tools)
    } catch {
      try output.removePartial()
      throw error
    }
    self.tools = tools
    self.output = output
  }

  deinit { abandon() }

  /// What is to be told besides errors: sound that can't be read, ends early or is damaged. Known in full after
  /// ``finish(lastFrameDuration:)``.
  public var warnings: [String] { encoding.warnings }

  // MARK: Frames

  /// Adds a frame, and waits while the encoder is behind: not for Swift's shared pool, and for one thread at a time.
  ///
  /// - Parameter ticks: when it is shown, in the time base's ticks since the video's beginning: 0 or more, and more than the
  ///   frame before has. In a gap that MP4 can't tell (17 minutes in microseconds, 12 in ticks of 1/90000 s) the frame before
  ///   is shown again.
  /// - Throws: `VideoError`: ``VideoError/Code/badFrame`` for another size or such a time, which does the video no harm; else
  ///   why nothing more can be written, the same on every later call. What was written until then is at ``partialPath``.
  public func write(_ image: Image, ticks: Int64) throws {
    do { try encoding.write(image, ticks: ticks) } catch {
      throw error.code == .badFrame || encoding.hasEnded ? error : toldWhereItIs(error)
    }
  }

  // MARK: The end

  /// Ends the video, makes it whole and puts it in its place. It blocks.
  ///
  /// - Parameter lastFrameDuration: how long the last frame is shown, in ticks; nil for the average of the others.
  /// - Returns: ``warnings``.
  /// - Throws: `VideoError` when it could not be written to its end, or no frame was given: what was in its place before is
  ///   there still, and what was written is at ``partialPath``.
  @discardableResult
  public func finish(lastFrameDuration: Int64? = nil) throws -> [String] {
    guard encoding.beginEnding() else { throw FrameEncoding.ended }
    guard !encoding.isEmpty else {
      encoding.stop()
      try encoding.finishFrames()
      try output.removePartial()
      throw FrameEncoding.withoutFrames
    }
    do {
      try encoding.finishFrames()
      try encoding.finishFile()
      try output.replace { (whole) throws(VideoError) in
        try FinishingCommand(
          clock: encoding.shape.clock, lastFrameDuration: encoding.duration(lastFrameDuration)
        ).run(from: output.partial, to: whole, tools)
      }
    } catch {
      encoding.stop()
      throw toldWhereItIs(error)
    }
    try output.removePartial()
    return warnings
  }

  /// Ends the video early: all that was given is written, its fragments are whole, and it stays at ``partialPath``. It blocks,
  /// and is not for the time while another call goes on. After ``finish(lastFrameDuration:)`` it does nothing.
  ///
  /// - Returns: where the video lies; nil when there is nothing of it, or when it has ended before.
  @discardableResult
  public func abandon() -> String? {
    guard encoding.beginEnding() else { return nil }
    if encoding.isEmpty { encoding.stop() }
    do {
      try encoding.finishFrames()
      try encoding.cut()
    } catch {
      // Said already, or nothing was lost: the fragments that are whole play without the last.
      encoding.stop()
    }
    return keepsPartial() ? partialPath : nil
  }

  /// Removes a partial file without a byte in it.
  private func keepsPartial() -> Bool {
    do {
      if try output.partial.kind() != .regular(size: 0) { return true }
      try output.removePartial()
      return false
    } catch {
      return true
    }
  }

  private func toldWhereItIs(_ error: any Error) -> VideoError {
    let error = error as? VideoError ?? VideoError(.unwritable, "\(error)")
    guard keepsPartial() else { return error }
    return VideoError(
      error.code, "\(error.message); what was written until then is \(partialPath.shownPath)")
  }
}

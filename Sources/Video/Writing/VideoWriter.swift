package import Files
public import Images
import Synchronization

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

  private let size: ImageSize
  private let clock: OutputClock
  private let options: VideoWritingOptions
  private let tools: VideoTools
  private let output: OutputFile
  private let encoder: Encoder
  private let frames: EncodingThread
  private let state: Mutex<State>

  private struct State {
    var first: Int64?
    var last: Int64?
    var count = 0
    var hasEnded = false
    var warnings: [String] = []
  }

  /// How often a frame is shown again in a gap: for eight months of microseconds.
  private static let mostRepeats: Int64 = 20_000
  /// x264's largest picture.
  private static let longestSide = 16_384

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
    var usual = VideoWritingOptions()
    if let rate = reader.info.frameRate, rate > 0, rate <= 1000 { usual.frameRate = rate }
    try self.init(
      to: path, size: size ?? reader.info.size, timeBase: reader.info.timeBase,
      sound: withSound ? reader.sound : nil, sources: [reader.identity].compactMap(\.self),
      options: options ?? usual, tools: VideoTools())
  }

  /// Begins a video with these programs, and never in place of one of `sources`.
  package init(
    to path: String, size: ImageSize, timeBase: TimeBase, sound: SoundSource?,
    sources: [FileIdentity], options: VideoWritingOptions, tools: VideoTools
  ) throws {
    guard size.width > 0, size.height > 0, max(size.width, size.height) <= Self.longestSide else {
      throw VideoError(
        .tooLarge, "frames of \(size) pixels; 1 to \(Self.longestSide) a side can be written")
    }
    let clock = try OutputClock(timeBase)
    let output = try OutputFile(
      path, sources: sources + [sound?.file.identity].compactMap(\.self))
    do {
      var (track, warning): (SoundTrack?, String?) = (nil, nil)
      if let sound { (track, warning) = try SoundTrack.start(sound, tools) }
      let encoder = try Encoder(
        writing: output.partial, size: size, clock: clock, sound: track, options: options,
        tools: tools)
      self.encoder = encoder
      frames = try EncodingThread(encoder, clock)
      state = Mutex(State(warnings: [warning].compactMap(\.self)))
    } catch {
      try output.removePartial()
      throw error
    }
    self.size = size
    self.clock = clock
    self.options = options
    self.tools = tools
    self.output = output
  }

  deinit { abandon() }

  /// What is to be told besides errors: sound that can't be read, ends early or is damaged. Known in full after
  /// ``finish(lastFrameDuration:)``.
  public var warnings: [String] { state.withLock { $0.warnings } }

  // MARK: Frames

  /// Adds a frame, and waits while the encoder is behind: not for Swift's shared pool, and for one thread at a time.
  ///
  /// - Parameter ticks: when it is shown, in the time base's ticks since the video's beginning: 0 or more, and more than the
  ///   frame before has. In a gap that MP4 can't tell (17 minutes in microseconds, 12 in ticks of 1/90000 s) the frame before
  ///   is shown again.
  /// - Throws: `VideoError`: ``VideoError/Code/badFrame`` for another size or such a time, which does the video no harm; else
  ///   why nothing more can be written, the same on every later call. What was written until then is at ``partialPath``.
  public func write(_ image: Image, ticks: Int64) throws {
    let (last, hasEnded) = state.withLock { ($0.last, $0.hasEnded) }
    guard !hasEnded else { throw Self.ended }
    guard image.size == size else {
      throw VideoError(.badFrame, "a frame of \(image.size) pixels in a video of \(size)")
    }
    guard clock.nanoseconds(ticks) != nil else {
      throw VideoError(.badFrame, "a frame at \(ticks) ticks; times are from 0 to 73 years")
    }
    if let last, ticks <= last {
      throw VideoError(.badFrame, "a frame at \(ticks) ticks after one at \(last); times must rise")
    }
    if let last, (ticks - last) / clock.longestStep > Self.mostRepeats {
      throw VideoError(
        .badFrame, "a frame at \(ticks) ticks after one at \(last); the gap is too long for an MP4")
    }
    do { try frames.put(image, ticks: ticks) } catch { throw toldWhereItIs(error) }
    state.withLock { state in
      state.first = state.first ?? ticks
      state.last = ticks
      state.count += 1
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
    guard beginEnding() else { throw Self.ended }
    guard state.withLock({ $0.count }) > 0 else {
      encoder.stop()
      try frames.finish()
      try output.removePartial()
      throw VideoError(.empty, "no frame was written")
    }
    do {
      try frames.finish()
      if let warning = try encoder.finish() { state.withLock { $0.warnings.append(warning) } }
      try output.replace { (whole) throws(VideoError) in
        try FinishingCommand(clock: clock, lastFrameDuration: duration(lastFrameDuration))
          .run(from: output.partial, to: whole, tools)
      }
    } catch {
      encoder.stop()
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
    guard beginEnding() else { return nil }
    if state.withLock({ $0.count }) == 0 { encoder.stop() }
    do {
      try frames.finish()
      try encoder.cut()
    } catch {
      // Said already, or nothing was lost: the fragments that are whole play without the last.
      encoder.stop()
    }
    return keepsPartial() ? partialPath : nil
  }

  private static let ended = VideoError(.unwritable, "the video has ended")

  /// False when it has ended before.
  private func beginEnding() -> Bool {
    state.withLock { state in
      defer { state.hasEnded = true }
      return !state.hasEnded
    }
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

  /// How long the last frame is shown, in ticks.
  private func duration(_ wanted: Int64?) -> Int64 {
    let (first, last, count) = state.withLock { ($0.first ?? 0, $0.last ?? 0, Int64($0.count)) }
    let usual = count > 1 ? (last - first) / (count - 1) : clock.ticks(1 / options.frameRate)
    guard let wanted, wanted > 0, !last.addingReportingOverflow(wanted).overflow,
      clock.nanoseconds(last + wanted) != nil
    else { return usual }
    return wanted
  }
}

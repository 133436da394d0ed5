import Images
import Synchronization

/// Frames on their way into a video: what every written video has, wherever its fragments go.
final class FrameEncoding: Sendable {
  /// Frames of one size, and their times.
  struct Shape: Sendable {
    let size: ImageSize
    let clock: OutputClock

    /// x264's largest picture.
    private static let longestSide = 16_384

    /// - Throws: `VideoError` for what can't be written.
    init(_ size: ImageSize, _ timeBase: TimeBase) throws(VideoError) {
      guard size.width > 0, size.height > 0, max(size.width, size.height) <= Self.longestSide else {
        throw VideoError(
          .tooLarge, "frames of \(size) pixels; 1 to \(Self.longestSide) a side can be written")
      }
      self.size = size
      clock = try OutputClock(timeBase)
    }
  }

  private struct State {
    var first: Int64?
    var last: Int64?
    var count = 0
    var hasEnded = false
    var warnings: [String] = []
  }

  static let ended = VideoError(.unwritable, "the video has ended")
  static let withoutFrames = VideoError(.empty, "no frame was written")
  /// How often a frame is shown again in a gap: for eight months of microseconds.
  private static let mostRepeats: Int64 = 20_000

  let shape: Shape
  private let options: VideoWritingOptions
  private let encoder: Encoder
  private let frames: EncodingThread
  private let state: Mutex<State>

  /// - Throws: `VideoError` when no encoder can be started.
  init(
    _ shape: Shape, to target: Encoder.Target, sound: SoundSource?, options: VideoWritingOptions,
    tools: VideoTools
  ) throws(VideoError) {
    var (track, warning): (SoundTrack?, String?) = (nil, nil)
    if let sound { (track, warning) = try SoundTrack.start(sound, tools) }
    encoder = try Encoder(
      writing: target, size: shape.size, clock: shape.clock, sound: track, options: options,
      tools: tools)
    frames = try EncodingThread(encoder, shape.clock)
    state = Mutex(State(warnings: [warning].compactMap(\.self)))
    (self.shape, self.options) = (shape, options)
  }

  /// What is to be told besides errors.
  var warnings: [String] { state.withLock { $0.warnings } }
  var isEmpty: Bool { state.withLock { $0.count == 0 } }
  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  // MARK: Frames

  /// Adds a frame, and waits while the encoder is behind.
  func write(_ image: Image, ticks: Int64) throws(VideoError) {
    let (last, hasEnded) = state.withLock { ($0.last, $0.hasEnded) }
    let clock = shape.clock
    guard !hasEnded else { throw Self.ended }
    guard image.size == shape.size else {
      throw VideoError(
        .badFrame, "a frame of \(image.size) pixels in a video of \(shape.size)")
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
    try frames.put(image, ticks: ticks)
    state.withLock { state in
      state.first = state.first ?? ticks
      state.last = ticks
      state.count += 1
    }
  }

  /// The next bytes of a ``Encoder/Target/caller``'s video, as ``Encoder/nextBytes()`` has them.
  func nextBytes() throws -> [UInt8]? { try encoder.nextBytes() }

  // MARK: The end

  /// False when it has ended before.
  func beginEnding() -> Bool {
    state.withLock { state in
      defer { state.hasEnded = true }
      return !state.hasEnded
    }
  }

  /// Waits until the encoder has all frames.
  func finishFrames() throws(VideoError) { try frames.finish() }

  /// Tells the encoder that it has all frames, without waiting for what it makes of them.
  func closeInput() { encoder.closeInput() }

  /// Waits until all is encoded and written.
  func finishFile() throws(VideoError) {
    if let warning = try encoder.finish() { state.withLock { $0.warnings.append(warning) } }
  }

  /// Ends the sound where it is.
  func cutSound() { encoder.cutSound() }

  /// Ends the sound where it is, and the file with what there is.
  func cut() throws(VideoError) { try encoder.cut() }

  /// Ends all at once, from any thread.
  func stop() { encoder.stop() }

  /// How long the last frame is shown, in ticks.
  ///
  /// - Parameter wanted: nil for the average of the others.
  func duration(_ wanted: Int64?) -> Int64 {
    let (first, last, count) = state.withLock { ($0.first ?? 0, $0.last ?? 0, Int64($0.count)) }
    let clock = shape.clock
    let usual = count > 1 ? (last - first) / (count - 1) : clock.ticks(1 / options.frameRate)
    guard let wanted, wanted > 0, !last.addingReportingOverflow(wanted).overflow,
      clock.nanoseconds(last + wanted) != nil
    else { return usual }
    return wanted
  }
}

import Files
import Images
import PixelKernels
import Processes
import Synchronization

/// Frames that an ffmpeg process decodes.
final class FFmpegFrames: FrameSource {
  /// Without a byte or a record for so long, the decoder is given up.
  static let patience = Duration.seconds(60)

  private let input: DecoderInput
  private let video: CodedVideo
  private let selection: FrameSelection
  private let options: VideoReadingOptions
  private let tools: VideoTools
  private let endIsMissing: Bool
  private var lastFrameMayBeCut: Bool {
    endIsMissing && FileEnd.mayCutLastFrame(container: video.info.container)
  }
  private let decoding: Mutex<Decoding>
  private let stopping = Mutex(Stopping())

  /// What another thread may do to the children.
  private struct Stopping {
    var children: [StreamingChild] = []
    var isStopped = false
  }

  /// - Throws: `VideoError` when ffmpeg can't be started, or can't do what the video needs.
  init(
    _ input: DecoderInput, _ video: CodedVideo, _ options: VideoReadingOptions, _ tools: VideoTools
  ) throws(VideoError) {
    self.input = input
    self.video = video
    self.options = options
    self.tools = tools
    selection = FrameSelection(options, of: video.info)
    if video.hdr != nil, try !FilterSupport.has("zscale", tools) {
      throw VideoError(
        .unsupported,
        "it is HDR video, for which this ffmpeg lacks the filter zscale; Debian's ffmpeg has it")
    }
    do {
      endIsMissing =
        try input.file.map { try FileEnd.isMissing($0, container: video.info.container) } ?? false
    } catch let error as FileError {
      throw VideoError(.unreadable, error.message)
    } catch {
      throw VideoError(.unreadable, "\(error)")
    }
    decoding = Mutex(Decoding())
    let seek = input.isFile ? SeekPlan(selection, video.info).time : nil
    try decoding.withLock { (decoding) throws(VideoError) in
      decoding.seek = seek
      decoding.stopsAtDamage = !video.isTransportStream
      try start(&decoding)
    }
  }

  // MARK: FrameSource

  func next() throws(VideoError) -> VideoFrame? {
    let result: Result<VideoFrame?, VideoError> = decoding.withLock { decoding in
      do throws(VideoError) { return .success(try next(&decoding)) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  func stop() {
    let children = stopping.withLock { stopping in
      stopping.isStopped = true
      return stopping.children
    }
    for child in children { child.kill() }
  }

  func end() {
    stop()
    stopping.withLock { $0.children = [] }
    decoding.withLock { $0.child = nil }
  }

  private var isStopped: Bool { stopping.withLock { $0.isStopped } }

  // MARK: The child

  /// What one run of ffmpeg has told so far.
  private struct Decoding {
    var child: StreamingChild?
    /// Where this run began, in seconds on the file's own clock; nil for the beginning.
    var seek: Double?
    /// Whether the run ends itself at the first damage.
    var stopsAtDamage = true
    var times = FrameTimes()
    var extraEnded = false
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    /// The last frame of a file whose end is missing is not known to be whole.
    var heldBack: VideoFrame?
    /// The time of the frame that a file whose end is missing has cut off, in ticks.
    var cutOff: Int64?
    var last: VideoError.Place?
    var isFinished = false
  }

  private func start(_ decoding: inout Decoding) throws(VideoError) {
    let plan = DecodingCommand(
      input: input, video: video, selection: selection, options: options, seek: decoding.seek,
      stopsAtDamage: decoding.stopsAtDamage)
    decoding.child = try run(plan.command(tools), extraOutput: true)
    decoding.times = FrameTimes(givesAll: !selection.isPartial)
    decoding.extraEnded = false
  }

  /// Starts a child that another thread can stop.
  private func run(
    _ command: Command, extraOutput: Bool = false
  ) throws(VideoError) -> StreamingChild {
    let child: StreamingChild
    do {
      child = try input.start(command, extraOutput: extraOutput)
    } catch {
      throw DecoderComplaint.notStarted(error)
    }
    let isStopped = stopping.withLock { stopping in
      stopping.children.append(child)
      return stopping.isStopped
    }
    if isStopped { child.kill() }
    return child
  }

  /// Ends a child that ``run(_:extraOutput:)`` started, as soon as it ends by itself, or at once.
  private func end(
    _ child: StreamingChild, atOnce: Bool = false
  ) throws(VideoError) -> StreamingChild.Ending {
    stopping.withLock { $0.children.removeAll { $0 === child } }
    do {
      return try child.end(within: atOnce ? .zero : .seconds(10))
    } catch {
      throw VideoError(.noResources, "the video could not be decoded now: \(error)")
    }
  }

  private func next(_ decoding: inout Decoding) throws(VideoError) -> VideoFrame? {
    while !decoding.isFinished {
      do {
        guard let pixels = try readPixels(&decoding) else {
          try finish(&decoding)
          // What was wanted ends before the damage.
          if decoding.isFinished, let frame = decoding.heldBack.take() {
            return give(frame, &decoding)
          }
          continue
        }
        let frame = try frame(pixels, &decoding)
        if !lastFrameMayBeCut {
          try stopAtDamage(&decoding)
          return give(frame, &decoding)
        }
        if let whole = try holdBack(frame, &decoding) { return give(whole, &decoding) }
      } catch let error as VideoError {
        decoding.isFinished = true
        throw error
      } catch {
        decoding.isFinished = true
        throw VideoError(.noResources, "the video could not be decoded now: \(error)")
      }
    }
    return nil
  }

  /// Of a file whose end is missing: `frame`, or the one before it, or nil, so that the one that is cut off is never given.
  private func holdBack(
    _ frame: VideoFrame, _ decoding: inout Decoding
  ) throws(VideoError) -> VideoFrame? {
    switch video.info.container {
    case VideoInfo.transportStream:
      if decoding.cutOff == nil { decoding.cutOff = try lastPacket() }
      return frame.ticks == decoding.cutOff ? nil : frame
    case "gif":
      defer { decoding.heldBack = frame }
      return decoding.heldBack
    default: return frame
    }
  }

  /// The time of the last packet that is stored, in ticks, where it can be told: it is not shown last.
  private func lastPacket() throws(VideoError) -> Int64? {
    let child = try run(PacketList.command(video.streamIndex, until: nil, tools))
    do {
      var last: Int64?
      let isWhole = try PacketList.read(child) { last = $0.ticks ?? last }
      _ = try end(child, atOnce: !isWhole)
      return last
    } catch {
      throw VideoError(.noResources, "the video could not be decoded now: \(error)")
    }
  }

  private func give(_ frame: VideoFrame, _ decoding: inout Decoding) -> VideoFrame {
    decoding.last = VideoError.Place(index: frame.index, time: frame.time)
    return frame
  }

  /// One frame's bytes; nil at the end of the stream.
  private func readPixels(_ decoding: inout Decoding) throws -> [UInt8]? {
    let byteCount = Image.bytesPerPixel * video.info.size.pixelCount
    let pixels = try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
      while filled < byteCount, let child = decoding.child {
        let streams: Set<StreamingChild.Stream> =
          decoding.extraEnded ? [.output] : [.output, .extra]
        guard try child.wait(for: streams, within: Self.patience) else { throw stalled(decoding) }
        try readRecords(&decoding, child)
        // Started anew.
        guard decoding.child === child else {
          filled = 0
          continue
        }
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<byteCount])
        switch try child.read(.output, into: rest) {
        case .bytes(let count): filled += count
        case .nothingYet: break
        case .ended: return
        }
      }
    }
    return pixels.count == byteCount ? pixels : nil
  }

  /// Takes in the records that are there.
  private func readRecords(_ decoding: inout Decoding, _ child: StreamingChild) throws {
    guard !decoding.extraEnded else { return }
    switch try child.read(.extra, into: &decoding.chunk) {
    case .nothingYet: break
    case .ended: decoding.extraEnded = true
    case .bytes(let count):
      decoding.times.add(decoding.chunk[..<count])
      try placeAfterSeek(&decoding)
    }
  }

  /// After a seek: finds out which frame of the source the first decoded one is, and starts at the beginning of the file where
  /// that can't be told, or where frames that are wanted lie before it.
  private func placeAfterSeek(_ decoding: inout Decoding) throws {
    guard let seek = decoding.seek, !decoding.times.isPlaced, let first = decoding.times.first,
      let wanted = selection.first
    else { return }
    var count: PacketCount?
    if let frame = first {
      let time = max(seek, video.info.timeBase.seconds(frame))
      let child = try run(PacketList.command(video.streamIndex, until: time, tools))
      var counting = PacketCount(frame: frame, wanted: wanted)
      let isWhole = try PacketList.read(child) { counting.add($0) }
      if isWhole, try end(child).status == .exited(0) { count = counting }
    }
    if let count, count.isReliable, !count.missesWanted {
      decoding.times.place(firstIndex: count.before)
      return
    }
    if let child = decoding.child { _ = try end(child, atOnce: true) }
    decoding.seek = nil
    try start(&decoding)
  }

  private func frame(_ pixels: [UInt8], _ decoding: inout Decoding) throws -> VideoFrame {
    guard let child = decoding.child else { throw damaged("no decoder", decoding) }
    // Written before the frame was.
    while decoding.times.given.isEmpty {
      guard !decoding.extraEnded else { throw damaged("its times ended early", decoding) }
      guard try child.wait(for: [.extra], within: Self.patience) else { throw stalled(decoding) }
      try readRecords(&decoding, child)
    }
    let (index, time) = decoding.times.given.removeFirst()
    guard let ticks = time else { throw damaged("the next frame has no time", decoding) }
    var pixels = pixels
    if video.hasAlpha {
      pixels.withUnsafeMutableBufferPointer { Conversion.composeOnWhite(bgra: $0) }
    }
    let info = video.info
    return VideoFrame(
      image: Image(size: info.size, bgrx: pixels),
      time: info.timeBase.seconds(ticks.subtractingReportingOverflow(info.zero).partialValue),
      ticks: ticks, index: index)
  }

  // MARK: The end

  /// The child has written its last byte: finds out why.
  ///
  /// - Throws: when that is no proper end. Returns with the decoder started anew where that is worth a try.
  private func finish(_ decoding: inout Decoding) throws(VideoError) {
    decoding.isFinished = true
    guard let child = decoding.child else { return }
    decoding.child = nil
    let ending = try end(child)
    if isStopped { return }
    let complaint = DecoderComplaint(
      status: ending.status, errors: ending.errors, hiding: input.address)
    if let error = complaint.machineError { throw error }
    let isEnd = ending.status == .exited(0)
    if isEnd, let end = selection.end, decoding.times.latest ?? .min >= end { return }
    if !isEnd, decoding.stopsAtDamage, decoding.last == nil, complaint.isAboutFrames {
      // Streams that were cut out of others, and places that were sought, begin with frames that lack their references.
      decoding.stopsAtDamage = false
      try start(&decoding)
      decoding.isFinished = false
      return
    }
    if !isEnd || complaint.isAboutFile { throw damaged(complaint.words, decoding) }
    if endIsMissing { throw damaged("the end of the file is missing", decoding) }
    if decoding.last == nil, !selection.isPartial {
      throw VideoError(.noVideo, "it has a video stream, but no frame in it")
    }
  }

  /// Where ffmpeg does not stop itself: forgets what it said before the first frame, and stops at what it says after.
  private func stopAtDamage(_ decoding: inout Decoding) throws {
    guard !decoding.stopsAtDamage, let child = decoding.child, try child.hasComplained() else {
      return
    }
    let complaint = DecoderComplaint(
      status: .exited(0), errors: child.takeErrors(), hiding: input.address)
    guard decoding.last != nil, complaint.isAboutFrames || complaint.isAboutFile else { return }
    decoding.child = nil
    _ = try end(child, atOnce: true)
    throw damaged(complaint.words, decoding)
  }

  private func damaged(_ reason: String, _ decoding: Decoding) -> VideoError {
    let place =
      decoding.last.map {
        "it is cut off or damaged after frame \($0.index) at \(Self.rounded($0.time)) s"
      } ?? "it is cut off or damaged: no whole frame could be read"
    return VideoError(.damaged, "\(place); \(reason)", after: decoding.last)
  }

  private func stalled(_ decoding: Decoding) -> VideoError {
    let place = decoding.last.map { "after frame \($0.index) at \(Self.rounded($0.time)) s " } ?? ""
    return VideoError(
      .timedOut, "\(place)nothing came from ffmpeg for \(Self.patience)", after: decoding.last)
  }

  private static func rounded(_ time: Double) -> Double { (time * 1000).rounded() / 1000 }
}

import Files
import Images
import PixelKernels
import Processes
import Synchronization

/// Frames that an ffmpeg process decodes.
final class FFmpegFrames: FrameSource {
  /// Without a byte or a record for so long, the decoder is given up.
  static let patience = Duration.seconds(60)

  private let file: OpenFile
  private let video: CodedVideo
  private let selection: FrameSelection
  private let options: VideoReadingOptions
  private let tools: VideoTools
  private let decoding: Mutex<Decoding>
  private let stopping = Mutex(Stopping())

  /// What another thread may do to the child.
  private struct Stopping {
    var child: StreamingChild?
    var isStopped = false
  }

  /// - Throws: `VideoError` when ffmpeg can't be started, or can't do what the video needs.
  init(
    _ file: OpenFile, _ video: CodedVideo, _ options: VideoReadingOptions, _ tools: VideoTools
  ) throws(VideoError) {
    self.file = file
    self.video = video
    self.options = options
    self.tools = tools
    selection = FrameSelection(options, of: video.info)
    if video.hdr != nil, try !FilterSupport.has("zscale", tools) {
      throw VideoError(
        .unsupported,
        "it is HDR video, for which this ffmpeg lacks the filter zscale; Debian's ffmpeg has it")
    }
    decoding = Mutex(Decoding())
    let seek = SeekPlan(selection, video.info)
    try decoding.withLock { (decoding) throws(VideoError) in
      decoding.seek = seek.time
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
    let child = stopping.withLock { stopping in
      stopping.isStopped = true
      return stopping.child
    }
    child?.kill()
  }

  func end() {
    stop()
    stopping.withLock { $0.child = nil }
    decoding.withLock { $0.child = nil }
  }

  private var isStopped: Bool { stopping.withLock { $0.isStopped } }

  // MARK: The child

  /// What one run of ffmpeg has told so far.
  private struct Decoding {
    var child: StreamingChild?
    var records = FrameRecords()
    /// Times of frames that are decoded and neither given nor passed over.
    var decoded: [Int64?] = []
    /// The source's index of the first of `decoded`.
    var firstIndex = 0
    /// Times of frames that are given and whose pixels are not read yet.
    var given: [Int64?] = []
    var extraEnded = false
    var seek: Double?
    var stopsAtDamage = true
    var last: VideoError.Place?
    var isFinished = false
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
  }

  private func start(_ decoding: inout Decoding) throws(VideoError) {
    let plan = DecodingCommand(
      video: video, selection: selection, options: options, seek: decoding.seek,
      stopsAtDamage: decoding.stopsAtDamage)
    let command = try plan.command(tools)
    let child: StreamingChild
    do {
      child = try StreamingChild(
        command, input: .descriptor(file.descriptor), extraOutput: true)
    } catch {
      throw DecoderComplaint.notStarted(error)
    }
    decoding.child = child
    decoding.records = FrameRecords()
    decoding.decoded = []
    decoding.given = []
    decoding.firstIndex = 0
    decoding.extraEnded = false
    let isStopped = stopping.withLock { stopping in
      stopping.child = child
      return stopping.isStopped
    }
    if isStopped { child.kill() }
  }

  private func next(_ decoding: inout Decoding) throws(VideoError) -> VideoFrame? {
    while !decoding.isFinished {
      do {
        if let pixels = try readPixels(&decoding) { return try frame(pixels, &decoding) }
      } catch let error as VideoError {
        decoding.isFinished = true
        throw error
      } catch {
        decoding.isFinished = true
        throw VideoError(.noResources, "the video could not be decoded now: \(error)")
      }
      try finish(&decoding)
    }
    return nil
  }

  /// One frame's bytes; nil at the end of the stream.
  private func readPixels(_ decoding: inout Decoding) throws -> [UInt8]? {
    guard let child = decoding.child else { return nil }
    let byteCount = Image.bytesPerPixel * video.info.size.pixelCount
    let pixels = try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
      while filled < byteCount {
        let streams: Set<StreamingChild.Stream> =
          decoding.extraEnded ? [.output] : [.output, .extra]
        guard try child.wait(for: streams, within: Self.patience) else { throw stalled(decoding) }
        try readRecords(&decoding, child)
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
    let reading = try decoding.chunk.withUnsafeMutableBytes { try child.read(.extra, into: $0) }
    switch reading {
    case .nothingYet: break
    case .ended: decoding.extraEnded = true
    case .bytes(let count):
      let givesAll = !selection.isPartial
      var new: [FrameRecords.Record] = []
      decoding.records.add(decoding.chunk[..<count]) { new.append($0) }
      for record in new {
        switch record.key {
        case .decoded:
          decoding.decoded.append(record.ticks)
          if givesAll { decoding.given.append(record.ticks) }
        case .given: decoding.given.append(record.ticks)
        }
      }
    }
  }

  private func frame(_ pixels: [UInt8], _ decoding: inout Decoding) throws -> VideoFrame {
    guard let child = decoding.child else { throw damaged("no decoder", decoding) }
    // Written before the frame was.
    while decoding.given.isEmpty {
      guard !decoding.extraEnded else { throw damaged("its times ended early", decoding) }
      guard try child.wait(for: [.extra], within: Self.patience) else { throw stalled(decoding) }
      try readRecords(&decoding, child)
    }
    guard let ticks = decoding.given.removeFirst() else {
      throw damaged("the next frame has no time", decoding)
    }
    // Those before it were passed over.
    while let passed = decoding.decoded.first, passed != ticks {
      decoding.decoded.removeFirst()
      decoding.firstIndex += 1
    }
    let index = decoding.firstIndex
    if !decoding.decoded.isEmpty {
      decoding.decoded.removeFirst()
      decoding.firstIndex += 1
    }
    var pixels = pixels
    if video.hasAlpha {
      pixels.withUnsafeMutableBufferPointer { Conversion.composeOnWhite(bgra: $0) }
    }
    let info = video.info
    let time = info.timeBase.seconds(ticks - info.zero)
    decoding.last = VideoError.Place(index: index, time: time)
    return VideoFrame(
      image: Image(size: info.size, bgrx: pixels), time: time, ticks: ticks, index: index)
  }

  // MARK: The end

  /// The child has written its last byte: finds out why.
  ///
  /// - Throws: when that is no proper end. Returns with the decoder started anew where that is worth a try.
  private func finish(_ decoding: inout Decoding) throws(VideoError) {
    decoding.isFinished = true
    guard let child = decoding.child else { return }
    decoding.child = nil
    stopping.withLock { $0.child = nil }
    let ending: StreamingChild.Ending
    do {
      ending = try child.end(within: .seconds(10))
    } catch {
      throw VideoError(.noResources, "the video could not be decoded now: \(error)")
    }
    if isStopped { return }
    let complaint = DecoderComplaint(status: ending.status, errors: ending.errors)
    if let error = complaint.machineError { throw error }
    let isEnd = ending.status == .exited(0)
    if !isEnd, decoding.stopsAtDamage, decoding.last == nil, complaint.isAboutFrames {
      // Streams that were cut out of others, and places that were sought, begin with frames that lack their references.
      decoding.stopsAtDamage = false
      try start(&decoding)
      decoding.isFinished = false
      return
    }
    if !isEnd || complaint.isAboutFile { throw damaged(complaint.words, decoding) }
    if decoding.last == nil, !selection.isPartial {
      throw VideoError(.noVideo, "it has a video stream, but no frame in it")
    }
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

import Files
package import PoseFormats
package import Stance
package import Video

/// Who is told of a clip while it is gone through, on the thread that does so.
package protocol ClipReport: AnyObject {
  /// Whether the work shall end where it is.
  var shallEnd: Bool { get }
  /// What the results are made of: before the first of them.
  func begin(_ header: ResultsHeader) throws
  /// Who is in the next frame.
  func add(_ frame: TrackedFrame) throws
  /// A frame was read.
  ///
  /// - Parameter isSecondTime: whether it was only decoded again, to be drawn on.
  func advance(isSecondTime: Bool, of total: Int?)
  /// What happened to a live source.
  func tell(_ event: VideoEvent)
  /// What is not as it was asked for, for a person.
  func remark(_ text: String)
}

/// A clip from its first frame to its last: who is in it is reported, and handed to what is made of it.
package struct ClipRun {
  private let reader: VideoReader
  private let options: ClipOptions
  private let pose: PoseOptions
  private let tracking: TrackingOptions
  private let precision: Precision
  private let lane: OutputLane?
  private let folder: String?
  private let readAgain: () throws -> VideoReader

  /// A run through what `reader` reads.
  ///
  /// - Parameters:
  ///   - tracking: with as many passes as are made, as ``ClipOptions/resolvedTracking`` has it.
  ///   - lane: nil where nothing is made; ended by the caller.
  ///   - folder: where what waits lies, in nameless files; nil: in `TMPDIR` or `/tmp`.
  ///   - readAgain: opens the same clip once more, with the same options.
  package init(
    _ reader: VideoReader, options: ClipOptions, pose: PoseOptions, tracking: TrackingOptions,
    precision: Precision, lane: OutputLane?, waitingIn folder: String? = nil,
    readAgain: @escaping () throws -> VideoReader
  ) {
    (self.reader, self.options, self.pose, self.tracking) = (reader, options, pose, tracking)
    (self.precision, self.lane, self.folder) = (precision, lane, folder)
    self.readAgain = readAgain
  }

  /// Goes through the clip.
  ///
  /// - Throws: what reading, tracking, an output or the report throws, after all results before that.
  package func run(by tracker: any FrameTracker, _ report: any ClipReport) throws {
    if tracking.passes == 1 {
      try onePass(tracker, report)
    } else {
      try twoPasses(tracker, report)
    }
  }

  /// Results leave as they are made.
  private func onePass(_ tracker: any FrameTracker, _ report: any ClipReport) throws {
    try report.begin(header(design: nil))
    var pass = pass(by: tracker, keepsFrames: lane != nil, report)
    defer { tellLeftOut(of: pass, report) }
    while let result = try pass.next() {
      try report.add(result.people)
      if let frame = result.frame { try lane?.put(frame, result.people) }
    }
  }

  /// Results are gone over once more when all are there; for what is made of the frames, these are decoded again.
  private func twoPasses(_ tracker: any FrameTracker, _ report: any ClipReport) throws {
    var second = try SecondPass(tracking, in: folder)
    var failure: (any Error)?
    var pass = pass(by: tracker, keepsFrames: false, report)
    do { while let result = try pass.next() { try second.add(result.people) } } catch {
      failure = error
    }
    tellLeftOut(of: pass, report)
    let refined = second.finish()
    if let reason = refined.unfilled {
      report.remark("not all short gaps could be filled: \(reason)")
    }
    try report.begin(header(design: refined.design))
    // Who ends the work early wants no second round of it.
    if lane == nil || report.shallEnd {
      for people in refined { try report.add(people) }
    } else {
      try drawAgain(refined, report)
    }
    if let failure { throw failure }
  }

  private func drawAgain(_ refined: RefinedFrames, _ report: any ClipReport) throws {
    let again = try readAgain()
    defer { again.close() }
    for people in refined {
      guard !report.shallEnd else { return }
      try report.add(people)
      var frame = try again.next()
      // Those that the first pass left out.
      while let passed = frame, passed.index < people.index { frame = try again.next() }
      guard let frame, frame.index == people.index else {
        throw VideoError(
          .damaged, "decoded again, it has no frame \(people.index); it may have been changed")
      }
      try lane?.put(frame, people)
      report.advance(isSecondTime: true, of: refined.count)
    }
  }

  private func pass(
    by tracker: any FrameTracker, keepsFrames: Bool, _ report: any ClipReport
  ) -> ClipPass {
    let total = reader.info.expectedFrames(options.reading)
    return ClipPass(
      by: tracker, keepsFrames: keepsFrames, slowMotion: options.slowMotion, waitingIn: folder
    ) {
      while !report.shallEnd, let event = try reader.nextEvent() {
        if case .frame(let frame) = event {
          report.advance(isSecondTime: false, of: total)
          return frame
        }
        report.tell(event)
      }
      return nil
    }
  }

  private func tellLeftOut(of pass: ClipPass, _ report: any ClipReport) {
    guard pass.leftOut > 0 else { return }
    report.remark("\(pass.leftOut) frames were left out, whose times repeat or run backwards")
  }

  private func header(design: ZeroLagDesign?) -> ResultsHeader {
    let info = reader.info
    return ResultsHeader(
      source: ResultsHeader.Source(
        file: info.source.shownPath, size: info.size, codec: info.codec, frameRate: info.frameRate,
        duration: info.duration, frames: info.frameCount),
      selection: ResultsHeader.Selection(
        start: options.start?.seconds, duration: options.duration?.seconds, every: options.every,
        slowMotion: options.slowMotion),
      pose: pose, tracking: tracking, zeroLag: design, precision: precision)
  }
}

extension VideoInfo {
  /// How many frames will come, by what the header claims; nil when it claims nothing.
  fileprivate func expectedFrames(_ options: VideoReadingOptions) -> Int? {
    // Of a header's claims the product may be more than any number of frames.
    func frames(_ rate: Double, _ seconds: Double) -> Int? {
      Int(exactly: (rate * seconds).rounded(.down))
    }
    guard
      let all = frameCount
        ?? frameRate.flatMap({ rate in duration.flatMap { frames(rate, $0) } })
    else { return nil }
    guard options.start != nil || options.duration != nil else { return all / options.every }
    guard let rate = frameRate, let whole = duration else { return nil }
    let from = options.start ?? 0
    let seconds = min(options.duration ?? .infinity, max(0, whole - from))
    return frames(rate, seconds).map { $0 / options.every }
  }
}

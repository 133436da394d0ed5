import Files
import PoseFormats
import PoseVideo
import Stance
import Video

/// A video from its first frame to its last, for `video`: who is in it is printed, and handed to what is made of it.
struct VideoRun {
  let source: VideoSource
  let settings: Settings
  let tracking: TrackingOptions
  let console: Console
  let reader: VideoReader
  /// Nil where nothing is made.
  let lane: OutputLane?
  /// Nil where nothing is exported.
  let exporter: Exporter?

  /// Goes through the video.
  ///
  /// - Returns: the exit status.
  func run(_ tracker: any FrameTracker) throws -> Int32 {
    // Of what is whole by then nothing is left to abandon.
    defer { tell(of: lane?.abandon() ?? []) }
    let report = VideoReport(console, json: settings.json, shownInput: source.name)
    defer { report.clear() }
    do {
      if tracking.passes == 1 {
        try onePass(tracker, report)
      } else {
        try twoPasses(tracker, report)
      }
      try summarise(report)
      report.clear()
      let signal = console.interrupts.signal()
      // A live source has no other end.
      if signal == nil || reader.info.isLive && report.frameCount > 0 {
        for remark in try lane?.finish() ?? [] { console.complain(remark) }
        for remark in try exporter?.finish() ?? [] { console.complain(remark) }
      }
      abandonExports()
      return signal.map(ExitStatus.signal) ?? ExitStatus.success
    } catch let error as SinkError {
      throw error
    } catch let error as OutputFailure {
      report.complain(error.description)
      abandonExports()
    } catch {
      try summarise(report)
      report.complain("\(source.name): \(error)")
      abandonExports()
    }
    return ExitStatus.failure
  }

  /// Nothing is made but what is printed.
  private func summarise(_ report: VideoReport) throws {
    if lane == nil, exporter == nil { try report.summarise() }
  }

  private func abandonExports() {
    do { for remark in try exporter?.abandon() ?? [] { console.complain(remark) } } catch {
      console.complain("\(error)")
    }
  }

  /// Results leave as they are made.
  private func onePass(_ tracker: any FrameTracker, _ report: VideoReport) throws {
    try begin(header(design: nil), report)
    var pass = pass(by: tracker, keepsFrames: lane != nil, report)
    defer { tellLeftOut(of: pass, report) }
    while let result = try pass.next() {
      try add(result.people, report)
      if let frame = result.frame { try lane?.put(frame, result.people) }
    }
  }

  /// Results are gone over once more when all are there; for what is made of the frames, these are decoded again.
  private func twoPasses(_ tracker: any FrameTracker, _ report: VideoReport) throws {
    var second = try SecondPass(tracking)
    var failure: (any Error)?
    var pass = pass(by: tracker, keepsFrames: false, report)
    do { while let result = try pass.next() { try second.add(result.people) } } catch {
      failure = error
    }
    tellLeftOut(of: pass, report)
    let refined = second.finish()
    if let reason = refined.unfilled {
      report.complain("\(source.name): not all short gaps could be filled: \(reason)")
    }
    try begin(header(design: refined.design), report)
    // Who ends the work early wants no second round of it.
    if lane == nil || console.interrupts.signal() != nil {
      for people in refined { try add(people, report) }
    } else {
      try drawAgain(refined, report)
    }
    if let failure { throw failure }
  }

  private func begin(_ header: ResultsHeader, _ report: VideoReport) throws {
    try report.begin(header)
    try exporter?.begin(ExportSource(header))
  }

  private func add(_ people: TrackedFrame, _ report: VideoReport) throws {
    try report.add(people)
    try exporter?.add(.frame(people))
  }

  private func drawAgain(_ refined: RefinedFrames, _ report: VideoReport) throws {
    let again = try VideoReader(source, options: settings.reading)
    defer { again.close() }
    var progress = VideoProgress(total: refined.count)
    for people in refined {
      guard console.interrupts.signal() == nil else { return }
      try add(people, report)
      var frame = try again.next()
      // Those that the first pass left out.
      while let passed = frame, passed.index < people.index { frame = try again.next() }
      guard let frame, frame.index == people.index else {
        throw VideoError(
          .damaged, "decoded again, it has no frame \(people.index); it may have been changed")
      }
      try lane?.put(frame, people)
      report.show("drawing " + progress.advance())
    }
  }

  private func pass(
    by tracker: any FrameTracker, keepsFrames: Bool, _ report: VideoReport
  ) -> ClipPass {
    var progress = VideoProgress(total: reader.info.expectedFrames(settings.reading))
    return ClipPass(by: tracker, keepsFrames: keepsFrames, slowMotion: settings.slowMotion) {
      while console.interrupts.signal() == nil, let event = try reader.nextEvent() {
        if case .frame(let frame) = event {
          report.show(progress.advance())
          return frame
        }
        report.complain("\(source.name): \(event.words)")
      }
      return nil
    }
  }

  private func tell(of remains: [ClipRemains]) {
    for remains in remains {
      let last = remains.lastFrame
      console.complain(
        "\(remains.path) plays up to \(last.time.fixed(places: 2)) s, frame \(last.index)")
    }
  }

  private func tellLeftOut(of pass: ClipPass, _ report: VideoReport) {
    guard pass.leftOut > 0 else { return }
    report.complain(
      "\(source.name): \(pass.leftOut) frames were left out, whose times repeat or run backwards")
  }

  private func header(design: ZeroLagDesign?) -> ResultsHeader {
    let info = reader.info
    return ResultsHeader(
      source: ResultsHeader.Source(
        file: info.source.shownPath, size: info.size, codec: info.codec, frameRate: info.frameRate,
        duration: info.duration, frames: info.frameCount),
      selection: ResultsHeader.Selection(
        start: settings.start?.seconds, duration: settings.duration?.seconds,
        every: settings.every, slowMotion: settings.slowMotion),
      pose: settings.pose, tracking: tracking, zeroLag: design,
      precision: settings.engine.precision)
  }
}

extension Settings {
  /// Which frames are read.
  var reading: VideoReadingOptions {
    VideoReadingOptions(
      start: start?.seconds, duration: duration?.seconds, every: every, frameRate: frameRate)
  }
}

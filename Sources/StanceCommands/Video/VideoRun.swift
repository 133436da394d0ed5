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
  /// Nil where nothing is measured or counted.
  let motion: MotionReport?

  /// Goes through the video.
  ///
  /// - Returns: the exit status.
  func run(_ tracker: any FrameTracker) throws -> Int32 {
    // Of what is whole by then nothing is left to abandon.
    defer { tell(of: lane?.abandon() ?? []) }
    let report = VideoReport(
      console, json: settings.json, exporter: exporter, motion: motion, shownInput: source.name)
    defer { report.clear() }
    do {
      try ClipRun(
        reader, options: settings.clip, pose: settings.pose, tracking: tracking,
        precision: settings.engine.precision, lane: lane
      ) { try VideoReader(source, options: settings.clip.reading) }.run(by: tracker, report)
      try summarise(report)
      report.clear()
      let signal = console.interrupts.signal()
      // A live source has no other end.
      if signal == nil || reader.info.isLive && report.frameCount > 0 {
        for remark in try lane?.finish() ?? [] { console.complain(remark) }
        for remark in try exporter?.finish() ?? [] { console.complain(remark) }
        for remark in try motion?.finish() ?? [] { console.complain(remark) }
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
    guard let motion else { return }
    if settings.json || settings.exports.contains("-") {
      for dispute in motion.disputes { report.remark(dispute) }
    } else {
      report.clear()
      try console.print(motion.text(file: source.name))
    }
  }

  private func abandonExports() {
    do {
      for remark in try exporter?.abandon() ?? [] { console.complain(remark) }
      for remark in try motion?.finish(as: "partial") ?? [] { console.complain(remark) }
    } catch {
      console.complain("\(error)")
    }
  }

  private func tell(of remains: [ClipRemains]) {
    for remains in remains {
      let last = remains.lastFrame
      console.complain(
        "\(remains.path) plays up to \(last.time.fixed(places: 2)) s, frame \(last.index)")
    }
  }
}

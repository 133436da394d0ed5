import Files
import PoseFormats
import PoseVideo
import Stance
import Video

/// A video from its file to its answer, on the calling thread.
struct VideoRun: Sendable {
  struct Limits: Sendable {
    /// Of a frame.
    var maxPixels: Int
    /// How much of the video is looked at, in its own time.
    var maxDuration: Duration
  }

  let file: OpenFile
  /// What the answer says of the source.
  let name: String
  let recipe: VideoRecipe
  let precision: Precision
  let makeTracker: @Sendable (PoseOptions, TrackingOptions) throws -> any FrameTracker
  let limits: Limits
  /// Where what waits lies, in nameless files; nil: in `TMPDIR` or `/tmp`.
  let folder: String?
  let course: VideoCourse

  /// Goes through it.
  ///
  /// - Throws: `Problem`, what reading, tracking and the answer throw, and why the course ended.
  func work(_ answer: any VideoAnswer) throws {
    let reader = try VideoReader(file, named: name, options: reading)
    defer { reader.close() }
    try limits.check(reader.info, recipe.clip)
    course.expect(duration: recipe.clip.length(of: reader.info))
    let watch = try ReadingWatch(reader) { [course] in course.shallEnd }
    defer { watch.stop() }
    let report = VideoReport(answer, course, limits, recipe.clip)
    let outputs = try answer.outputs(of: reader)
    let lane = outputs.isEmpty ? nil : try OutputLane(outputs)
    // Of what is whole by then nothing is left to abandon.
    defer { _ = lane?.abandon() }
    try ClipRun(
      reader, options: recipe.clip, pose: recipe.pose, tracking: recipe.clip.tracking,
      precision: precision, lane: lane, waitingIn: folder
    ) {
      try VideoReader(file, named: name, options: reading)
    }.run(by: makeTracker(recipe.pose, recipe.clip.tracking), report)
    try course.check()
    if report.frameCount == 0, lane != nil {
      throw Problem(
        .badParameter,
        "the video has no frame within start and duration, and an MP4 holds one at least")
    }
    let remarks = try report.remarks + (lane?.finish() ?? [])
    try answer.end(frames: report.frameCount, remarks: remarks)
  }

  private var reading: VideoReadingOptions {
    var options = recipe.clip.reading
    options.maxPixels = limits.maxPixels
    return options
  }
}

/// Hands results on to an answer, as long as they are within the limits.
private final class VideoReport: ClipReport {
  private let answer: any VideoAnswer
  private let course: VideoCourse
  private let limits: VideoRun.Limits
  private let slowMotion: Double
  private var first: Double?
  private(set) var frameCount = 0
  private(set) var remarks: [String] = []

  init(
    _ answer: any VideoAnswer, _ course: VideoCourse, _ limits: VideoRun.Limits,
    _ options: ClipOptions
  ) {
    (self.answer, self.course, self.limits) = (answer, course, limits)
    slowMotion = options.slowMotion
  }

  var shallEnd: Bool { course.shallEnd }

  func begin(_ header: ResultsHeader) throws {
    // Not the beginning of an answer that nobody will have the rest of.
    try course.check()
    try answer.begin(header)
  }

  func add(_ frame: TrackedFrame) throws {
    try course.check()
    let first = first ?? frame.time
    self.first = first
    let seconds = (frame.time - first) * slowMotion
    try limits.check(seconds)
    try answer.add(frame)
    frameCount += 1
    course.count(seconds: seconds)
  }

  func advance(isSecondTime: Bool, of total: Int?) {}

  func tell(_ event: VideoEvent) {}

  func remark(_ text: String) { remarks.append(text) }
}

extension VideoRun.Limits {
  /// What the header claims, before any work is done.
  fileprivate func check(_ info: VideoInfo, _ options: ClipOptions) throws(Problem) {
    if let seconds = options.length(of: info) { try check(seconds) }
  }

  fileprivate func check(_ seconds: Double) throws(Problem) {
    guard seconds > maxDuration / .seconds(1) else { return }
    throw Problem(
      .videoTooLarge,
      "\((seconds * 10).rounded() / 10) s of the video are wanted; at most \(maxDuration) are looked at: start and duration choose a part"
    )
  }
}

extension ClipOptions {
  /// Seconds that are looked at, as the header claims; nil when it claims nothing.
  fileprivate func length(of info: VideoInfo) -> Double? {
    info.duration.map { min(max(0, $0 - (start?.seconds ?? 0)), duration?.seconds ?? .infinity) }
  }
}

import Files
import Images
import PoseFormats
import PoseVideo
import Processes
import Stance
import Synchronization
import Video

/// One video on its way through the engines, on a thread of its own; the answer's bytes are taken from ``channel``.
///
/// Whoever drops it, or waits for its end, has it stopped: its children are gone then, and so is its file.
final class VideoWork: Sendable {
  struct Limits: Sendable {
    /// Of a frame.
    var maxPixels: Int
    /// How much of the video is looked at, in its own time.
    var maxDuration: Duration
  }

  /// What was done.
  struct Tally: Sendable {
    var frames = 0
    /// Of the source, between its first frame and its last.
    var seconds = 0.0
    /// Why it ended before its end; nil while it goes on, and when it was gone through.
    var failure: (any Error)?
  }

  let channel = ByteChannel()
  private let course: VideoCourse
  private let thread: Mutex<WorkerThread?>

  /// Begins.
  ///
  /// - Parameters:
  ///   - video: given back when the work has ended, and so is `place`.
  ///   - name: what the answer says of the source.
  /// - Throws: when the system has no thread left.
  init(
    _ video: WorkFolder.File, named name: String, _ recipe: VideoRecipe, _ finder: any PeopleFinder,
    _ limits: Limits, in folder: WorkFolder, _ place: Places.Place,
    endsWhen ending: @escaping @Sendable () -> Problem?
  ) throws {
    let course = VideoCourse(ending)
    self.course = course
    let run = VideoWorkRun(
      file: video.file, name: name, recipe: recipe, finder: finder, limits: limits,
      folder: folder.path, channel: channel, course: course)
    thread = Mutex(
      try WorkerThread {
        run.run()
        withExtendedLifetime((video, place)) {}
      })
  }

  deinit {
    stop()
    let thread = thread.withLock { $0.take() }
    if let thread { WorkQueue().start { thread.join() } }
  }

  var tally: Tally { course.tally }

  /// Nobody wants the rest. Returns at once.
  func stop() {
    course.stop()
    channel.close()
  }

  /// Stops it, and waits until it is over.
  func end() async {
    stop()
    let thread = thread.withLock { $0.take() }
    guard let thread else { return }
    await withCheckedContinuation { continuation in
      WorkQueue().start {
        thread.join()
        continuation.resume()
      }
    }
  }
}

/// How far a video is, and whether it shall go on.
private final class VideoCourse: Sendable {
  private struct State {
    var isStopped = false
    var ending: Problem?
    var tally = VideoWork.Tally()
  }

  private let state = Mutex(State())
  private let mustEnd: @Sendable () -> Problem?

  init(_ mustEnd: @escaping @Sendable () -> Problem?) { self.mustEnd = mustEnd }

  var tally: VideoWork.Tally { state.withLock { $0.tally } }

  func stop() { state.withLock { $0.isStopped = true } }

  func fail(_ error: any Error) { state.withLock { $0.tally.failure = error } }

  func count(seconds: Double) {
    state.withLock { state in
      state.tally.frames += 1
      state.tally.seconds = seconds
    }
  }

  /// Asked by two threads; the first reason stays.
  var shallEnd: Bool {
    let now = mustEnd()
    return state.withLock { state in
      state.ending = state.ending ?? now
      return state.isStopped || state.ending != nil
    }
  }

  /// - Throws: why it shall end, when it shall.
  func check() throws {
    guard shallEnd else { return }
    throw state.withLock { $0.ending } ?? NobodyListens()
  }
}

/// What the thread does.
private struct VideoWorkRun: Sendable {
  let file: OpenFile
  let name: String
  let recipe: VideoRecipe
  let finder: any PeopleFinder
  let limits: VideoWork.Limits
  let folder: String
  let channel: ByteChannel
  let course: VideoCourse

  func run() {
    let answer = recipe.form.makeAnswer(recipe, channel)
    do {
      try work(answer)
      channel.finish()
    } catch {
      course.fail(error)
      let problem = Problem(describing: error)
      if channel.hasBegun, let words = answer.lastWords(of: problem) {
        // Whether anybody takes them makes no difference now.
        _ = channel.put(words)
        channel.finish()
      } else {
        channel.finish(error)
      }
    }
  }

  private func work(_ answer: any VideoAnswer) throws {
    let reader = try VideoReader(file, named: name, options: reading)
    defer { reader.close() }
    try limits.check(reader.info, recipe.clip)
    let watch = try ReadingWatch(reader) { [course] in course.shallEnd }
    defer { watch.stop() }
    let report = VideoReport(answer, course, limits, recipe.clip)
    let outputs = try answer.outputs(of: reader)
    let lane = outputs.isEmpty ? nil : try OutputLane(outputs)
    // Of what is whole by then nothing is left to abandon.
    defer { _ = lane?.abandon() }
    try ClipRun(
      reader, options: recipe.clip, pose: recipe.pose, tracking: recipe.clip.tracking,
      precision: finder.precision, lane: lane, waitingIn: folder
    ) {
      try VideoReader(file, named: name, options: reading)
    }.run(by: finder.clipTracker(recipe.pose, recipe.clip.tracking), report)
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
  private let limits: VideoWork.Limits
  private let slowMotion: Double
  private var first: Double?
  private(set) var frameCount = 0
  private(set) var remarks: [String] = []

  init(
    _ answer: any VideoAnswer, _ course: VideoCourse, _ limits: VideoWork.Limits,
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

extension VideoWork.Limits {
  /// What the header claims, before any work is done.
  fileprivate func check(_ info: VideoInfo, _ options: ClipOptions) throws(Problem) {
    guard let duration = info.duration else { return }
    let rest = max(0, duration - (options.start?.seconds ?? 0))
    try check(min(rest, options.duration?.seconds ?? .infinity))
  }

  fileprivate func check(_ seconds: Double) throws(Problem) {
    guard seconds > maxDuration / .seconds(1) else { return }
    throw Problem(
      .videoTooLarge,
      "\((seconds * 10).rounded() / 10) s of the video are wanted; at most \(maxDuration) are looked at: start and duration choose a part"
    )
  }
}

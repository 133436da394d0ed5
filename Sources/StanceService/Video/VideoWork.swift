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
    _ limits: VideoRun.Limits, in folder: WorkFolder, _ place: Places.Place,
    endsWhen ending: @escaping @Sendable () -> Problem?
  ) throws {
    let course = VideoCourse(ending)
    self.course = course
    let run = VideoRun(
      file: video.file, name: name, recipe: recipe, precision: finder.precision,
      makeTracker: { try finder.clipTracker($0, $1) }, limits: limits, folder: folder.path,
      course: course)
    thread = Mutex(
      try WorkerThread { [channel] in
        Self.run(run, into: channel)
        withExtendedLifetime((video, place)) {}
      })
  }

  deinit {
    stop()
    let thread = thread.withLock { $0.take() }
    if let thread { WorkQueue().start { thread.join() } }
  }

  var tally: VideoCourse.Tally { course.tally }

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

  /// What the thread does.
  private static func run(_ run: VideoRun, into channel: ByteChannel) {
    let answer = run.recipe.form.makeAnswer(run.recipe) { channel.put($0) }
    do {
      try run.work(answer)
      channel.finish()
    } catch {
      run.course.fail(error)
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
}

import Files
import Stance
import StanceJobs
import Synchronization
import Telemetry

/// The work on a video, as by `/v1/video`: the answer goes into the task's part as it is made.
struct VideoItem: Sendable {
  let recipe: VideoRecipe
  /// What the answer says of the source.
  let name: String
  let finder: any JobPeopleFinder
  let maxPixels: Int
  let log: Log

  /// No clip is longer.
  private static let longest = Duration.seconds(1e9)

  /// - Throws: `JobFilesError`, `JobInterrupted`, `JobPostponed`.
  func work(_ task: JobTask, end: (Claim, ItemOutcome) -> Void) throws {
    let claim = task.claim
    let part = try task.part()
    let failure = Mutex<JobFilesError?>(nil)
    let answer = recipe.form.makeAnswer(recipe) { bytes in
      do throws(JobFilesError) {
        try part.append(bytes)
        return true
      } catch {
        failure.withLock { $0 = error }
        return false
      }
    }
    do {
      try run(on: try task.files.open(.video, of: task.job), task).work(answer)
      end(claim, .done(result: try result(task, part, error: nil)))
    } catch let error as JobFilesError {
      guard case .missing = error else { throw error }
      end(claim, .failed(reason: "internal: \(error)"))
    } catch {
      if let failure = failure.withLock({ $0 }) { throw failure }
      if error is JobInterrupted, task.interruption != .cancelled { throw error }
      let problem =
        error is JobInterrupted
        ? Problem(.cancelled, "the job was cancelled")
        : PhotoItems.problem(error, nil, log)
      // The machine is short of something now: no fault of the video.
      guard problem.code != .overloaded else { throw JobPostponed(problem.detail) }
      guard part.byteCount > 0 else {
        if error is JobInterrupted { throw error }
        return end(claim, .failed(reason: problem.description))
      }
      if let words = answer.lastWords(of: problem) { try part.append(words) }
      let reason = error is JobInterrupted ? nil : problem.description
      end(claim, .done(result: try result(task, part, error: reason)))
    }
  }

  private func run(on file: OpenFile, _ task: JobTask) -> VideoRun {
    let finder = finder
    return VideoRun(
      file: file, name: name, recipe: recipe, precision: finder.precision,
      makeTracker: { try finder.clipTracker($0, $1) },
      limits: VideoRun.Limits(maxPixels: maxPixels, maxDuration: Self.longest), folder: nil,
      course: VideoCourse(
        { (task.interruption ?? .stopping) >= .ending ? JobInterrupted() : nil },
        onFrame: { task.report(seconds: $0.seconds, of: $0.duration) }))
  }

  private func result(
    _ task: JobTask, _ part: any JobFileWriter, error: String?
  ) throws -> [UInt8] {
    ItemResult(
      part: task.partName.description, at: 0, bytes: part.byteCount,
      checksum: try task.finishPart(), error: error
    ).encoded
  }
}

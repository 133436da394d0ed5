import Files
import Glibc
import Images
import PoseRendering
import Stance
import StanceJobs
import Telemetry

/// The work on photos: each is looked at as by `/v1/pose`, and what comes of it goes into the task's part.
struct PhotoItems: Sendable {
  let recipe: Recipe
  /// Where photos lie that did not come with the job.
  let folder: AllowedFolder?
  let finder: any JobPeopleFinder
  let limits: ImageLimits
  let shortages: PhotoShortages
  let metrics: ServiceMetrics
  let log: Log

  /// What one photo could not be worked on for, be it the photo's own fault or the machine's.
  private struct Shortage: Error {
    let reason: String

    var failure: ItemOutcome {
      .failed(reason: Problem(.unreadableImage, reason).description)
    }
  }

  /// A photo that is short of memory, or whose file can't be read now, is so by its own fault or by the machine's. That the machine is
  /// able is proved by another photo alone, and only by one that is worked on with success:
  ///
  /// - One of the same batch was: the short one is tried once more, and fails if it is short again.
  /// - Else one of the job that was done before is tried again. If it can be worked on, the short one counts as at fault, and the third
  ///   time (``PhotoShortages``) it fails.
  /// - Without such a proof, and until the third time, it waits. A job that never had a photo done has no proof.
  ///
  /// - Throws: `JobFilesError`, `JobPostponed`, `JobStoreError`.
  func work(_ task: JobTask, end: (Claim, ItemOutcome) -> Void) throws {
    // Asks for room before anything is looked at in vain.
    try task.part().append([])
    var short: [(item: StanceJobs.Assignment.Item, shortage: Shortage)] = []
    var isOneDone = false
    for item in task.items {
      // What is not begun is handed back.
      if task.interruption != nil { return }
      do {
        let outcome = try outcome(of: item, task)
        if case .done = outcome { isOneDone = true }
        end(item.claim, outcome)
      } catch let shortage as Shortage {
        short.append((item, shortage))
      }
    }
    guard !short.isEmpty, task.interruption == nil else { return }
    let isAbleNow = try isOneDone || canRepeatOne(of: task)
    var waiting: Shortage?
    for (item, shortage) in short {
      if task.interruption != nil { return }
      if isOneDone {
        do { end(item.claim, try outcome(of: item, task)) } catch let shortage as Shortage {
          end(item.claim, shortage.failure)
        }
      } else if isAbleNow, shortages.isLast(of: item.claim) {
        end(item.claim, shortage.failure)
      } else {
        waiting = shortage
      }
    }
    if let waiting { throw JobPostponed(waiting.reason) }
  }

  /// Whether a photo of the job that is done can be looked at just now, once more.
  private func canRepeatOne(of task: JobTask) throws -> Bool {
    guard let done = try task.jobItems.first(where: { $0.state == .done }),
      let input = JobItemInput(decoding: done.input)
    else { return false }
    // Whatever is wrong with it now, it proves nothing.
    return (try? look(at: input, of: task)) != nil
  }

  /// - Throws: `Shortage`, `JobFilesError`, `JobPostponed`.
  private func outcome(of item: StanceJobs.Assignment.Item, _ task: JobTask) throws -> ItemOutcome {
    guard let input = JobItemInput(decoding: item.input) else {
      throw JobPostponed.ofAnotherVersion("an item of the job")
    }
    do {
      let bytes = try answer(to: input, of: task)
      let part = try task.part()
      let place = ItemResult(
        part: task.partName.description, at: part.byteCount, bytes: bytes.count)
      try part.append(bytes)
      return .done(result: place.encoded)
    } catch let error as JobFilesError {
      guard case .missing = error else { throw error }
      return .failed(reason: "internal: \(error)")
    } catch let error as Shortage {
      throw error
    } catch let error as ImageError where error.code == .noResources {
      throw Shortage(reason: error.message)
    } catch {
      let problem = Self.problem(error, input, log)
      // All engines are short of something now: no fault of the photo.
      guard problem.code != .overloaded else { throw JobPostponed(problem.detail) }
      return .failed(reason: problem.description)
    }
  }

  /// The bytes of one photo's answer; of text a line.
  private func answer(to input: JobItemInput, of task: JobTask) throws -> [UInt8] {
    let (photo, result, seen) = try look(at: input, of: task)
    metrics.count(result)
    let recipe = recipe.asItem
    let writer = AnswerWriter(
      photo: photo, seen: recipe.form.isDrawn ? seen : nil, recipe: recipe, metrics: metrics,
      file: input.name)
    let answer = try writer.answer(result).bytes
    return recipe.form == .json ? answer + [UInt8(ascii: "\n")] : answer
  }

  private func look(
    at input: JobItemInput, of task: JobTask
  ) throws -> (photo: EncodedImage, result: PoseResult, seen: Photo) {
    if let refusal = input.refusal { throw Problem(.unreadableImage, refusal) }
    let bytes = try bytes(of: input, in: task)
    try WrappedPicture.check(bytes)
    let photo = try EncodedImage(bytes, limits: limits)
    let (result, seen) = try find(in: photo)
    return (photo, result, seen)
  }

  private func bytes(of input: JobItemInput, in task: JobTask) throws -> [UInt8] {
    let file: OpenFile
    if let path = input.path {
      guard let folder else { throw Problem(.internalError, "the job has no folder") }
      do { file = try folder.open(path) } catch {
        guard case .system = error.reason else { throw Problem(.unreadableImage, "\(error)") }
        throw Shortage(reason: "\(error)")
      }
    } else {
      guard let name = input.file.flatMap({ JobFileName($0) }) else {
        throw Problem(.internalError, "the item has no file")
      }
      file = try task.files.open(name, of: task.job)
    }
    do {
      guard case .regular(let size) = try file.kind(), size <= limits.maxBytes else {
        throw Problem(.imageTooLarge, "the picture has more than \(limits.maxBytes) bytes")
      }
      return try file.bytes(at: 0, count: size)
    } catch let error as FileError { throw Shortage(reason: error.message) }
  }

  /// When the engines are too busy for a moment, they are asked again.
  private func find(in photo: EncodedImage) throws -> (result: PoseResult, photo: Photo) {
    for pause in Self.pauses {
      do { return try finder.resultAndPhoto(for: photo, options: recipe.pose) } catch {
        let isPassing =
          (error as? ImageError)?.code != .noResources
          && Problem(describing: error).code == .overloaded
        guard isPassing else { throw error }
        usleep(pause)
      }
    }
    return try finder.resultAndPhoto(for: photo, options: recipe.pose)
  }

  /// In microseconds.
  private static let pauses: [UInt32] = [250_000, 1_000_000, 2_000_000]

  static func problem(_ error: any Error, _ input: JobItemInput?, _ log: Log) -> Problem {
    let problem = Problem(describing: error)
    if problem.code == .internalError {
      log(.error, "an item of a job failed", [(name: "error", value: .text("\(error)"))])
    }
    return problem
  }
}

extension Recipe {
  /// What is made of each item: of text a line of JSON, which is written as what is wanted when all are there.
  var asItem: Recipe {
    guard form.isText else { return self }
    return Recipe(
      pose: pose, form: .json, motion: motion, style: style ?? .init(), quality: quality ?? 90)
  }
}

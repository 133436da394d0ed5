import Checksums
import HTTPServer
import Images
import Inference
import Stance
import Synchronization
import Telemetry

/// From a photo's bytes to an answer: checksum, cache, queue, engine, desk. Every pose route goes through here.
final class PoseAnswers: Sendable {
  /// An answer and how it was come by.
  struct Outcome: Sendable {
    let answer: Answer
    /// The value of `Cache-Status` (RFC 9211); nil when there is no cache.
    let cacheStatus: String?
  }

  /// How many photos are searched at once.
  let engineCount: Int
  /// To the engines.
  let admission: Admission
  private let cache: AnswerCache<AnswerKey, Answer>
  /// What was found, for who wants it in another form.
  private let results: AnswerCache<SearchKey, PoseResult>
  /// To drawing and writing, which need no engine.
  private let desks: Admission
  private let finder: any PeopleFinder
  private let limits: ImageLimits
  private let metrics: ServiceMetrics
  private let adaptive: Mutex<AdaptiveEffort?>
  private let flights = Flights<AnswerKey, Answer>()
  private let requestTime: Duration
  private let work = WorkQueue()
  private let time: TimeSource
  private let lastLoneKey = Mutex(0)

  init(
    _ configuration: ServiceConfiguration, _ finder: any PeopleFinder, _ metrics: ServiceMetrics,
    _ time: @escaping TimeSource
  ) {
    let server = configuration.server
    self.finder = finder
    engineCount = finder.engineCount
    self.metrics = metrics
    self.time = time
    limits = ImageLimits(maxPixels: server.maxMegapixels * 1_000_000, maxBytes: server.maxBody)
    admission = Admission(
      slots: engineCount, ahead: finder.photosAhead, maxWaiting: server.queue,
      longestWait: server.queueTime, time: time)
    // Only who has a place at the engines waits for a desk, until the request's own deadline.
    desks = Admission(slots: engineCount, maxWaiting: admission.admitted)
    let cacheBytes = server.cacheSize << 20
    results = AnswerCache(limit: cacheBytes / 8)
    cache = AnswerCache(limit: cacheBytes - cacheBytes / 8)
    requestTime = server.requestTime
    adaptive = Mutex(
      server.adaptive
        ? AdaptiveEffort(preferred: Effort(configuration.pose), target: server.adaptiveTarget)
        : nil)
  }

  /// Bytes of all that is kept, and how many answers are.
  var cached: (bytes: Int, answers: Int) {
    (cache.size.bytes + results.size.bytes, cache.size.count)
  }

  /// How much is done now for a request that leaves it open; nil: what the options say, at any load.
  func adaptedEffort() -> Effort? { adaptive.withLock { $0?.effort(at: time()) } }

  /// - Throws: `Problem` with `overloaded` when one more could not even wait: before its body is read.
  func checkRoom() throws(Problem) {
    do { try admission.checkRoom() } catch {
      noteRefusal()
      throw error
    }
  }

  /// For all photos of a request whose body has come just now.
  func newDeadline() -> Deadline { Deadline(after: requestTime) }

  /// The answer to one photo.
  ///
  /// - Throws: `ImageError`, `Problem` (overloaded, timeout, person), what the finder throws, `CancellationError`.
  func answer(
    to bytes: [UInt8], _ recipe: Recipe, by deadline: Deadline
  ) async throws -> Outcome {
    let isCached = cache.limit > 0
    let (limits, metrics) = (limits, metrics)
    // What can be refused by its header takes no place in the queue.
    let (photo, sha256) = try await work.run {
      let photo = try EncodedImage(bytes, limits: limits)
      guard isCached else { return (photo, [UInt8]()) }
      return (photo, metrics.timed("checksum") { SHA256.digest(of: bytes) })
    }
    guard isCached else {
      let (answer, _) = try await flights.value(for: .alone(nextLoneKey()), by: deadline) {
        try await self.compute(photo, recipe, searchKey: nil)
      }
      return Outcome(answer: answer, cacheStatus: nil)
    }
    let searchKey = SearchKey(sha256: sha256, recipe.pose, finder.precision)
    let key = AnswerKey.photo(searchKey, recipe)
    if let answer = cache.value(for: key) {
      metrics.cacheRequests.add(1, "hit")
      return Outcome(answer: answer, cacheStatus: "stance; hit")
    }
    let (answer, isShared) = try await flights.value(for: key, by: deadline) {
      let answer = try await self.compute(photo, recipe, searchKey: searchKey)
      self.cache.insert(answer, for: key, size: answer.bytes.count + Self.entryOverhead)
      return answer
    }
    metrics.cacheRequests.add(1, isShared ? "shared" : "miss")
    return Outcome(
      answer: answer, cacheStatus: isShared ? "stance; fwd=miss; collapsed" : "stance; fwd=miss")
  }

  /// Loads what the first requests would wait for, on every engine.
  func warmUp(_ complexities: [Complexity], _ pose: PoseOptions) async throws {
    let size = ImageSize(width: 256, height: 256)
    let grey = Image(size: size, bgrx: [UInt8](repeating: 127, count: 4 * size.pixelCount))
    let photo = try await work.run { try EncodedImage(ImageEncoder.encode(grey, as: .png)) }
    for complexity in complexities {
      var options = pose
      options.complexity = complexity
      // One look needs the same models as many; a region may lie outside this picture.
      (options.search, options.regions) = (.quick, [])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<finder.engineCount {
          group.addTask { [finder, options] in
            _ = try await finder.resultAndPhoto(for: photo, options: options) {}
          }
        }
        try await group.waitForAll()
      }
    }
  }

  /// Waits for work whose callers were told `timeout` or left: an engine must not run while the process ends.
  func settle() async {
    // A task of its own, since the caller's is cancelled and could not sleep.
    await Task { [admission, desks] in
      for _ in 0..<Self.settlingSteps where admission.busy + desks.busy > 0 {
        do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
      }
    }.value
  }

  /// Ten seconds in all.
  private static let settlingSteps = 500

  /// What an entry takes beside its bytes: key, recipe, places in three tables. Measured roughly.
  private static let entryOverhead = 1024

  private func noteRefusal() { adaptive.withLock { $0?.observeRefusal(at: time()) } }

  private func compute(
    _ photo: EncodedImage, _ recipe: Recipe, searchKey: SearchKey?
  ) async throws -> Answer {
    do {
      return try await admission.withSlotAhead { engine in
        try await self.answer(photo, recipe, searchKey, engine)
      }
    } catch let problem as Problem where problem.code == .overloaded {
      noteRefusal()
      throw problem
    }
  }

  private func answer(
    _ photo: EncodedImage, _ recipe: Recipe, _ searchKey: SearchKey?, _ engine: Admission.Slot
  ) async throws -> Answer {
    let (result, seen) = try await find(in: photo, recipe, searchKey, engine)
    let writer = AnswerWriter(photo: photo, seen: seen, recipe: recipe, metrics: metrics)
    // A few hundredths of a millisecond a person: less than the way to a desk.
    if recipe.form.isText { return try writer.answer(result) }
    return try await desks.withSlot { [work] _ in
      // Not before there is a desk, and never for a large picture: too much would be in memory.
      if !result.isLarge { engine.giveBack() }
      return try await work.run { try writer.answer(result) }
    }
  }

  /// The people in a photo, from memory if they are there, and its pixels for who draws, if they are few.
  private func find(
    in photo: EncodedImage, _ recipe: Recipe, _ key: SearchKey?, _ engine: Admission.Slot
  ) async throws -> (PoseResult, seen: Photo?) {
    if let key, let result = results.value(for: key) {
      begin(engine)
      return (result, nil)
    }
    let (result, seen) = try await finder.resultAndPhoto(for: photo, options: recipe.pose) {
      self.begin(engine)
    }
    metrics.count(result)
    if let key { results.insert(result, for: key, size: result.byteCount) }
    return (result, recipe.form.isDrawn && !result.isLarge ? seen : nil)
  }

  /// The wait for an engine is over.
  private func begin(_ engine: Admission.Slot) {
    let waited = engine.begin()
    metrics.stages.observe(waited, "queue")
    adaptive.withLock { $0?.observe(waited: waited, at: time()) }
  }

  private func nextLoneKey() -> Int {
    lastLoneKey.withLock { last in
      last += 1
      return last
    }
  }
}

extension PoseResult {
  /// Of such a picture the search has seldom seen every pixel.
  fileprivate var isLarge: Bool { imageSize.pixelCount >= Photo.minReducedPixels }

  /// What it takes in memory, roughly: 66 landmarks of 20 bytes a person, and masks.
  fileprivate var byteCount: Int {
    people.reduce(1024) { $0 + 2048 + ($1.mask?.values.count ?? 0) }
  }
}

import HTTPServer
import Stance
import Telemetry

/// `POST /v1/video`: people through a video, answered as it is made.
struct VideoRoute: Sendable {
  let configuration: ServiceConfiguration
  let finder: any PeopleFinder
  let crossOrigin: CrossOrigin
  let places: Places
  let folder: WorkFolder
  let state: ServiceState
  let metrics: ServiceMetrics

  static let path = "/v1/video"

  var route: Route {
    Route(
      method: "POST", path: Self.path, summary: "Follows the people through a video",
      isOpen: false, description: OpenAPI.videoOperation(VideoParameters(configuration)),
      respond: { try await respond(to: $0) })
  }

  private func respond(to request: HTTPRequest) async throws -> HTTPResponse {
    let began = ContinuousClock.now
    // A page of another origin could send one without asking first.
    try crossOrigin.check(request)
    let upload = VideoUpload(maxBytes: configuration.server.maxVideoBody, folder: folder)
    try upload.checkHead(of: request)
    // What a form's fields may yet change is judged with them.
    if !request.isForm { _ = try VideoRecipe(of: request, configuration) }
    let place = try places.enter()
    let content = try await upload.content(
      of: request, check: { _ = try VideoRecipe(of: request, fields: $0, configuration) },
      goOn: { if let problem = ending(since: began, isUpload: true) { throw problem } })
    await request.noticeDeparture()
    let recipe = try VideoRecipe(of: request, fields: content.fields, configuration)
    let work = try VideoWork(
      content.video, named: content.name ?? "video", recipe, finder, limits, in: folder, place
    ) { ending(since: began, isUpload: false) }
    let bytes = content.video.byteCount
    let notes = RequestNotes.current
    let first: [UInt8]?
    do {
      first = try await Self.taking(from: work) { try await work.channel.next() }
    } catch {
      await end(work, bytes, notes)
      throw error
    }
    return HTTPResponse(
      headers: [
        "Content-Type": recipe.form.mediaType, "Cache-Control": "no-store",
        "Stance-Model": recipe.pose.complexity.name, "Stance-Search": recipe.pose.search.rawValue,
        // nginx would keep the answer back until a buffer is full.
        "X-Accel-Buffering": "no",
      ],
      content: .stream { writer in
        let outcome: Result<Void, any Error>
        do {
          try await Self.taking(from: work) {
            var piece = first
            while let bytes = piece {
              try await writer.write(bytes)
              piece = try await work.channel.next()
            }
          }
          outcome = .success(())
        } catch {
          outcome = .failure(error)
        }
        await end(work, bytes, notes)
        try outcome.get()
        // In the last line, where nobody else sees it.
        if let failure = work.tally.failure {
          metrics.problems.add(1, Problem(describing: failure).code.name)
        }
      })
  }

  /// Stops the work as soon as the task is cancelled.
  private static func taking<Result: Sendable>(
    from work: VideoWork, _ body: () async throws -> Result
  ) async throws -> Result {
    try await withTaskCancellationHandler(operation: body) { work.stop() }
  }

  /// Waits for the end of the work, and takes note of what came of it.
  private func end(_ work: VideoWork, _ bytes: Int, _ notes: RequestNotes) async {
    await work.end()
    let tally = work.tally
    let word: String
    switch tally.failure {
    case nil: word = "done"
    case is NobodyListens: word = "left"
    case let failure?:
      let problem = Problem(describing: failure)
      word = problem.code.name
      notes.add("reason", .text("\(failure)"))
    }
    metrics.videos.add(1, word)
    metrics.videoFrames.add(Double(tally.frames))
    metrics.videoSeconds.add(tally.seconds)
    metrics.videoBytes.add(Double(bytes))
    notes.add("frames", .integer(tally.frames))
    notes.add("seconds", .number((tally.seconds * 10).rounded() / 10))
    notes.add("end", .text(word))
  }

  /// Why a video shall not go on.
  private func ending(since began: ContinuousClock.Instant, isUpload: Bool) -> Problem? {
    let server = configuration.server
    if ContinuousClock.now - began > server.videoTime {
      return isUpload
        ? Problem(.requestTimeout, "the video did not come within \(server.videoTime)")
        : Problem(
          .timeout,
          "the work took longer than \(server.videoTime), the most for a video and its upload")
    }
    return state.isEnding(of: server.grace) ? .overloaded("the service ends", retryAfter: 10) : nil
  }

  private var limits: VideoRun.Limits {
    VideoRun.Limits(
      maxPixels: configuration.server.maxVideoMegapixels * 1_000_000,
      maxDuration: configuration.server.maxVideoDuration)
  }
}

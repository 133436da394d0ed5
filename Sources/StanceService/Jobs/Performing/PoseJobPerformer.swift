import Files
import Images
import StanceJobs
import Telemetry

extension JobPostponed {
  /// - Parameter what: what can't be read: "the job".
  static func ofAnotherVersion(_ what: String) -> JobPostponed {
    JobPostponed(
      "this worker can't read \(what), which another version of Stance made", isWorkersOwn: true)
  }
}

/// Does what jobs ask for with photos and videos.
struct PoseJobPerformer: JobPerformer {
  private let folders: [String: AllowedFolder]
  private let finder: any JobPeopleFinder
  private let server: ServerOptions
  private let shortages = PhotoShortages()
  private let metrics: ServiceMetrics
  private let log: Log

  init(
    _ place: JobPlace, _ finder: any JobPeopleFinder, _ configuration: ServiceConfiguration,
    _ metrics: ServiceMetrics, _ log: Log
  ) {
    (folders, self.finder, server) = (place.folders, finder, configuration.server)
    (self.metrics, self.log) = (metrics, log)
  }

  func plan(_ task: JobTask, note: @escaping ([[UInt8]]) throws -> Void) throws {
    let specification = try specification(of: task)
    let plans = PhotoPlans(task: task, note: note)
    switch specification.source {
    case .archive:
      try plans.unpack(
        maxEntryBytes: server.maxBody, helper: DecodingTools.standard.helper)
    case .folder: try plans.list(try folder(of: specification), specification.folder?.path ?? "")
    case .photos, .video: throw Problem(.internalError, "the job has no items")
    }
  }

  func work(_ task: JobTask, end: (Claim, ItemOutcome) -> Void) throws {
    let specification = try specification(of: task)
    switch try recipe(of: specification) {
    case .photos(let recipe):
      try PhotoItems(
        recipe: recipe,
        folder: specification.source == .folder ? try folder(of: specification) : nil,
        finder: finder,
        limits: ImageLimits(maxPixels: server.maxMegapixels * 1_000_000, maxBytes: server.maxBody),
        shortages: shortages, metrics: metrics, log: log
      ).work(task, end: end)
    case .video(let recipe):
      try VideoItem(
        recipe: recipe, name: specification.name ?? "video", finder: finder,
        maxPixels: server.maxVideoMegapixels * 1_000_000, log: log
      ).work(task, end: end)
    }
  }

  func gather(_ task: JobTask, _ items: JobItems) throws -> JobEnd {
    switch try recipe(of: try specification(of: task)) {
    case .photos(let recipe): return try PhotoGathering(task: task, items: items).end(recipe)
    case .video(let recipe): return try VideoGathering(task: task, items: items).end(recipe)
    }
  }

  private func specification(of task: JobTask) throws(JobPostponed) -> JobSpecification {
    do { return try JobSpecification(decoding: task.specification) } catch {
      throw .ofAnotherVersion("the job")
    }
  }

  /// Who accepted the job could make one: what can't be followed here was made by another version.
  private func recipe(of specification: JobSpecification) throws(JobPostponed) -> JobRecipe {
    do { return try JobRecipe(specification) } catch {
      throw JobPostponed(
        "this worker can't do what the job asks for: \(error.detail)", isWorkersOwn: true)
    }
  }

  private func folder(of specification: JobSpecification) throws(JobPostponed) -> AllowedFolder {
    let name = specification.folder?.name ?? ""
    guard let folder = folders[name] else {
      throw JobPostponed(
        "this worker has no folder \"\(name)\" (--job-folder)", isWorkersOwn: true)
    }
    return folder
  }
}

import StanceJobs

/// Does what jobs ask for with photos and videos.
struct PoseJobPerformer: JobPerformer {
  private let place: JobPlace
  private let finder: any JobPeopleFinder
  private let configuration: ServiceConfiguration

  init(_ place: JobPlace, _ finder: any JobPeopleFinder, _ configuration: ServiceConfiguration) {
    (self.place, self.finder, self.configuration) = (place, finder, configuration)
  }

  func plan(_ task: JobTask, note: ([[UInt8]]) throws -> Void) throws {
    throw Problem(.internalError, "not built yet")
  }

  func work(_ task: JobTask, end: (Claim, ItemOutcome) -> Void) throws {
    throw Problem(.internalError, "not built yet")
  }

  func gather(_ task: JobTask, _ items: JobItems) throws -> JobEnd {
    throw Problem(.internalError, "not built yet")
  }
}

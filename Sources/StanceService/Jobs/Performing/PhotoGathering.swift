import Archives
import Files
import Images
import PoseFormats
import StanceJobs
import Telemetry

/// The one result of a job on photos: of all items that ended, in their order.
struct PhotoGathering {
  let task: JobTask
  let items: JobItems

  func end(_ recipe: Recipe) throws -> JobEnd {
    let (ending, mediaType) = recipe.form.gathered
    let name = JobFileName.result(task.claim, ending: ending)
    let file = try task.files.make(name, of: task.job, as: .work)
    var sheet = recipe.form.makeSheet { try file.append($0) }
    var parts = PartReader(task)
    try sheet.begin()
    try items.forEach { item in
      try task.check(from: .ending)
      guard let photo = JobItemInput(decoding: item.input)?.name else {
        throw JobPostponed.ofAnotherVersion("an item of the job")
      }
      switch item.state {
      case .done:
        guard let place = ItemResult(decoding: item.result ?? []) else {
          throw JobPostponed.ofAnotherVersion("a photo's result")
        }
        if let bytes = try parts.bytes(of: place) {
          try sheet.add(bytes, of: photo, number: item.index)
        } else {
          try sheet.add(Problem(.internalError, "what was made of it is gone"), of: photo)
        }
      case .failed, .dead: try sheet.add(Problem(reason: item.reason ?? ""), of: photo)
      // The job was cancelled before it was its turn.
      case .queued, .running, .cancelled: break
      }
    }
    try sheet.end()
    let bytes = file.byteCount
    return .finished(
      JobResult(
        name: name.description, bytes: bytes, checksum: try file.finish(), mediaType: mediaType))
  }
}

/// What was made of items, out of the files where it lies.
private struct PartReader {
  private let task: JobTask
  /// Items that were worked on together lie in one, one behind the other.
  private var current: (name: JobFileName, file: OpenFile)?

  init(_ task: JobTask) { self.task = task }

  /// - Returns: nil when the file is gone.
  mutating func bytes(of place: ItemResult) throws -> [UInt8]? {
    guard let name = JobFileName(place.part) else { return nil }
    do throws(JobFilesError) {
      if current?.name != name { current = (name, try task.files.open(name, of: task.job)) }
    } catch .missing {
      return nil
    }
    let bytes = try current?.file.bytes(at: place.at, count: place.bytes)
    return bytes?.count == place.bytes ? bytes : nil
  }
}

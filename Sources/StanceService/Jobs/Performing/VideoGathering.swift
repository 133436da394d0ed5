import Files
import StanceJobs

/// The one result of a job on a video: what its one item made, or what is left of it.
struct VideoGathering {
  private static let piece = 1 << 20

  let task: JobTask
  let items: JobItems

  func end(_ recipe: VideoRecipe) throws -> JobEnd {
    var found: JobItem?
    try items.forEach { found = $0 }
    guard let item = found else { return .failed(reason: "internal: the job has no item", nil) }
    switch item.state {
    case .done:
      guard let made = item.result.flatMap(ItemResult.init(decoding:)), let checksum = made.checksum
      else { throw JobPostponed.ofAnotherVersion("the video's result") }
      // Not copied: it is whole already.
      let result = JobResult(
        name: made.part, bytes: made.bytes, checksum: checksum, mediaType: recipe.form.mediaType)
      return made.error.map { .failed(reason: $0, result) } ?? .finished(result)
    case .failed: return .failed(reason: item.reason ?? "internal: no reason was given", nil)
    case .dead:
      return .dead(
        reason: item.reason ?? "its workers were lost", try remains(of: item.index, recipe))
    case .queued, .running, .cancelled:
      return .failed(reason: "internal: the item was not ended", nil)
    }
  }

  /// What the last worker that was lost has written, where it can be read.
  private func remains(of index: Int, _ recipe: VideoRecipe) throws -> JobResult? {
    guard
      let left = try task.files.remains(JobFileName.partPrefix(index), of: task.job).first,
      case .regular(let size) = try left.kind()
    else { return nil }
    // An MP4 is in fragments, of which the last may be cut off; text shall have whole lines.
    let end = recipe.form.isText ? try Self.lastLineEnd(of: left, size) : size
    guard end > 0 else { return nil }
    let name = JobFileName.result(task.claim, ending: recipe.form.isText ? "txt" : "mp4")
    let file = try task.files.make(name, of: task.job, as: .work)
    for start in stride(from: 0, to: end, by: Self.piece) {
      try task.check(from: .ending)
      try file.append(left.bytes(at: start, count: min(Self.piece, end - start)))
    }
    return JobResult(
      name: name.description, bytes: end, checksum: try file.finish(),
      mediaType: recipe.form.mediaType)
  }

  /// Behind the last line break; 0 without one.
  private static func lastLineEnd(of file: OpenFile, _ size: Int) throws(FileError) -> Int {
    var end = size
    while end > 0 {
      let start = max(0, end - piece)
      let bytes = try file.bytes(at: start, count: end - start)
      if let place = bytes.lastIndex(of: UInt8(ascii: "\n")) { return start + place + 1 }
      end = start
    }
    return 0
  }
}

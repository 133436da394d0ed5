import Files
import StanceJobs
import Synchronization

/// Makes a line of each item's text, and one file of all lines.
struct MadeUpPerformer: JobPerformer {
  /// What an archive is said to hold.
  var planned: @Sendable (JobTask) throws -> [String] = { _ in [] }
  /// Called before each item's line is written.
  var onItem: @Sendable (JobTask, String) throws -> Void = { _, _ in }
  /// Called before a gathering.
  var onGathering: @Sendable () throws -> Void = {}

  func plan(_ task: JobTask, note: @escaping ([[UInt8]]) throws -> Void) throws {
    let items = try planned(task)
    for start in stride(from: 0, to: items.count, by: 100) {
      try note(items[start..<min(start + 100, items.count)].map { Array($0.utf8) })
    }
  }

  func work(_ task: JobTask, end: (Claim, ItemOutcome) -> Void) throws {
    for item in task.items {
      if task.interruption != nil { return }
      let text = String(decoding: item.input, as: UTF8.self)
      do { try onItem(task, text) } catch let error as Bad {
        end(item.claim, .failed(reason: error.reason))
        continue
      }
      let part = try task.part()
      let place = "\(task.partName) \(part.byteCount) \(item.input.count)"
      try part.append(item.input)
      end(item.claim, .done(result: Array(place.utf8)))
    }
  }

  func gather(_ task: JobTask, _ items: JobItems) throws -> JobEnd {
    try onGathering()
    let name = JobFileName.result(task.claim, ending: "txt")
    let file = try task.files.make(name, of: task.job, as: .work)
    try items.forEach { item in
      switch item.state {
      case .done:
        let place = String(decoding: item.result ?? [], as: UTF8.self).split(separator: " ")
        guard place.count == 3, let part = JobFileName(String(place[0])), let at = Int(place[1]),
          let count = Int(place[2])
        else { throw Bad("a result without a place") }
        try file.append(try task.files.open(part, of: task.job).bytes(at: at, count: count))
      case .failed, .dead: try file.append("!\(item.reason ?? "")".utf8)
      case .queued, .running, .cancelled: return
      }
      try file.append([UInt8(ascii: "\n")])
    }
    let bytes = file.byteCount
    return .finished(
      JobResult(
        name: name.description, bytes: bytes, checksum: try file.finish(), mediaType: "text/plain"))
  }

  /// What is wrong with an item.
  struct Bad: Error, CustomStringConvertible {
    let reason: String
    init(_ reason: String) { self.reason = reason }
    var description: String { reason }
  }
}

/// What happened, in order.
final class Diary: Sendable {
  private let entries = Mutex<[String]>([])
  func note(_ entry: String) { entries.withLock { $0.append(entry) } }
  var all: [String] { entries.withLock { $0 } }
}

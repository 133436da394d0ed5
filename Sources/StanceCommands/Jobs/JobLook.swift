import Files
import FoundationEssentials

/// A job as the service tells it, in JSON.
struct JobLook: Decodable, Sendable {
  struct Progress: Decodable, Sendable {
    let items: Int?
    let ended: Int
    let failed: Int
    let seconds: Double?
    let duration: Double?
  }

  struct Result: Decodable, Sendable {
    let bytes: Int
    let mediaType: String
    let sha256: String
  }

  let id: String
  let state: String
  let stage: String
  let progress: Progress
  let attempts: Int
  /// Of the file, the first of the photos, or the folder, if there is one.
  let name: String?
  let created: String
  let ended: String?
  let reason: String?
  let result: Result?

  init(json: [UInt8]) throws(JobsFailure) {
    do { self = try JSONDecoder().decode(Self.self, from: Data(json)) } catch {
      throw JobsFailure("the answer is no job: is this a service of the same version?")
    }
  }

  /// Those of a list.
  static func list(json: [UInt8]) throws(JobsFailure) -> [JobLook] {
    struct List: Decodable { let jobs: [JobLook] }
    do { return try JSONDecoder().decode(List.self, from: Data(json)).jobs } catch {
      throw JobsFailure("the answer is no list of jobs: is this a service of the same version?")
    }
  }

  var hasEnded: Bool { ended != nil }

  /// "12 of 480, 1 failed".
  var progressText: String {
    if let seconds = progress.seconds, let duration = progress.duration {
      return "\(Int(seconds)) of \(Int(duration.rounded(.up))) s"
    }
    guard let items = progress.items else { return "\(stage)" }
    let failed = progress.failed == 0 ? "" : ", \(progress.failed) failed"
    return "\(progress.ended) of \(items)\(failed)"
  }

  /// Why it waits or ended so: names of strangers' files can be in it.
  var shownReason: String? { reason?.withoutControls }

  /// One line for people: id, state, when it was handed over, how far it is, its name, why it waits or ended so.
  var line: String {
    let words = [
      id, state.padded(to: 9), created, progressText, name?.withoutControls,
      shownReason.map { "(\($0))" },
    ]
    return words.compactMap { $0 }.joined(separator: "  ") + "\n"
  }
}

/// Why something could not be done with jobs, in a line for a person.
struct JobsFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

import StanceJobs
import Telemetry

extension Job {
  /// What a caller is told of it.
  ///
  /// - Parameter base: what stands before `/v1/jobs` for the caller: a proxy may have the service below a path.
  func json(below base: String) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      (name: "id", value: .text(id.description)), (name: "state", value: .text(state.rawValue)),
      (name: "stage", value: .text(stage.word)), (name: "progress", value: progress.json),
      (name: "attempts", value: .integer(attempts)),
    ]
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append((name: name, value: value)) }
    }
    // What another version made is not known.
    let work = try? JobSpecification(decoding: specification)
    add("source", work.map { .text($0.source.rawValue) })
    add("name", work?.title.map { .text($0) })
    add("created", Self.time(created))
    add("started", started.map(Self.time))
    add("ended", ended.map(Self.time))
    add("expires", expires.map(Self.time))
    add("reason", reason.map { .text($0) })
    if ended != nil, let result {
      add(
        "result",
        [
          "url": .text("\(base)\(JobRoutes.path)/\(id)/result"), "bytes": .integer(result.bytes),
          "mediaType": .text(result.mediaType), "sha256": .text(result.checksum),
        ])
    }
    return .object(members)
  }

  private static func time(_ seconds: Double) -> JSONValue { .text(WallClock(seconds).iso8601) }
}

extension JobStage {
  var word: String {
    switch self {
    case .plan: "plan"
    case .work: "work"
    case .gather: "gather"
    }
  }
}

extension JobProgress {
  fileprivate var json: JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      (name: "ended", value: .integer(ended)), (name: "failed", value: .integer(failed)),
    ]
    if let items { members.insert((name: "items", value: .integer(items)), at: 0) }
    if let seconds { members.append((name: "seconds", value: .number(seconds))) }
    if let duration { members.append((name: "duration", value: .number(duration))) }
    return .object(members)
  }
}

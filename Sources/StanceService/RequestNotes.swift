import Synchronization
import Telemetry

/// What a route adds to its request's line in the log: never anything of a picture or a video, nor its name.
final class RequestNotes: Sendable {
  /// Those of the request that is being answered.
  @TaskLocal static var current = RequestNotes()

  private let kept = Mutex<[(name: String, value: JSONValue)]>([])

  var fields: [(name: String, value: JSONValue)] { kept.withLock { $0 } }

  func add(_ name: String, _ value: JSONValue) { kept.withLock { $0.append((name, value)) } }
}

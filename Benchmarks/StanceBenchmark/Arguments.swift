import Stance

/// The command line.
struct Arguments {
  enum Mode: String { case stages, worker, landmarks }

  struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  var mode: Mode
  var photos: [String] = []
  var options = PoseOptions(maxPeople: 1, search: .quick)  // as MediaPipe's legacy graph, which it is compared with
  var engine = EngineOptions(threads: 1)
  /// How long `stages` goes on.
  var seconds = 3.0

  init(_ words: [String]) throws {
    guard let mode = words.first.flatMap(Mode.init) else { throw UsageError("no mode") }
    self.mode = mode
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        photos.append(word)
        continue
      }
      guard let value = rest.popFirst() else { throw UsageError("\(word) needs a value") }
      try set(word, to: value)
    }
    guard !photos.isEmpty else { throw UsageError("no photo") }
  }

  private mutating func set(_ name: String, to value: String) throws {
    func parsed<Value>(_ value: Value?) throws -> Value {
      guard let value else { throw UsageError("\(name) can't be what was given") }
      return value
    }
    switch name {
    case "--complexity": options.complexity = try parsed(Int(value).flatMap(Complexity.init))
    case "--max-people": options.maxPeople = try parsed(Int(value))
    case "--search": options.search = try parsed(SearchMode(rawValue: value))
    case "--precision": engine.precision = try parsed(Precision(rawValue: value))
    case "--profile": engine.profile = try parsed(EngineOptions.Profile(rawValue: value))
    case "--threads": engine.threads = try parsed(Int(value))
    case "--seconds": seconds = try parsed(Double(value))
    default: throw UsageError("there is no \(name)")
    }
  }
}

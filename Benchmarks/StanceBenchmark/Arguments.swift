import Stance

/// The command line.
struct Arguments {
  enum Mode: String {
    case stages, worker, callers, landmarks, track, associate, filters, drawing, motion
    case trackedFrames = "tracked-frames"
  }

  struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  var mode: Mode
  var photos: [String] = []
  /// As MediaPipe's legacy graph, which it is compared with.
  var options = PoseOptions(maxPeople: 1, search: .quick)
  var engine = EngineOptions(threads: 1)
  /// How long `stages` goes on.
  var seconds = 3.0
  /// Where `callers` call, on this machine.
  var port: UInt16 = 5000
  /// A path with its query.
  var target = "/v1/pose?maxPeople=1&search=quick"
  /// The form field that the photo is sent in; nil: the body is the photo.
  var field: String?
  /// How many call at once.
  var callers = 1
  /// Frames a second of the pictures that are frames.
  var frameRate = 30.0
  /// From this sight on `associate` gives a body its id.
  var minSights = 1

  init(_ words: [String]) throws {
    guard let mode = words.first.flatMap(Mode.init) else { throw UsageError("no mode") }
    self.mode = mode
    // A clip is tracked as `stance video` does by itself.
    if mode == .track { (options, engine) = (PoseOptions(), EngineOptions()) }
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        photos.append(word)
        continue
      }
      guard let value = rest.popFirst() else { throw UsageError("\(word) needs a value") }
      try set(word, to: value)
    }
    guard [.associate, .filters, .drawing, .motion].contains(mode) || !photos.isEmpty else {
      throw UsageError("no photo")
    }
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
    case "--port": port = try parsed(UInt16(value))
    case "--target": target = value
    case "--field": field = value
    case "--fps": frameRate = try parsed(Double(value).flatMap { $0 > 0 ? $0 : nil })
    case "--sights": minSights = try parsed(Int(value))
    case "--callers": callers = try parsed(Int(value).flatMap { 1...1024 ~= $0 ? $0 : nil })
    default: throw UsageError("there is no \(name)")
    }
  }
}

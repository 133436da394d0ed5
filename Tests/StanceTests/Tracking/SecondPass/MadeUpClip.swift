import Images

@testable import Stance

/// A first pass that was never made: who is where in each frame, under which id.
struct MadeUpClip: Sendable {
  static let size = ImageSize(width: 640, height: 480)

  var rate = 30.0
  /// The bodies of a frame, with the ids that the first pass gave them.
  var people: @Sendable (_ frame: Int, _ time: Double) -> [(id: Int, body: MadeUpBody)]
  var isCut: @Sendable (_ frame: Int) -> Bool = { _ in false }

  func frames(_ count: Int) -> [TrackedFrame] {
    (0..<count).map { index in
      let time = Double(index) / rate
      let people = people(index, time).map { id, body in Self.person(id, body) }
      var frame = TrackedFrame(
        index: index, time: time,
        result: PoseResult(
          imageSize: Self.size, complexity: .full, search: .auto, precision: .f32, people: people,
          timing: PoseTiming(total: .milliseconds(12))),
        lost: [], passes: PassCount(landmarks: people.count))
      frame.isCut = isCut(index)
      return frame
    }
  }

  static func person(_ id: Int, _ body: MadeUpBody) -> Person {
    let estimate = body.estimate(in: body.region, score: 1, presence: 0.9)
    var person = Person(Finding(byOneLook: estimate, in: size), in: size)
    (person.id, person.score) = (id, nil)
    person.clues = SightClues(
      colors: ColorSignature(Array(repeating: body.color, count: 8)),
      bodyRadius: estimate.auxiliaryRadius)
    return person
  }

  /// What a second pass makes of the first so many frames.
  func refined(
    _ count: Int, _ tracking: TrackingOptions = TrackingOptions(smoothing: .off, passes: 2)
  ) throws -> [TrackedFrame] {
    try Self.refined(frames(count), tracking)
  }

  static func refined(
    _ frames: [TrackedFrame],
    _ tracking: TrackingOptions = TrackingOptions(smoothing: .off, passes: 2)
  ) throws -> [TrackedFrame] {
    var pass = try SecondPass(tracking)
    for frame in frames { try pass.add(frame) }
    return Array(pass.finish())
  }
}

extension [TrackedFrame] {
  /// The ids that there are, in order of appearance.
  var ids: [Int] {
    reduce(into: []) { ids, frame in
      for id in frame.people.compactMap(\.id) where !ids.contains(id) { ids.append(id) }
    }
  }

  /// The frames in which an id is.
  func frames(of id: Int) -> [Int] {
    indices.filter { self[$0].people.contains { $0.id == id } }
  }
}

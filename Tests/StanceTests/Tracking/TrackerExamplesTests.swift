import Images
import Stance
import TestSupport
import Testing

/// Only what a user of the library sees is imported here.
@Suite(
  "The trackers' examples", .enabled(if: Requirements.models, "\(Requirements.missingModels)"))
struct TrackerExamplesTests {
  private struct Frame {
    var image: Image
    var time: Double
  }

  private struct Reader {
    var rest: [Frame]

    mutating func next() throws -> Frame? { rest.isEmpty ? nil : rest.removeFirst() }
  }

  private static func frames() -> [Frame] {
    (1...3).map {
      Frame(image: .pattern(width: 64, height: 48), time: Double($0) / 25)
    }
  }

  @Test("of a live picture, as PoseTracker's comment has it")
  func live() throws {
    let image = Self.frames()[0].image
    let tracker = try PoseTracker()
    let frame = try tracker.track(image, at: 0.04)
    for person in frame.people { print(person.id ?? 0, person.landmarks[.nose].x) }
    #expect(frame.index == 0 && frame.time == 0.04 && frame.people.isEmpty)
  }

  @Test("of a file, as ClipTracker's comment has it")
  func file() throws {
    var reader = Reader(rest: Self.frames())
    var shown: [Int] = []
    func print(_ count: Int) { shown.append(count) }
    var tracker = try ClipTracker()
    while let frame = try reader.next() {
      for result in try tracker.add(frame.image, at: frame.time) { print(result.people.count) }
    }
    for result in tracker.finish() { print(result.people.count) }
    #expect(shown == [0, 0, 0])
  }
}

import Images
import Testing

@testable import Stance

@Suite("Masks over time")
struct MaskTrackingTests {
  private static let options = PoseOptions(segmentation: true)

  /// The mask's value where somebody's hips are.
  private static func value(_ person: Person, at x: Float, _ y: Float = 240) -> UInt8? {
    person.mask.map { $0.values[Int(y) * $0.size.width + Int(x)] }
  }

  @Test("each person has the own one")
  func own() throws {
    let scene = MadeUpScene { _ in
      [MadeUpBody(1, x: 150, logit: 20), MadeUpBody(2, x: 450, logit: 2)]
    }
    for frame in try scene.clip(times(20, to: 1), Self.options) {
      for person in frame.people {
        let isFirst = scene.who(person, at: frame.time) == 1
        // A logit of 20 is 1, of 2 is 0.88; no region reaches the other one.
        #expect(
          abs(Int(Self.value(person, at: isFirst ? 150 : 450) ?? 0) - (isFirst ? 255 : 225)) <= 1)
        #expect(Self.value(person, at: isFirst ? 450 : 150) == 0)
      }
    }
  }

  @Test("the last one counts where the new one is unsure, and only there")
  func blended() throws {
    func after(_ logit: Float) throws -> UInt8? {
      let scene = MadeUpScene { time in [MadeUpBody(1, x: 300, logit: time < 0.5 ? 20 : logit)] }
      let frames = try scene.live(times(20, to: 1), Self.options)
      let frame = try #require(frames.first { $0.time >= 0.5 })
      let person = try #require(frame.people.first)
      return Self.value(person, at: 300)
    }
    #expect(try after(20) == 255)
    #expect(try after(-20) == 0)
    // Half sure: the old mask counts for 0.7. Values are rounded to bytes twice.
    let half = try after(0)
    #expect(abs(Int(half ?? 0) - 217) <= 1)
  }

  @Test("after a loss there is no last one")
  func begunAnew() throws {
    let scene = MadeUpScene { time in
      (0.5..<0.8).contains(time) ? [] : [MadeUpBody(1, x: 300, logit: time < 0.5 ? 20 : 0)]
    }
    let frames = try scene.live(times(20, to: 2), Self.options)
    let back = try #require(frames.first { $0.time >= 0.8 && !$0.people.isEmpty })
    #expect(back.people.first?.id == 1)
    let person = try #require(back.people.first)
    let value = try #require(Self.value(person, at: 300))
    #expect(abs(Int(value) - 128) <= 1)
  }
}

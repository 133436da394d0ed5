import Testing

@testable import Stance

@Suite("People who meet")
struct MeetingTests {
  private static let (red, blue) = (SIMD3<Float>(30, 30, 200), SIMD3<Float>(200, 60, 20))

  @Test("two whose regions come to show one person are one person with one id")
  func converging() throws {
    // One steps behind the other and stays there: both regions then show who is in front.
    let scene = MadeUpScene { time in
      [
        MadeUpBody(1, x: 400, color: Self.red),
        MadeUpBody(2, x: min(400, 150 + 100 * Float(time)), color: Self.blue),
      ]
    }
    for frames in [try scene.live(times(30, to: 5)), try scene.clip(times(30, to: 5))] {
      #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
      let hidden = frames.filter { $0.time >= 2.6 }
      #expect(hidden.allSatisfy { $0.people.compactMap(\.id) == [1] && $0.lost == [2] })
    }
  }

  @Test("and dressed alike are still one, of whom no other is made")
  func convergingAlike() throws {
    let scene = MadeUpScene { time in
      [MadeUpBody(1, x: 400), MadeUpBody(2, x: min(400, 150 + 100 * Float(time)))]
    }
    let frames = try scene.clip(times(30, to: 5))
    let hidden = frames.filter { $0.time >= 2.6 }
    #expect(hidden.allSatisfy { $0.people.count == 1 && $0.lost.count == 1 })
    #expect(Set(frames.flatMap { $0.people.compactMap(\.id) }) == [1, 2])
  }

  @Test("who was behind another gets the id back", arguments: [0.3, 1, 2])
  func behind(seconds: Double) throws {
    let scene = MadeUpScene { time in
      let x =
        time < 1.5
        ? 250 + 100 * Float(time)
        : time < 1.5 + seconds ? 400 : 400 + 100 * Float(time - 1.5 - seconds)
      return [MadeUpBody(1, x: 400, color: Self.red), MadeUpBody(2, x: x, color: Self.blue)]
    }
    let frames = try scene.clip(times(30, to: 3.5 + seconds))
    #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
  }

  @Test(
    "two who cross keep their ids, dressed differently or alike", arguments: [5.0, 10, 30],
    [true, false])
  func crossing(rate: Double, isAlike: Bool) throws {
    let scene = MadeUpScene { time in
      [
        MadeUpBody(1, x: 150 + 100 * Float(time), color: Self.red),
        MadeUpBody(2, x: 490 - 100 * Float(time), color: isAlike ? Self.red : Self.blue),
      ]
    }
    let frames = try scene.clip(times(rate, to: 3.4))
    #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
  }

  @Test("one who overtakes another keeps the id")
  func overtaking() throws {
    let scene = MadeUpScene { time in
      [
        MadeUpBody(1, x: 200 + 20 * Float(time), color: Self.red),
        MadeUpBody(2, x: 80 + 100 * Float(time), color: Self.blue),
      ]
    }
    let frames = try scene.clip(times(30, to: 5))
    #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
  }

  @Test("six who stand side by side are six")
  func sideBySide() throws {
    let scene = MadeUpScene { time in
      (1...6).map { MadeUpBody($0, x: 60 + 40 * Float($0), y: 240 + 3 * Float(time)) }
    }
    let frames = try scene.clip(times(10, to: 5))
    #expect(frames.suffix(20).allSatisfy { $0.people.count == 6 })
    #expect(scene.ids(in: frames).values.allSatisfy { $0.count == 1 })
  }
}

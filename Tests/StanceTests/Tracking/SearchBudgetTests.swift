import Testing

@testable import Stance

@Suite("The search for others")
struct SearchBudgetTests {
  private static let (nobody, two) = (
    MadeUpScene { _ in [] },
    MadeUpScene { time in [MadeUpBody(1, x: 200 + 4 * Float(time)), MadeUpBody(2, x: 450)] }
  )

  /// Passes that look for people, in each second of the source after the first.
  private static func looks(_ scene: MadeUpScene, _ rate: Double) throws -> [Int] {
    let frames = try scene.live(times(rate, to: 21))
    return (1...20).map { second in
      frames.filter { $0.time >= Double(second) && $0.time < Double(second + 1) }
        .reduce(0) { $0 + $1.passes.looks }
    }
  }

  @Test("takes a bounded number of passes for each second of the source, at any rate")
  func bounded() throws {
    for rate in [2.0, 5, 10, 30, 60, 120] {
      let seconds = try Self.looks(Self.nobody, rate)
      #expect(seconds.allSatisfy { $0 > 0 && Double($0) <= LookBudget.alert + LookBudget.most })
      #expect(Double(seconds.reduce(0, +)) <= 20 * LookBudget.alert + LookBudget.most)
      let calm = try Self.looks(Self.two, rate).suffix(15)
      #expect(Double(calm.reduce(0, +)) <= 15 * LookBudget.calm + LookBudget.most)
    }
  }

  @Test("takes about the same whatever the frame rate")
  func sameAtAnyRate() throws {
    for scene in [Self.nobody, Self.two] {
      let sums = try [10.0, 30, 60, 120].map { try Self.looks(scene, $0).suffix(15).reduce(0, +) }
      // A look is due at a time and made at the next frame: to the 0.1 s of the lowest rate.
      #expect(Double(sums.max() ?? 0) <= 1.5 * Double(sums.min() ?? 0), "\(sums)")
      #expect(sums.allSatisfy { $0 > 0 })
    }
  }

  @Test("takes less when everybody is where he should be than when somebody is missing")
  func calm() throws {
    let calm = try Self.looks(Self.two, 30).suffix(10).reduce(0, +)
    let scene = MadeUpScene { time in time < 5 ? Self.two.bodies(time) : [MadeUpBody(1, x: 220)] }
    let frames = try scene.live(times(30, to: 6))
    let missing = frames.filter { (5..<6).contains($0.time) }.reduce(0) { $0 + $1.passes.looks }
    #expect(Double(missing) > 1.5 * Double(calm) / 10)
  }

  @Test("finds somebody new within a second", arguments: [2.0, 5, 10, 30, 60])
  func somebodyNew(rate: Double) throws {
    for comes in [3.0, 3.2, 3.37, 3.5, 3.81] {
      let scene = MadeUpScene { time in
        Self.two.bodies(time) + (time < comes ? [] : [MadeUpBody(3, x: 320)])
      }
      let frames = try scene.clip(times(rate, to: 6))
      let first = try #require(scene.times(of: 3, in: frames).first)
      #expect(first - comes < 1 + 1e-9, "\(comes)")
    }
  }

  @Test("finds somebody small too, who is seen only in a part of the picture")
  func small() throws {
    let scene = MadeUpScene { time in
      [MadeUpBody(1, x: 200), MadeUpBody(2, x: 560, y: 400, size: 45)]
    }
    let frames = try scene.clip(times(30, to: 15))
    #expect(scene.ids(in: frames)[2]?.count == 1)
  }

  @Test("works with BlazePose's detector alone, where scouts are missing")
  func withoutScouts() throws {
    var scene = Self.two
    scene.hasScouts = false
    for options in [PoseOptions(), PoseOptions(search: .quick)] {
      let frames = try scene.clip(times(30, to: 5), options)
      #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
      #expect(frames.allSatisfy { $0.people.count == 2 && $0.passes.scouts == 0 })
    }
  }
}

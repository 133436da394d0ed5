import Images
import Testing

@testable import Stance

@Suite("Identities")
struct IdentityTests {
  /// Somebody who is at one place but for a while.
  private static func away(from leaves: Double, to returns: Double) -> MadeUpScene {
    MadeUpScene { time in (leaves..<returns).contains(time) ? [] : [MadeUpBody(1, x: 300)] }
  }

  @Test("count from 1 in order of appearance")
  func order() throws {
    let scene = MadeUpScene { time in
      // The later somebody comes the farther left he is.
      (1...5).filter { time >= 2 * Double($0 - 1) }.map { MadeUpBody($0, x: 620 - 100 * Float($0)) }
    }
    let times = times(15, to: 12)
    let expected = Dictionary(uniqueKeysWithValues: (1...5).map { ($0, [$0]) })
    #expect(scene.ids(in: try scene.live(times)) == expected)
    #expect(scene.ids(in: try scene.clip(times)) == expected)
    for frame in try scene.live(times) {
      #expect(frame.people.compactMap(\.id) == frame.people.compactMap(\.id).sorted())
    }
  }

  @Test(
    "who comes back within the memory is the same, who comes back later is somebody new",
    arguments: [(1.0, 0.6, true), (1, 1.5, false), (3, 2.5, true), (3, 3.4, false), (10, 9, true)])
  func memory(memory: Double, away: Double, isSame: Bool) throws {
    let scene = Self.away(from: 1, to: 1 + away)
    let tracking = TrackingOptions(memory: memory)
    let times = times(15, to: 4 + away)
    for frames in [
      try scene.live(times, PoseOptions(), tracking),
      try scene.clip(times, PoseOptions(), tracking),
    ] {
      #expect(scene.ids(in: frames) == [1: isSame ? [1] : [1, 2]])
    }
  }

  @Test("the memory begins with the last sight, however short that was")
  func lastSight() throws {
    // Away for 1.8 s, seen elsewhere in one frame, away for 2.6 s.
    let scene = MadeUpScene { time in
      time < 0.9
        ? [MadeUpBody(1, x: 300)]
        : (2.5..<2.7).contains(time)
          ? [MadeUpBody(1, x: 390)]
          : time < 5.1 ? [] : [MadeUpBody(1, x: 480)]
    }
    let frames = try scene.clip(times(5, to: 7))
    #expect(scene.times(of: 1, in: frames).contains(2.6))
    #expect(scene.ids(in: frames) == [1: [1]])
  }

  @Test("without memory whoever was away for a frame is somebody new")
  func noMemory() throws {
    let scene = Self.away(from: 1, to: 1.1)
    let frames = try scene.clip(times(30, to: 3), PoseOptions(), TrackingOptions(memory: 0))
    #expect(scene.ids(in: frames) == [1: [1, 2]])
    let still = MadeUpScene { _ in [MadeUpBody(1, x: 300)] }
    let others = try still.clip(times(30, to: 3), PoseOptions(), TrackingOptions(memory: 0))
    #expect(still.ids(in: others) == [1: [1]])
  }

  @Test("are never used twice")
  func neverTwice() throws {
    // Every second somebody else for half a second, now here, now there.
    let scene = MadeUpScene { time in
      let who = Int(time)
      return time - Double(who) < 0.5 ? [MadeUpBody(who, x: 100 + 150 * Float(who % 4))] : []
    }
    for memory in [0, 0.3, 1.4] {
      let frames = try scene.live(
        times(20, to: 40), PoseOptions(), TrackingOptions(memory: memory))
      let ids = scene.ids(in: frames)
      #expect(ids.count == 40)
      #expect(ids.values.flatMap(\.self).sorted() == Array(1...40))
      for who in 0..<40 { #expect(ids[who] == [who + 1]) }
    }
  }

  @Test("long after, only who looks alike gets an id back")
  func looksAlike() throws {
    func scene(_ color: SIMD3<Float>) -> MadeUpScene {
      MadeUpScene { time in
        time < 1
          ? [MadeUpBody(1, x: 300, color: SIMD3(30, 30, 200))]
          : time < 6 ? [] : [MadeUpBody(2, x: 310, color: color)]
      }
    }
    let tracking = TrackingOptions(memory: 10)
    let alike = scene(SIMD3(35, 28, 190))
    #expect(alike.ids(in: try alike.clip(times(15, to: 8), PoseOptions(), tracking))[2] == [1])
    let other = scene(SIMD3(200, 40, 20))
    #expect(other.ids(in: try other.clip(times(15, to: 8), PoseOptions(), tracking))[2] == [2])
  }

  @Test("a false find of one frame gets none and is in no result")
  func falseFind() throws {
    // Among two who are there, and alone in a picture.
    for others in [[MadeUpBody(1, x: 150), MadeUpBody(2, x: 480)], []] {
      let times = times(30, to: 3)
      // The ghost is there whenever a search may be, each time for one frame.
      for number in 0..<8 {
        let moment = times[number == 0 ? 0 : 30 + number]
        let scene = MadeUpScene { time in
          others + (time == moment ? [MadeUpBody(9, x: 320)] : [])
        }
        for frames in [try scene.live(times), try scene.clip(times)] {
          #expect(frames.allSatisfy { scene.times(of: 9, in: [$0]).isEmpty && $0.lost.isEmpty })
          #expect(scene.ids(in: frames) == (others.isEmpty ? [:] : [1: [1], 2: [2]]))
        }
      }
    }
  }

  @Test("live, a person is named at the third sight; one who is followed alone at once")
  func thirdSight() throws {
    let scene = MadeUpScene { _ in [MadeUpBody(1, x: 300)] }
    let times = times(30, to: 0.5)
    #expect(try scene.live(times).map(\.people.count).prefix(4) == [0, 0, 1, 1])
    var plain = scene
    plain.hasScouts = false
    let frames = try plain.live(times, PoseOptions(maxPeople: 1, search: .quick))
    #expect(frames.allSatisfy { $0.people.map(\.id) == [1] })
  }

  @Test("a missed frame before the third sight does not matter")
  func flickering() throws {
    let times = times(30, to: 1)
    let scene = MadeUpScene { time in time == times[1] ? [] : [MadeUpBody(1, x: 300)] }
    #expect(scene.ids(in: try scene.live(times)) == [1: [1]])
    #expect(scene.times(of: 1, in: try scene.clip(times)) == times.filter { $0 != times[1] })
  }

  @Test(
    "stay when the frames become smaller or larger, and so do smoothed places",
    arguments: [(320, 240), (1280, 960), (1067, 800)])
  func otherSize(width: Int, height: Int) throws {
    // Two who walk side by side; in the middle of it the camera's frames change their size.
    let bodies: @Sendable (Float, Double) -> [MadeUpBody] = { scale, time in
      [1, 2].map { who in
        MadeUpBody(
          who, x: scale * (60 + 110 * Float(who) + 60 * Float(time)), y: scale * 240,
          size: scale * 100)
      }
    }
    let factor = Float(width) / 640
    var scene = MadeUpScene { time in bodies(1, time) }
    var tracker = MadeUpTracker(scene)
    var ids: Set<[Int]> = []
    for time in times(15, to: 4) {
      if time == 2 {
        scene.size = ImageSize(width: width, height: height)
        scene.bodies = { time in bodies(factor, time) }
        tracker.scene = scene
      }
      let frame = try tracker.track(at: time)
      guard time > 0.5 else { continue }
      ids.insert(
        frame.people.sorted { $0.landmarks[.nose].x < $1.landmarks[.nose].x }.compactMap(\.id))
      for person in frame.people {
        let wanted = try #require(scene.bodies(time).first { $0.who == person.id })
        let x = person.landmarks[.nose].x * Float(scene.size.width)
        // The filter lags behind a walker, by as much in any size.
        #expect(abs(x - wanted.landmarks[.nose].x) < 0.05 * wanted.size)
      }
    }
    #expect(ids == [[1, 2]])
  }
}

import Images
import Testing

@testable import Stance

@Suite("Whom to follow")
struct SelectionTests {
  private static let people = MadeUpScene { time in
    [
      MadeUpBody(1, x: 120 + 10 * Float(time), size: 100),
      MadeUpBody(2, x: 330 + 10 * Float(time), size: 80),
      MadeUpBody(3, x: 500 + 10 * Float(time), size: 140),
    ]
  }

  @Test(
    "the largest, or the one nearest to the centre, costs one landmark pass a frame",
    arguments: [(TrackingOptions.Follow.largest, 3), (.nearestToCenter, 2)])
  func one(follow: TrackingOptions.Follow, who: Int) throws {
    let times = times(20, to: 4)
    let frames = try Self.people.clip(times, PoseOptions(), TrackingOptions(follow: follow))
    #expect(Self.people.ids(in: frames) == [who: [1]])
    #expect(frames.allSatisfy { $0.people.count == 1 })
    #expect(frames.dropFirst().allSatisfy { $0.passes.landmarks == 1 && $0.passes.looks == 0 })
  }

  @Test(
    "who was chosen stays, also when another one is larger or nearer", arguments: [true, false])
  func stays(isLargest: Bool) throws {
    let scene = MadeUpScene { time in
      [
        MadeUpBody(1, x: 300 - 40 * Float(time), size: 120),
        MadeUpBody(2, x: 500 - 40 * Float(time), size: 90 + 20 * Float(time)),
      ]
    }
    let frames = try scene.clip(
      times(20, to: 4), PoseOptions(),
      TrackingOptions(follow: isLargest ? .largest : .nearestToCenter))
    #expect(scene.ids(in: frames) == [1: [1]])
  }

  @Test("everybody is followed until the id is given, then its person only")
  func byID() throws {
    let times = times(20, to: 4)
    let frames = try Self.people.live(times, PoseOptions(), TrackingOptions(follow: .id(2)))
    let given = try #require(frames.firstIndex { $0.people.contains { $0.id == 2 } })
    // In the next frame all are still looked at.
    for frame in frames.dropFirst(given + 1) { #expect(frame.people.map(\.id) == [2]) }
    for frame in frames.dropFirst(given + 2) {
      #expect(frame.passes.landmarks == 1 && frame.passes.looks == 0)
    }
    #expect(given < 5)
  }

  @Test("the one who is followed gets the id back, and nobody else is in a result meanwhile")
  func back() throws {
    let scene = MadeUpScene { time in
      Self.people.bodies(time).filter { $0.who != 3 || !(1..<2.5).contains(time) }
    }
    for follow in [TrackingOptions.Follow.largest, .id(3)] {
      let frames = try scene.live(times(20, to: 5), PoseOptions(), TrackingOptions(follow: follow))
      let followed = frames.filter { $0.time > 0.5 }
      let id = try #require(followed.first?.people.first?.id)
      #expect(followed.allSatisfy { frame in frame.people.allSatisfy { $0.id == id } })
      #expect(scene.times(of: 3, in: followed).contains { $0 >= 2.5 })
      for frame in followed { #expect(frame.people.isEmpty == (frame.lost == [id])) }
    }
  }

  @Test("who is known keeps the id when options change, and who is too many is let go")
  func change() throws {
    var tracker = MadeUpTracker(Self.people)
    let times = times(20, to: 4)
    var frames: [TrackedFrame] = []
    for (index, time) in times.enumerated() {
      if index == 20 { tracker.change(PoseOptions(maxPeople: 2)) }
      if index == 40 { tracker.change(PoseOptions(), TrackingOptions(follow: .largest)) }
      if index == 60 { tracker.change(PoseOptions()) }
      frames.append(try tracker.track(at: time))
    }
    #expect(frames[19].people.map(\.id) == [1, 2, 3])
    #expect(frames[20...].prefix(20).allSatisfy { $0.people.map(\.id) == [1, 2] })
    #expect(frames[50].people.count == 1)
    let ids = frames[55...].flatMap { $0.people.compactMap(\.id) }
    #expect(Set(ids).count >= 3)
    // An id that was given up is not given to somebody else.
    for (_, ids) in Self.people.ids(in: frames) { #expect(Set(ids).count == ids.count) }
    let all = Self.people.ids(in: frames).values.flatMap { $0 }
    #expect(Set(all).count == all.count)
  }

  @Test("never more people than were asked for", arguments: [1, 2])
  func maxPeople(count: Int) throws {
    let options = PoseOptions(maxPeople: count)
    for frames in [
      try Self.people.live(times(20, to: 4), options),
      try Self.people.clip(times(20, to: 4), options),
    ] {
      #expect(frames.map(\.people.count).max() == count)
      #expect(frames.last?.people.count == count)
    }
  }

  @Test("only people in the regions, for as long as they are there")
  func regions() throws {
    // One is inside and leaves, one is outside and comes in, one stays outside.
    let scene = MadeUpScene { time in
      [
        MadeUpBody(1, x: 250 + 40 * Float(time), y: 120), MadeUpBody(2, x: 420 - 40 * Float(time)),
        MadeUpBody(3, x: 580),
      ]
    }
    let region = PixelBox(x: 0, y: 0, width: 330, height: 480)
    let frames = try scene.clip(times(20, to: 5), PoseOptions(regions: [region]))
    for frame in frames {
      for person in frame.people {
        let who = try #require(scene.who(person, at: frame.time))
        let body = try #require(scene.bodies(frame.time).first { $0.who == who })
        #expect(body.hips.x <= 330 + 3, "\(who) \(frame.time)")
      }
    }
    #expect(scene.times(of: 1, in: frames).first == 0)
    #expect(scene.times(of: 2, in: frames).last == frames.last?.time)
    #expect(scene.times(of: 3, in: frames).isEmpty)
  }
}

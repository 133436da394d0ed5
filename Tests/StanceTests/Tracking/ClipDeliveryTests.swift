import Testing

@testable import Stance

@Suite("Results of a file")
struct ClipDeliveryTests {
  private static let two = MadeUpScene { time in
    [MadeUpBody(1, x: 200 + 30 * Float(time))] + (time < 1 ? [] : [MadeUpBody(2, x: 450)])
  }

  @Test("have everybody from the first sight on", arguments: [4.0, 10, 30, 60])
  func firstSight(rate: Double) throws {
    let times = times(rate, to: 4)
    let live = try Self.two.live(times)
    let clip = try Self.two.clip(times)
    #expect(Self.two.times(of: 1, in: clip).first == 0)
    for who in 1...2 {
      let (first, named) = (
        try #require(Self.two.times(of: who, in: clip).first),
        try #require(Self.two.times(of: who, in: live).first)
      )
      // Live, the third sight was the first one with a name.
      #expect(abs(named - first - 2 / rate) < 1e-9)
      #expect(Self.two.times(of: who, in: clip) == times.filter { $0 >= first })
    }
  }

  @Test("but for the waiting are what a live picture's are")
  func sameAsLive() throws {
    let times = times(20, to: 4)
    for (live, clip) in zip(try Self.two.live(times), try Self.two.clip(times)) {
      #expect(live.index == clip.index && live.time == clip.time && live.passes == clip.passes)
      for person in live.people { #expect(clip.people.contains(person)) }
    }
  }

  @Test("come in order, each once, and none waits for more than half a second")
  func waits() throws {
    // Somebody new all the time, of whom half are seen once.
    let scene = MadeUpScene { time in
      let who = Int(time * 5)
      let isShort = who.isMultiple(of: 2)
      return time * 5 - Double(who) < (isShort ? 0.15 : 0.9)
        ? [MadeUpBody(who, x: Float(80 + who * 170 % 500))] : []
    }
    for rate in [3.0, 5, 10, 30, 60] {
      let times = times(rate, to: 6)
      var tracker = MadeUpTracker(scene)
      var out: [TrackedFrame] = []
      for time in times {
        out += try tracker.add(at: time)
        let oldest = times[min(out.count, times.count - 1)]
        #expect(time - oldest < 0.5 + 1e-9, "\(rate) \(time)")
      }
      out += tracker.finish()
      #expect(out.map(\.index) == Array(times.indices))
      #expect(out.map(\.time) == times)
      #expect(tracker.finish().isEmpty)
    }
  }

  @Test("of a short clip have who is in it", arguments: [1, 2, 3, 5])
  func shortClip(count: Int) throws {
    let scene = MadeUpScene { _ in [MadeUpBody(1, x: 200), MadeUpBody(2, x: 450)] }
    for rate in [2.0, 30] {
      let frames = try scene.clip(times(rate, to: Double(count) / rate))
      #expect(frames.count == count)
      #expect(frames.allSatisfy { $0.people.compactMap(\.id) == [1, 2] })
    }
    #expect(try scene.clip([]).isEmpty)
  }

  @Test("say who is lost also of frames that waited while he was forgotten")
  func lostWhileWaiting() throws {
    // One leaves just before another comes, and is forgotten before it is sure who that is.
    let times = times(30, to: 2)
    let scene = MadeUpScene { time in
      time < times[29] ? [MadeUpBody(1, x: 150)] : [MadeUpBody(2, x: 500)]
    }
    for memory in [0.02, 0.05, 0.1, 0.2] {
      let tracking = TrackingOptions(memory: memory)
      let live = try scene.live(times, PoseOptions(), tracking)
      let clip = try scene.clip(times, PoseOptions(), tracking)
      #expect(live.map(\.lost) == clip.map(\.lost), "\(memory)")
      #expect(clip.contains { $0.lost == [1] })
    }
  }

  @Test("have no id twice, and what waits stays small")
  func state() throws {
    let scene = MadeUpScene { time in
      let who = Int(time)
      return time - Double(who) < 0.6 ? [MadeUpBody(who, x: 100 + 150 * Float(who % 4))] : []
    }
    var tracker = MadeUpTracker(scene, PoseOptions(), TrackingOptions(memory: 0.2))
    var frames: [TrackedFrame] = []
    for time in times(20, to: 30) {
      frames += try tracker.add(at: time)
      // As many frames as there are in half a second; one who is there and one who was.
      #expect(tracker.patient.waiting.count <= 10)
      #expect(tracker.patient.sure.count <= 2)
      #expect(tracker.patient.identities.count <= 2)
    }
    frames += tracker.finish()
    let ids = scene.ids(in: frames)
    for who in 0..<30 { #expect(ids[who] == [who + 1]) }
  }
}

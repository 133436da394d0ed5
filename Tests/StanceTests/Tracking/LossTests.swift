import Testing

@testable import Stance

@Suite("Loss")
struct LossTests {
  @Test("is said and nothing is invented, from the first frame without the person to the last")
  func said() throws {
    let scene = MadeUpScene { time in
      (1.0..<2.5).contains(time) ? [] : [MadeUpBody(1, x: 300 + 20 * Float(min(time, 1)))]
    }
    for frames in [try scene.live(times(20, to: 4)), try scene.clip(times(20, to: 4))] {
      for frame in frames where frame.time >= 0.2 {
        let isAway = (1.0..<2.5).contains(frame.time)
        // Who is back is shown when the next search is due.
        let isSearched = (2.5..<2.8).contains(frame.time)
        #expect(!isAway || frame.people.isEmpty, "\(frame.time)")
        #expect(isAway || isSearched || !frame.people.isEmpty, "\(frame.time)")
        #expect(frame.lost == (frame.people.isEmpty ? [1] : []), "\(frame.time)")
      }
    }
  }

  @Test("ends with the memory")
  func forgotten() throws {
    let scene = MadeUpScene { time in time < 1 ? [MadeUpBody(1, x: 300)] : [] }
    let frames = try scene.live(times(20, to: 6), PoseOptions(), TrackingOptions(memory: 2))
    #expect(frames.filter { (1..<2.9).contains($0.time) }.allSatisfy { $0.lost == [1] })
    #expect(frames.filter { $0.time > 3 }.allSatisfy { $0.lost.isEmpty })
  }

  @Test("of everybody follows a gap, who is still there keeps the id, who is not is lost")
  func gap() throws {
    let scene = MadeUpScene { time in
      [MadeUpBody(1, x: 200)] + (time < 1 ? [MadeUpBody(2, x: 450)] : [])
        + (time < 1 ? [] : [MadeUpBody(3, x: 580)])
    }
    let times = times(20, to: 1) + times(20, from: 3, to: 4)
    let frames = try scene.clip(times)
    #expect(scene.ids(in: frames) == [1: [1], 2: [2], 3: [3]])
    let after = frames.filter { $0.time >= 3 }
    // At once: the first frame after the gap is searched whatever was spent before.
    #expect(after.allSatisfy { $0.people.compactMap(\.id) == [1, 3] && $0.lost == [2] })
  }

  @Test("after a gap longer than the memory everybody is new")
  func longGap() throws {
    let scene = MadeUpScene { _ in [MadeUpBody(1, x: 200), MadeUpBody(2, x: 450)] }
    let frames = try scene.clip(times(20, to: 1) + times(20, from: 5, to: 6))
    #expect(scene.ids(in: frames) == [1: [1, 3], 2: [2, 4]])
  }

  @Test("a pause shorter than a gap loses nobody")
  func pause() throws {
    let scene = MadeUpScene { time in [MadeUpBody(1, x: 200 + 20 * Float(time))] }
    let before = times(30, to: 1)
    var tracker = MadeUpTracker(scene)
    for time in before { _ = try tracker.track(at: time) }
    let frame = try tracker.track(at: 1.9)
    #expect(frame.people.compactMap(\.id) == [1] && frame.lost.isEmpty)
    // Whoever had been lost would be shown as the model gave him: the filter goes on.
    #expect(frame.people.first?.landmarks[.nose].x != scene.rawNose(at: 1.9))
    let later = try tracker.track(at: 3.1)
    #expect(later.people.first?.landmarks[.nose].x == scene.rawNose(at: 3.1))
  }

  @Test("a scene cut loses everybody at once, and at once begins anew")
  func cut() throws {
    var scene = MadeUpScene { time in
      time < 1
        ? [MadeUpBody(1, x: 100, y: 150), MadeUpBody(2, x: 260, y: 150)]
        : [MadeUpBody(3, x: 420, y: 330), MadeUpBody(4, x: 560, y: 330)]
    }
    scene.gray = { $0 < 1 ? 60 : 190 }
    let times = times(30, to: 2)
    let frames = try scene.clip(times)
    #expect(scene.ids(in: frames) == [1: [1], 2: [2], 3: [3], 4: [4]])
    for frame in frames {
      #expect(
        frame.people.compactMap(\.id) == (frame.time < 1 ? [1, 2] : [3, 4]), "\(frame.time)")
      #expect(frame.lost == (frame.time < 1 ? [] : [1, 2]), "\(frame.time)")
    }
  }

  @Test("who looks different after a cut is not who was there before it")
  func cutToOther() throws {
    var scene = MadeUpScene { time in
      time < 1 || time >= 2
        ? [MadeUpBody(1, x: 300, color: SIMD3(30, 30, 200))]
        : [MadeUpBody(2, x: 310, color: SIMD3(200, 60, 20))]
    }
    scene.gray = { $0 < 1 || $0 >= 2 ? 60 : 190 }
    let frames = try scene.clip(times(30, to: 3))
    #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
  }

  @Test("blank frames show nobody, and who is there after them is who was there before")
  func blank() throws {
    var scene = MadeUpScene { time in
      (1.0..<1.3).contains(time) ? [] : [MadeUpBody(1, x: 200), MadeUpBody(2, x: 450)]
    }
    scene.gray = { (1.0..<1.3).contains($0) ? 0 : 150 }
    let frames = try scene.clip(times(30, to: 3))
    #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
    for frame in frames {
      let isBlank = (1.0..<1.3).contains(frame.time)
      #expect(frame.people.isEmpty == isBlank)
      #expect(frame.lost == (isBlank ? [1, 2] : []))
    }
  }

  @Test("a blank clip has no people and no ids")
  func nobody() throws {
    let scene = MadeUpScene { _ in [] }
    for frame in try scene.clip(times(30, to: 3)) {
      #expect(frame.people.isEmpty && frame.lost.isEmpty)
    }
  }

  @Test("a light that is switched on is no reason for other ids")
  func light() throws {
    var scene = MadeUpScene { _ in [MadeUpBody(1, x: 200), MadeUpBody(2, x: 450)] }
    scene.gray = { $0 < 1 ? 40 : 200 }
    let frames = try scene.clip(times(30, to: 2))
    #expect(scene.ids(in: frames) == [1: [1], 2: [2]])
    #expect(frames.allSatisfy { $0.people.count == 2 })
  }
}

extension MadeUpScene {
  /// Where the first person's nose is, unsmoothed, in parts of the picture.
  func rawNose(at time: Double) -> Float? {
    bodies(time).first.map { $0.landmarks[.nose].x / Float(size.width) }
  }
}

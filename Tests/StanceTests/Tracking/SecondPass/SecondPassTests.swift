import Images
import Testing

@testable import Stance

@Suite("A second pass")
struct SecondPassTests {
  private static let (red, blue) = (SIMD3<Float>(20, 30, 220), SIMD3<Float>(210, 40, 20))

  // MARK: Joining

  @Test("who is hidden for 4 seconds and comes back far away, where he was going, has one id")
  func hidden() throws {
    // Memory is 3 s, so the first pass takes him for somebody new.
    let scene = MadeUpScene { time in
      (1..<5).contains(time) ? [] : [MadeUpBody(1, x: 60 + 75 * Float(time))]
    }
    let tracking = TrackingOptions(smoothing: .off, passes: 2)
    let first = try scene.clip(times(30, to: 7), PoseOptions(), tracking)
    #expect(scene.ids(in: first)[1] == [1, 2])
    let second = try MadeUpClip.refined(first)
    #expect(second.ids == [1])
    #expect(second.flatMap(\.people).allSatisfy { !$0.isUncertain })
  }

  @Test("who comes back dressed otherwise, or where he can't have got to, is somebody else")
  func others() throws {
    func ids(color: SIMD3<Float>, x: Float) throws -> [Int] {
      try MadeUpClip { frame, time in
        time < 1
          ? [(1, MadeUpBody(1, x: 100 + 50 * Float(time), color: Self.red))]
          : time > 4 ? [(2, MadeUpBody(2, x: x + 50 * Float(time), color: color))] : []
      }.refined(180).ids
    }
    #expect(try ids(color: Self.red, x: 100) == [1])
    #expect(try ids(color: Self.blue, x: 100) == [1, 2])
    #expect(try ids(color: Self.red, x: -500) == [1, 2])
  }

  @Test("after a cut only who is dressed alike is the same, wherever the place")
  func afterCut() throws {
    func ids(_ color: SIMD3<Float>) throws -> [Int] {
      try MadeUpClip(
        people: { frame, _ in
          [(frame < 30 ? 1 : 2, MadeUpBody(1, x: 300, color: frame < 30 ? Self.red : color))]
        }, isCut: { $0 == 30 }
      ).refined(60).ids
    }
    #expect(try ids(Self.red) == [1])
    #expect(try ids(Self.blue) == [1, 2])
  }

  @Test("more than five seconds later nobody is put together with anybody")
  func longGone() throws {
    let clip = MadeUpClip { _, time in
      time < 1 ? [(1, MadeUpBody(1, x: 300))] : time > 6.2 ? [(2, MadeUpBody(1, x: 300))] : []
    }
    #expect(try clip.refined(240).ids == [1, 2])
  }

  @Test("two who are there at one time are never put together, however alike")
  func overlap() throws {
    // The second is found in the very place where the first is lost, a frame too early.
    let clip = MadeUpClip { frame, _ in
      (frame <= 60 ? [(1, MadeUpBody(1, x: 300))] : [])
        + (frame >= 60 ? [(2, MadeUpBody(2, x: 310))] : [])
    }
    let frames = try clip.refined(120)
    #expect(frames.ids == [1, 2] && frames[60].people.count == 2)
  }

  @Test("of two who could be the one who left, the nearer gets the id; a tie is marked")
  func ties() throws {
    func frames(_ first: Float, _ second: Float) throws -> [TrackedFrame] {
      try MadeUpClip { _, time in
        time < 1
          ? [(1, MadeUpBody(1, x: 300))]
          : time > 2 ? [(2, MadeUpBody(2, x: first)), (3, MadeUpBody(3, x: second))] : []
      }.refined(120)
    }
    let clear = try frames(305, 350)
    #expect(clear.ids == [1, 2])
    let near = try #require(clear.last?.people.first { $0.id == 1 })
    #expect(abs(near.landmarks[.nose].x * 640 - 305) < 1 && !near.isUncertain)
    let tied = try frames(280, 320)
    let one = try #require(tied.last?.people.first { $0.id == 1 })
    #expect(one.isUncertain)
    // Before the join there is no doubt.
    #expect(tied[0].people[0].isUncertain == false)
  }

  // MARK: Splitting

  @Test("a track that jumps from one person to another is two people's")
  func jump() throws {
    let clip = MadeUpClip { frame, _ in
      [(1, MadeUpBody(1, x: frame < 45 ? 150 : 450, color: frame < 45 ? Self.red : Self.blue))]
    }
    let frames = try clip.refined(90)
    #expect(frames.ids == [1, 2])
    #expect(frames.frames(of: 1) == Array(0..<45) && frames.frames(of: 2) == Array(45..<90))
  }

  @Test("two whose ids were changed where they met have their own again, and that is in doubt")
  func swap() throws {
    // They meet at x 320 after 1.5 s; from then on each has the other's id.
    let clip = MadeUpClip { frame, time in
      let (right, left) = (
        MadeUpBody(1, x: 320 + 80 * Float(time - 1.5), color: Self.red),
        MadeUpBody(2, x: 320 - 80 * Float(time - 1.5), color: Self.blue)
      )
      return frame < 45 ? [(1, right), (2, left)] : [(1, left), (2, right)]
    }
    let frames = try clip.refined(90)
    #expect(frames.ids == [1, 2])
    func x(_ id: Int, _ frame: Int) -> Float? {
      frames[frame].people.first { $0.id == id }.map { $0.landmarks[.nose].x * 640 }
    }
    for frame in [0, 30, 60, 89] {
      let time = Float(frame) / 30
      #expect(abs((x(1, frame) ?? 0) - (320 + 80 * (time - 1.5))) < 1, "\(frame)")
      #expect(abs((x(2, frame) ?? 0) - (320 - 80 * (time - 1.5))) < 1, "\(frame)")
    }
    #expect(frames[89].people.allSatisfy { $0.isUncertain })
    #expect(!frames[0].people.contains { $0.isUncertain })
  }

  @Test("who moves quickly, or passes behind somebody, stays one")
  func whole() throws {
    let clip = MadeUpClip { frame, time in
      // Three body sizes a second; for half a second he has the colours of who stands before him.
      let color = (40..<52).contains(frame) ? Self.blue : Self.red
      return [(1, MadeUpBody(1, x: 50 + 150 * Float(time), size: 50, color: color))]
    }
    let frames = try clip.refined(110)
    #expect(frames.ids == [1])
    #expect(!frames.flatMap(\.people).contains { $0.isUncertain })
  }

  @Test("who is lost behind somebody in other colours keeps the id there, in doubt, and after it")
  func lostBehind() throws {
    // The last twelve sights before the loss show who stands before him; both have gone on when he is seen again.
    let clip = MadeUpClip { frame, time in
      let hidden = (30..<42).contains(frame)
      let body = MadeUpBody(1, x: 100 + 60 * Float(time), color: hidden ? Self.blue : Self.red)
      return frame < 42 ? [(1, body)] : frame < 62 ? [] : [(2, body)]
    }
    let frames = try clip.refined(110)
    #expect(frames.ids == [1])
    for (index, frame) in frames.enumerated() {
      for person in frame.people { #expect(person.isUncertain == (30..<42).contains(index)) }
    }
  }

  // MARK: Numbers

  @Test("ids count from 1 in order of appearance, without holes")
  func numbers() throws {
    let clip = MadeUpClip { frame, time in
      var people = [(7, MadeUpBody(7, x: 100, color: Self.red))]
      if frame >= 20 { people.append((3, MadeUpBody(3, x: 400, color: Self.blue))) }
      if frame >= 40 { people.append((9, MadeUpBody(9, x: 250, color: SIMD3(0, 255, 0)))) }
      return people
    }
    let frames = try clip.refined(60)
    #expect(frames[10].people.map(\.id) == [1])
    #expect(frames[30].people.map(\.id) == [1, 2])
    #expect(frames[50].people.map(\.id) == [1, 2, 3])
    #expect(abs(frames[50].people[1].landmarks[.nose].x * 640 - 400) < 1)
  }

  // MARK: Gaps

  private static func gap(_ missing: Int, isCut: Bool = false) -> MadeUpClip {
    MadeUpClip(
      people: { frame, time in
        (30..<30 + missing).contains(frame) ? [] : [(1, MadeUpBody(1, x: 100 + 90 * Float(time)))]
      }, isCut: { isCut && $0 == 32 })
  }

  @Test("a gap of 0.3 s is filled by straight lines, and each frame of it says so")
  func filled() throws {
    let tracking = TrackingOptions(smoothing: .off, passes: 2, keepsRaw: true)
    let frames = try Self.gap(9).refined(60, tracking)
    for (index, frame) in frames.enumerated() {
      let person = try #require(frame.people.first)
      let isFilled = (30..<39).contains(index)
      #expect(person.isFilled == isFilled && person.id == 1, "\(index)")
      #expect(abs(person.landmarks[.nose].x * 640 - (100 + 3 * Float(index))) < 0.01)
      // Nobody looked: nothing was seen, and there is nothing raw.
      #expect(person.landmarks[.nose].seen != isFilled)
      #expect((person.raw == nil) == isFilled)
      #expect(frame.lost.isEmpty)
    }
  }

  @Test("a gap of half a second is left open, and who is missing is lost")
  func open() throws {
    let frames = try Self.gap(15).refined(60)
    for (index, frame) in frames.enumerated() {
      let isMissing = (30..<45).contains(index)
      #expect(frame.people.isEmpty == isMissing && frame.lost == (isMissing ? [1] : []))
    }
  }

  @Test("nothing is filled over a cut")
  func cut() throws {
    let frames = try Self.gap(5, isCut: true).refined(60)
    #expect(!frames.flatMap(\.people).contains { $0.isFilled })
  }

  // MARK: Frames

  @Test("frames come as they were given: number, time, size, timing and passes")
  func frames() throws {
    let clip = MadeUpClip(rate: 29.97) { _, time in [(1, MadeUpBody(1, x: 100 + Float(time)))] }
    let given = clip.frames(40)
    for (before, after) in zip(given, try MadeUpClip.refined(given)) {
      #expect((before.index, before.time) == (after.index, after.time))
      #expect(before.passes == after.passes && before.result.imageSize == after.result.imageSize)
      #expect(abs((before.result.timing.total - after.result.timing.total) / .seconds(1)) < 1e-9)
      let (old, new) = (before.people[0], after.people[0])
      #expect(old.landmarks == new.landmarks && old.worldLandmarks == new.worldLandmarks)
      #expect((old.presence, old.confidence) == (new.presence, new.confidence))
    }
    #expect(try MadeUpClip.refined([]).isEmpty)
    #expect(try clip.refined(1).ids == [1])
  }

  @Test("memory grows with the tracks, not with the clip: 100,000 sights are in files")
  func store() throws {
    let frames = MadeUpClip { _, _ in (1...5).map { ($0, MadeUpBody($0, x: 100 * Float($0))) } }
      .frames(1)
    var frame = try #require(frames.first)
    var pass = try SecondPass(TrackingOptions(passes: 2))
    for index in 0..<20_000 {
      (frame.index, frame.time) = (index, Double(index) / 30)
      try pass.add(frame)
    }
    #expect(pass.trackCount == 5)
    // What is said in the documentation: 1.7 kB a sight, 0.1 kB a frame.
    #expect(pass.byteCount < 100_000 * 1750 + 20_000 * 100)
  }

  @Test(
    "a time that is not later is refused, and nothing is taken in; an id counts once in a frame")
  func badFrames() throws {
    var frame = try #require(MadeUpClip { _, _ in [(1, MadeUpBody(1, x: 100))] }.frames(1).first)
    var pass = try SecondPass(TrackingOptions(smoothing: .zeroLag))
    frame.result.people += frame.result.people
    try pass.add(frame)
    for time in [0, -1, .nan, .infinity] as [Double] {
      frame.time = time
      let error = #expect(throws: PoseError.self) { try pass.add(frame) }
      #expect(error?.code == .badTime)
    }
    let frames = Array(pass.finish())
    #expect(frames.count == 1 && frames[0].people.count == 1)
  }

  @Test("results beyond the limit are an error that says so; those before can be finished")
  func limit() throws {
    let frames = MadeUpClip { _, _ in [(1, MadeUpBody(1, x: 100))] }.frames(100)
    var pass = try SecondPass(TrackingOptions(passes: 2), byteLimit: 50_000)
    var kept = 0
    let error = #expect(throws: PoseError.self) {
      for frame in frames {
        try pass.add(frame)
        kept += 1
      }
    }
    #expect(error?.code == .tooLong && error?.message.contains("50000 bytes") == true)
    #expect((20..<30).contains(kept))
    // A smaller one later would leave a hole.
    var empty = frames[99]
    empty.result.people = []
    #expect(throws: PoseError.self) { try pass.add(empty) }
    let finished = Array(pass.finish())
    #expect(finished.count == kept)
  }
}

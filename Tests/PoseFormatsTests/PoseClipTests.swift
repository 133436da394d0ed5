import Images
import PoseFormats
import Stance
import Testing

@Suite("A clip's results for formats")
struct PoseClipTests {
  @Test("people are where they were seen, and nowhere else")
  func people() throws {
    let clip = try MadeUpClip.clip()
    #expect(clip.ids == [1, 3] && clip.frameCount == 4)
    #expect(clip.person(1, in: 0)?.landmarks == MadeUpClip.frames[0].people[0].landmarks)
    #expect(clip.person(1, in: 1) == nil && clip.person(1, in: 3) == nil)
    #expect(clip.person(3, in: 2)?.worldLandmarks == MadeUpClip.frames[2].people[1].worldLandmarks)
    #expect(clip.person(2, in: 2) == nil)
    #expect(clip.frames(with: 3) == [2, 3] && clip.span(of: 1) == 0...2)
    #expect(clip.frame(2).people.map(\.id) == [1, 3] && clip.frame(1).people.isEmpty)
    let one = clip.only(3)
    #expect(one.ids == [3] && one.frameCount == 4 && one.frame(2).people.map(\.id) == [3])
    #expect(clip.ids == [1, 3])
  }

  @Test("filled and doubtful sights stay so")
  func flags() throws {
    var frame = MadeUpClip.frames[2]
    frame.result.people[0].isFilled = true
    frame.result.people[1].isUncertain = true
    let clip = try MadeUpClip.clip([frame])
    #expect(clip.person(1, in: 0)?.isFilled == true && clip.person(1, in: 0)?.isUncertain == false)
    #expect(clip.person(3, in: 0)?.isUncertain == true)
  }

  @Test("times must rise, and ids be those of a clip")
  func refused() throws {
    var clip = try MadeUpClip.clip()
    #expect(throws: PoseError.self) { try clip.append(MadeUpClip.frames[3]) }
    #expect(throws: PoseFormatError.self) {
      try clip.append(MadeUpClip.frame(9, time: 1e30, []))
    }
    #expect(throws: PoseFormatError.self) {
      try clip.append(MadeUpClip.frame(9, time: 1, [MadeUpClip.person(0)]))
    }
  }

  @Test(
    "a clip of constant rate has a place a frame, whatever its clock",
    arguments: [(29.97, 0.0), (25, 0.0), (30, 0.001), (59.94, 0.001)])
  func constantRate(rate: Double, tick: Double) throws {
    let times = (0..<600).map { number in
      let time = Double(number) / rate
      return tick == 0 ? time : (time / tick).rounded() * tick
    }
    let grid = try grid(times, frameRate: nil)
    #expect(abs(grid.rate - rate) < 5e-3 && grid.count == 600)
    #expect((0..<600).allSatisfy { grid.frame(at: $0) == $0 })
    let claimed = try self.grid(times, frameRate: rate)
    #expect(claimed.rate == rate && claimed.count == 600)
  }

  @Test("frames that are missing leave gaps")
  func gaps() throws {
    let grid = try grid([0, 0.04, 0.12, 0.16, 0.2], frameRate: 25)
    #expect(grid.rate == 25 && grid.count == 6)
    #expect((0..<6).map { grid.frame(at: $0) } == [0, 1, nil, 2, 3, 4])
    #expect(abs(grid.time(of: 3) - 0.12) < 1e-12)
  }

  @Test("where the rate varies, no time is off by more than half a place")
  func variableRate() throws {
    let times = [0, 0.03, 0.07, 0.1, 0.15, 0.18, 0.22, 0.25, 0.31]
    let grid = try grid(times, frameRate: 29)
    for place in 0..<grid.count {
      guard let frame = grid.frame(at: place) else { continue }
      #expect(abs(times[frame] - grid.time(of: place)) <= 0.5 / grid.rate + 1e-9)
    }
    #expect(Set((0..<grid.count).compactMap { grid.frame(at: $0) }).count >= 8)
  }

  @Test("every so many frames, and slow motion, have their own rate")
  func selection() throws {
    let header = MadeUpClip.header(frameRate: 30, every: 3, slowMotion: 8)
    let one = [MadeUpClip.frame(0, time: 5, [])]
    #expect(try FrameGrid(MadeUpClip.clip(one, header: header)).rate == 80)
    #expect(try FrameGrid(MadeUpClip.clip([], header: header)).count == 0)
  }

  @Test("a claim that is not quite the frames' rate makes no places more or less")
  func claimOff() throws {
    let times = (0..<2000).map { Double($0) / 29.97 }
    for claim in [29.95, 30.0] {
      let grid = try grid(times, frameRate: claim)
      #expect(abs(grid.rate - 29.97) < 1e-3 && grid.count == 2000)
    }
  }

  @Test("rates that no file can say are refused, or not believed")
  func absurdRates() throws {
    #expect(throws: PoseFormatError.self) { _ = try grid([0, 1e-7, 2e-7], frameRate: nil) }
    #expect(throws: PoseFormatError.self) { _ = try grid([0, 5e-324], frameRate: 25) }
    for claim in [5e-324, 1e308, -1, 0] {
      #expect(try grid([3], frameRate: claim).rate == 30)
    }
  }

  @Test("frames with nothing but gaps between them are refused")
  func mostlyGaps() throws {
    #expect(throws: PoseFormatError.self) { _ = try grid([0, 0.001, 0.002, 9000], frameRate: nil) }
  }

  @Test("people become as tall as they are said to be, by id or all")
  func heights() throws {
    let clip = try MadeUpClip.clip()
    #expect(abs((scale(clip, 1).height ?? 0) - 2) < 1e-3)
    let (scaled, unscaled) = clip.scaled(to: [
      BodyHeight(metres: 1), BodyHeight(id: 3, metres: 1.5),
    ])
    #expect(unscaled.isEmpty)
    #expect(abs((scale(scaled, 1).height ?? 0) - 1) < 1e-3)
    #expect(abs((scale(scaled, 3).height ?? 0) - 1.5) < 1e-3)
    #expect(
      scaled.frame(0).people[0].worldLandmarks[.nose].x
        == scaled.person(1, in: 0)?.worldLandmarks[.nose].x)
    #expect(scaled.person(1, in: 0)?.landmarks == clip.person(1, in: 0)?.landmarks)
  }

  @Test("who was never seen from head to foot keeps the average size, and that is said")
  func unscaled() throws {
    var frame = MadeUpClip.frames[2]
    frame.result.people[1].landmarks[.leftAnkle].support = 0
    let clip = try MadeUpClip.clip([frame])
    let (scaled, unscaled) = clip.scaled(to: [BodyHeight(metres: 1)])
    #expect(unscaled == [3])
    #expect(scaled.person(3, in: 0)?.worldLandmarks == clip.person(3, in: 0)?.worldLandmarks)
  }

  private func scale(_ clip: PoseClip, _ id: Int) -> BodyScale {
    var scale = BodyScale()
    for frame in clip.frames(with: id) {
      if let person = clip.person(id, in: frame) { scale.add(person) }
    }
    return scale
  }

  private func grid(_ times: [Double], frameRate: Double?) throws -> FrameGrid {
    let frames = times.enumerated().map { MadeUpClip.frame($0, time: $1, []) }
    return try FrameGrid(
      MadeUpClip.clip(frames, header: MadeUpClip.header(frameRate: frameRate)))
  }
}

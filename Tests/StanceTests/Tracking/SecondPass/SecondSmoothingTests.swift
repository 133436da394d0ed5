import Glibc
import Testing

@testable import Stance

@Suite("Smoothing in a second pass")
struct SecondSmoothingTests {
  private static func shaken(_ frame: Int) -> Float { Float(7 * frame * frame % 23 - 11) / 10 }

  /// One person who walks and trembles.
  private static let clip = MadeUpClip { frame, time in
    [(1, MadeUpBody(1, x: 100 + 60 * Float(time) + shaken(frame)))]
  }

  private static func nose(_ frames: [TrackedFrame]) -> [Float] {
    frames.compactMap { $0.people.first.map { $0.landmarks[.nose].x * 640 } }
  }

  @Test("One Euro is what it is in one pass")
  func oneEuro() throws {
    let scene = MadeUpScene { time in
      [MadeUpBody(1, x: 100 + 60 * Float(time) + Self.shaken(Int(time * 30)))]
    }
    let times = times(30, to: 3)
    let once = try scene.clip(times)
    let tracking = TrackingOptions(passes: 2)
    let twice = try MadeUpClip.refined(
      scene.clip(times, PoseOptions(), tracking), tracking)
    for (first, second) in zip(once, twice) {
      let (a, b) = (try #require(first.people.first), try #require(second.people.first))
      for name in LandmarkName.allCases {
        // To the rounding to parts of the picture, in pixels.
        #expect(abs(a.landmarks[name].x - b.landmarks[name].x) * 640 < 0.01)
        #expect(abs(a.worldLandmarks[name].y - b.worldLandmarks[name].y) < 1e-5)
        #expect(abs(a.landmarks[name].visibility - b.landmarks[name].visibility) < 1e-5)
      }
      #expect(abs(a.box.x - b.box.x) < 0.01 && abs(a.box.width - b.box.width) < 0.01)
    }
  }

  @Test("without lag the trembling goes and the walk stays where it is")
  func zeroLag() throws {
    let tracking = TrackingOptions(smoothing: .zeroLag, cutoff: 2, keepsRaw: true)
    let frames = try Self.clip.refined(120, tracking)
    for (frame, x) in Self.nose(frames).enumerated() where (15..<105).contains(frame) {
      // The trembling has a deviation of 0.7 px; a frame's lag would be 2 px.
      #expect(abs(x - (100 + 2 * Float(frame))) < 0.7, "\(frame)")
    }
    let raw = frames.compactMap { $0.people.first?.raw?.landmarks[.nose].x }.map { $0 * 640 }
    #expect(raw.count == 120)
    for (frame, x) in raw.enumerated() {
      #expect(abs(x - (100 + 2 * Float(frame) + Self.shaken(frame))) < 0.01)
    }
  }

  @Test("one wrong place is taken out, in the picture and in metres")
  func outlier() throws {
    var frames = Self.clip.frames(90)
    frames[40].result.people[0].landmarks[.leftWrist].x += 0.4
    frames[40].result.people[0].worldLandmarks[.leftWrist].z += 1
    let smoothed = try MadeUpClip.refined(frames, TrackingOptions(smoothing: .zeroLag))
    let (now, before) = (smoothed[40].people[0], smoothed[39].people[0])
    #expect(abs(now.landmarks[.leftWrist].x - before.landmarks[.leftWrist].x) < 0.01)
    #expect(abs(now.worldLandmarks[.leftWrist].z) < 0.01)
  }

  @Test(
    "nothing is smoothed over a gap that was not filled, nor over a cut", arguments: [true, false])
  func interrupted(isCut: Bool) throws {
    // Still, then still somewhere near: every frame stays where it was.
    let clip = MadeUpClip(
      people: { frame, _ in
        (30..<45).contains(frame) && !isCut
          ? [] : [(1, MadeUpBody(1, x: frame < 45 ? 300 : 320))]
      }, isCut: { isCut && $0 == 45 })
    let frames = try clip.refined(90, TrackingOptions(smoothing: .zeroLag))
    #expect(frames.ids == [1])
    for (index, frame) in frames.enumerated() {
      guard let person = frame.people.first else { continue }
      #expect(abs(person.landmarks[.nose].x * 640 - (index < 45 ? 300 : 320)) < 0.001)
    }
  }

  @Test("visibility stays between 0 and 1")
  func visibility() throws {
    var frames = Self.clip.frames(60)
    for index in frames.indices {
      frames[index].result.people[0].landmarks[.nose].visibility = index < 30 ? 0 : 1
    }
    let smoothed = try MadeUpClip.refined(frames, TrackingOptions(smoothing: .zeroLag))
    let shown = smoothed.map { $0.people[0].landmarks[.nose].visibility }
    #expect(shown.allSatisfy { (0...1).contains($0) })
    #expect(shown[0] < 0.01 && shown[59] > 0.99 && (0.2...0.8).contains(shown[30]))
  }

  @Test("how it was smoothed is said, with the rate that was found")
  func said() throws {
    func design(_ rate: Double, _ tracking: TrackingOptions) throws -> ZeroLagDesign? {
      var pass = try SecondPass(tracking)
      for frame in MadeUpClip(rate: rate, people: { _, _ in [] }).frames(40) { try pass.add(frame) }
      return pass.finish().design
    }
    let zeroLag = TrackingOptions(smoothing: .zeroLag)
    let slow = try #require(try design(10, zeroLag))
    #expect(abs(slow.frameRate - 10) < 1e-6 && slow.cutoff == 6 && slow.cutoffUsed < 3.8)
    let film = try #require(try design(29.97, zeroLag))
    #expect(abs(film.frameRate - 29.97) < 1e-6)
    #expect(try design(30, TrackingOptions(passes: 2)) == nil)
  }

  @Test("raw landmarks are kept in one pass too, only when asked for")
  func rawInOnePass() throws {
    let scene = MadeUpScene { time in
      [MadeUpBody(1, x: 200 + Self.shaken(Int(time * 30)))]
    }
    let tracking = TrackingOptions(keepsRaw: true)
    let frames = try scene.clip(times(30, to: 1), PoseOptions(), tracking)
    for frame in frames {
      let person = try #require(frame.people.first)
      let raw = try #require(person.raw)
      let wanted = 200 + Self.shaken(Int(frame.time * 30))
      #expect(abs(raw.landmarks[.nose].x * 640 - wanted) < 0.01)
      #expect(raw.worldLandmarks[.nose] != Landmark(x: 0, y: 0, z: 0, visibility: 0, presence: 0))
      #expect(person.clues == nil)
    }
    #expect(try scene.clip(times(30, to: 1)).allSatisfy { $0.people.allSatisfy { $0.raw == nil } })
  }
}

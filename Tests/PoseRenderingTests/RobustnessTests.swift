import Images
import PoseRendering
import Stance
import Testing

@Suite("Whatever is drawn, the renderer survives")
struct RobustnessTests {
  let size = ImageSize(width: 160, height: 160)
  let image = plain(160, 160)

  static let everything = DrawingStyle(
    leftColor: Color("orange"), showsLabels: true, guessed: .hollow, maskColor: Color("lime")
  )

  @Test("nobody leaves the picture as it is")
  func nobody() throws {
    #expect(try SkeletonRenderer(style: Self.everything).drawing([], on: image) == image)
  }

  @Test("a picture of one pixel can be drawn on")
  func onePixel() throws {
    let one = plain(1, 1)
    let drawn = try SkeletonRenderer(style: Self.everything).drawing(
      [person([.nose: (0.5, 0.5)], in: one.size)], on: one)
    #expect(drawn[0, 0].red > 200 && drawn[0, 0].alpha == 255)
  }

  @Test("people outside the picture leave it as it is")
  func outside() throws {
    let outside = wholePerson(in: size, origin: 5000)
    #expect(try SkeletonRenderer(style: Self.everything).drawing([outside], on: image) == image)
  }

  @Test(
    "a bone that ends absurdly far away runs straight to the edge",
    arguments: [Float(1e4), 1e7, 1e9, 1e20, 1e36])
  func farAway(distance: Float) throws {
    let far = person([.leftKnee: (80.5, 80.5), .leftAnkle: (distance, 80.5)], in: size)
    let style = DrawingStyle(thickness: 4, radius: 6, guessed: .plain)
    let drawn = try SkeletonRenderer(style: style).drawing([far], on: image)
    #expect(drawn[80, 80] == .red)
    #expect(drawn[120, 80] == .white && drawn[159, 80] == .white)
    #expect(drawn[40, 80] == grey && drawn[120, 90] == grey)
  }

  @Test(
    "a bone that crosses the picture between two absurd ends is drawn or not, but never elsewhere")
  func absurdBothEnds() throws {
    let far = person([.leftKnee: (-1e36, 80.5), .leftAnkle: (1e36, 80.5)], in: size)
    let drawn = try SkeletonRenderer(style: DrawingStyle(thickness: 4)).drawing([far], on: image)
    #expect(drawn.changes(from: image).allSatisfy { (76...85).contains($0.y) })
  }

  @Test(
    "coordinates that are no numbers are left out", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    let odd = person(
      [.leftKnee: (value, 80.5), .leftHip: (80.5, value), .nose: (30.5, 30.5)], in: size,
      depth: [.nose: value])
    let style = DrawingStyle(radius: 6, showsLabels: true)
    let drawn = try SkeletonRenderer(style: style).drawing([odd], on: image)
    #expect(drawn[30, 30] == .red)
    #expect(drawn.changes(from: image).allSatisfy { $0.y < 60 })
  }

  @Test(
    "odd sizes are no trap", arguments: [Float.nan, .infinity, -1, 0, 1e-20, 1e6, 1e30])
  func oddSizes(value: Float) throws {
    var style = Self.everything
    style.thickness = value
    style.radius = value
    style.minVisibility = value
    style.maskOpacity = value
    let mask = Mask(size: size, values: [UInt8](repeating: 9, count: size.pixelCount))
    var someone = wholePerson(in: size)
    someone.mask = mask
    let drawn = try SkeletonRenderer(style: style).drawing([someone], on: image)
    #expect(drawn.size == size)
  }

  @Test("no stroke of width 0 is drawn")
  func zeroSizes() throws {
    let style = DrawingStyle(thickness: 0, radius: 0)
    let drawn = try SkeletonRenderer(style: style).drawing([wholePerson(in: size)], on: image)
    #expect(drawn == image)
  }

  @Test(
    "pictures longer than Cairo's 32,767 pixels are drawn on, seamlessly", arguments: [true, false])
  func panorama(isWide: Bool) throws {
    let panorama = isWide ? plain(40_000, 12) : plain(12, 40_000)
    func place(_ along: Float) -> (x: Float, y: Float) { isWide ? (along, 6.5) : (6.5, along) }
    let style = DrawingStyle(outlineColor: nil, thickness: 4, radius: 3)
    let drawn = try SkeletonRenderer(style: style).drawing(
      [person([.leftKnee: place(100.5), .leftAnkle: place(39_900.5)], in: panorama.size)],
      on: panorama)
    for along in [200, 16_383, 16_384, 32_767, 32_768, 39_800] {
      #expect((isWide ? drawn[along, 6] : drawn[6, along]) == .white, "at \(along)")
    }
    #expect((isWide ? drawn[100, 6] : drawn[6, 100]) == .red)
    #expect((isWide ? drawn[39_900, 6] : drawn[6, 39_900]) == .red)
    #expect((isWide ? drawn[20_000, 0] : drawn[0, 20_000]) == grey)
  }

  @Test("random people never crash, and the unused byte stays 255")
  func randomPeople() throws {
    var generator = SplitMix64(state: 4)
    func coordinate() -> Float {
      switch generator.next() % 8 {
      case 0: Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      case 1: Float(generator.next() % 100_000) - 50_000
      default: Float(generator.next() % 200) / 100 - 0.5
      }
    }
    for round in 0..<200 {
      let landmarks = LandmarkName.allCases.map { _ in
        Landmark<Normalized>(
          x: coordinate(), y: coordinate(), z: coordinate(), visibility: coordinate(), presence: 1)
      }
      let world = LandmarkName.allCases.map { _ in
        Landmark<World>(x: coordinate(), y: coordinate(), z: 0, visibility: 1, presence: 1)
      }
      let someone = Person(
        score: 1, presence: 1, confidence: 1, box: PixelBox(x: 0, y: 0, width: 0, height: 0),
        landmarks: Landmarks(landmarks), worldLandmarks: Landmarks(world))
      var style = Self.everything
      style.guessed = GuessedJoints.allCases[round % 3]
      style.showsLabels = round % 4 == 0
      let drawn = try SkeletonRenderer(style: style).drawing([someone], on: image)
      #expect(
        drawn.withPixels { bytes in (0..<size.pixelCount).allSatisfy { bytes[4 * $0 + 3] == 255 } })
    }
  }

  @Test("many threads at once draw the same bytes as one")
  func concurrency() async throws {
    let renderer = SkeletonRenderer(style: Self.everything)
    let (size, image) = (size, image)
    let people = (0..<8).map { wholePerson(in: size, spacing: Float(12 + $0), origin: 20) }
    let expected = try people.map { try renderer.drawing([$0], on: image) }
    try await withThrowingTaskGroup(of: (Int, Image).self) { group in
      for turn in 0..<160 {
        group.addTask { (turn % 8, try renderer.drawing([people[turn % 8]], on: image)) }
      }
      for try await (index, drawn) in group { #expect(drawn == expected[index]) }
    }
  }

  @Test("drawing on a copy leaves the original alone")
  func copies() throws {
    let original = image
    let drawn = try SkeletonRenderer().drawing([wholePerson(in: size)], on: original)
    #expect(drawn != original)
    #expect(original == plain(160, 160))
  }
}

/// Random numbers that are the same in every run (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

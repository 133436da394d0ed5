import Images
import Stance
import Testing

@testable import PoseRendering

@Suite("People on the frames of a clip")
struct ClipRendererTests {
  let size = ImageSize(width: 200, height: 120)
  let image = plain(200, 120)
  let style = DrawingStyle(outlineColor: nil, thickness: 4, radius: 5)

  /// Somebody with an upper arm along `y`, from x 60 to 140.
  func arm(_ id: Int?, y: Float) -> Person {
    var someone = person([.leftShoulder: (60.5, y), .leftElbow: (140.5, y)], in: size)
    someone.id = id
    return someone
  }

  /// Somebody of whom only a wrist was seen.
  func wrist(_ id: Int, x: Float, y: Float) -> Person {
    var someone = person([.leftWrist: (x, y)], in: size)
    someone.id = id
    return someone
  }

  func frame(_ people: [Person], at time: Double = 0, lost: [Int] = []) -> TrackedFrame {
    TrackedFrame(
      index: Int(time * 1000), time: time,
      result: PoseResult(
        imageSize: size, complexity: .full, search: .auto, precision: .f32, people: people,
        timing: PoseTiming()), lost: lost)
  }

  func drawn(_ people: [Person], _ style: DrawingStyle? = nil) throws -> Image {
    var image = image
    var renderer = ClipRenderer(style: style ?? self.style, showsIDs: false)
    try renderer.draw(frame(people), on: &image)
    return image
  }

  // MARK: - Colours

  @Test("an id has the same colour whoever else is there, its joints a lighter one")
  func colorsStay() throws {
    let alone = try drawn([arm(7, y: 30.5)])
    let among = try drawn([arm(3, y: 90.5), arm(7, y: 30.5), arm(8, y: 60.5)])
    #expect(alone[100, 30] == among[100, 30])
    #expect(alone[100, 30] != grey)
    #expect(alone[60, 30] == among[60, 30])
    #expect(alone[60, 30].red > alone[100, 30].red && alone[60, 30] != .white)
    #expect(Set([among[100, 30], among[100, 60], among[100, 90]]).count == 3)
  }

  @Test("twelve ids in a row have twelve colours, and every number has one")
  func twelve() throws {
    let colors = try (1...13).map { try drawn([arm($0, y: 30.5)])[100, 30] }
    #expect(Set(colors).count == 12)
    #expect(colors[12] == colors[0])
    for id in [0, -1, .min, .max] { #expect(try drawn([arm(id, y: 30.5)])[100, 30] != grey) }
  }

  @Test(
    "colours that the style names win, red and white too; without an id people look as in stills")
  func explicitColors() throws {
    var named = style
    (named.jointColor, named.boneColor) = (.red, Color("lime"))
    #expect(try drawn([arm(1, y: 30.5)], named)[100, 30] == Color("lime"))
    #expect(try drawn([arm(1, y: 30.5)], named)[60, 30] == .red)
    named = style
    named.boneColor = .white
    #expect(try drawn([arm(1, y: 30.5)], named)[100, 30] == .white)
    named = style
    named.leftColor = Color("blue")
    #expect(try drawn([arm(1, y: 30.5)], named)[100, 30] == Color("blue"))
    let still = try SkeletonRenderer(style: style).drawing([arm(nil, y: 30.5)], on: image)
    #expect(try drawn([arm(nil, y: 30.5)]) == still)
  }

  // MARK: - Ids

  /// Pixels that the label alone changes.
  func label(of person: Person) throws -> [(x: Int, y: Int)] {
    var with = image
    var withOut = image
    var renderer = ClipRenderer(style: style)
    try renderer.draw(frame([person]), on: &with)
    renderer = ClipRenderer(style: style, showsIDs: false)
    try renderer.draw(frame([person]), on: &withOut)
    return with.changes(from: withOut)
  }

  @Test("an id is written whole, also of a head at the edge or outside the picture")
  func labelInside() throws {
    func head(_ id: Int, _ x: Float, _ y: Float) -> Person {
      var someone = person([.nose: (x, y)], in: size)
      someone.id = id
      return someone
    }
    let whole = try label(of: head(3, 100.5, 60.5))
    #expect(whole.count > 100)
    #expect(whole.allSatisfy { abs($0.x - 100) < 20 && abs($0.y - 60) < 60 }, "near the head")
    for (x, y) in [(1, 1), (199, 1), (1, 119), (199, 119), (100, -500), (9000, 60)] {
      let place = try label(of: head(3, Float(x), Float(y)))
      // The head's own dot hides a few of the pixels that were compared.
      #expect(place.count > whole.count * 8 / 10, "at (\(x), \(y)): \(place.count) pixels")
    }
    #expect(try label(of: head(12345, 1, 1)).count > whole.count)
  }

  @Test("the ids of two heads in one place stand beside each other")
  func labelsApart() throws {
    func heads(_ ids: [Int]) throws -> Int {
      let people = ids.map { id in
        var someone = person([.nose: (100.5, 60.5)], in: size)
        someone.id = id
        return someone
      }
      var image = plain(200, 120)
      var renderer = ClipRenderer(style: DrawingStyle(showsJoints: false, showsBones: false))
      try renderer.draw(frame(people), on: &image)
      return image.changes(from: self.image).count
    }
    #expect(try Double(heads([1, 2])) > 1.9 * Double(heads([1])))
  }

  // MARK: - Trails

  /// How much of the trail shows at the place from which the wrist came, in a later frame in which it is lost.
  func trail(after time: Double, gap: Double = 1.0 / 30) throws -> Int {
    var renderer = ClipRenderer(style: style, showsTrails: true, showsIDs: false)
    var last = image
    for step in 0..<10 {
      last = image
      try renderer.draw(
        frame([wrist(1, x: 20 + 10 * Float(step), y: 60)], at: Double(step) / 30), on: &last)
    }
    #expect(last[60, 60] != grey)
    var now = 9.0 / 30
    while now + gap < 9.0 / 30 + time {
      now += gap
      last = image
      try renderer.draw(frame([], at: now, lost: [1]), on: &last)
    }
    last = image
    try renderer.draw(frame([], at: 9.0 / 30 + time, lost: [1]), on: &last)
    let color = last[60, 60]
    return abs(Int(color.red) - Int(grey.red)) + abs(Int(color.green) - Int(grey.green))
      + abs(Int(color.blue) - Int(grey.blue))
  }

  @Test(
    "the trail of somebody lost fades by the source's time, at any rate of frames, and is gone after 1.5 s"
  )
  func fading() throws {
    let strengths = try [0.1, 0.5, 0.9, 1.2].map { try trail(after: $0) }
    #expect(zip(strengths, strengths.dropFirst()).allSatisfy { $0 > $1 }, "\(strengths)")
    #expect(try trail(after: 0.5, gap: 0.25) == strengths[1])
    #expect(try trail(after: 1.6) == 0)
  }

  @Test("a gap of more than a second, and times that run backwards, leave no trail")
  func gaps() throws {
    #expect(try trail(after: 1.01, gap: 5) == 0)
    #expect(try trail(after: 0.9, gap: 5) > 0)
    #expect(try trail(after: -5, gap: 5) == 0)
  }

  @Test("a cut leaves no trail")
  func cut() throws {
    var renderer = ClipRenderer(style: style, showsTrails: true)
    for step in 0..<10 {
      var drawn = image
      try renderer.draw(
        frame([wrist(1, x: 20 + 10 * Float(step), y: 60)], at: Double(step) / 30), on: &drawn)
    }
    let scene = plain(200, 120, Color(red: 240, green: 240, blue: 240))
    var drawn = scene
    try renderer.draw(frame([], at: 10.0 / 30, lost: [1]), on: &drawn)
    #expect(drawn == scene)
  }

  @Test("no line joins the places before and after a loss")
  func noBridge() throws {
    var renderer = ClipRenderer(style: style, showsTrails: true, showsIDs: false)
    var drawn = image
    for (time, people) in [
      (0.0, [wrist(1, x: 20, y: 60)]), (0.1, []), (0.2, [wrist(1, x: 180, y: 60)]),
    ] {
      drawn = image
      try renderer.draw(frame(people, at: time), on: &drawn)
    }
    #expect(drawn[100, 60] == grey)
  }

  @Test("no trails unless asked for")
  func notAsked() throws {
    var renderer = ClipRenderer(style: style, showsIDs: false)
    var drawn = image
    for step in 0..<10 {
      drawn = image
      try renderer.draw(
        frame([wrist(1, x: 20 + 10 * Float(step), y: 60)], at: Double(step) / 30), on: &drawn)
    }
    #expect(drawn[60, 60] == grey)
  }

  @Test("what trails hold is bounded at any rate of frames and any number of ids")
  func bounded() {
    var trails = Trails()
    for index in 0..<400 {
      let time = Double(index) / 1000
      let still = wrist(1, x: Float(index % 7), y: Float(index % 5))
      // Somebody of whom each second sight is missing, and somebody new each time.
      let people =
        [still] + (index % 2 == 0 ? [wrist(2, x: 5, y: 5)] : []) + [wrist(index + 3, x: 9, y: 9)]
      trails.add(frame(people, at: time), in: size, style: style)
    }
    #expect(trails.sampleCount <= 2 * Trails.maxSamples + Trails.maxPeople)
    for index in 0..<1700 {
      trails.add(
        frame([wrist(1, x: 5, y: 5)], at: 0.4 + Double(index) / 1000), in: size, style: style)
    }
    #expect(trails.sampleCount < 60, "\(trails.sampleCount) samples for 1.5 s")
  }

  // MARK: - Masks

  @Test("a background and tints lie under people; a transparent one is an error and draws nothing")
  func background() throws {
    var style = style
    style.background = Background("blue")
    var someone = arm(1, y: 60.5)
    someone.mask = Mask(
      size: size,
      values: (0..<size.pixelCount).map { $0 % size.width < 100 ? 255 : 0 })
    let colored = try drawn([someone], style)
    #expect(colored[10, 10] == grey && colored[190, 10] == Color("blue"))
    #expect(colored[120, 60] != Color("blue"), "the arm goes on outside the mask")
    style.background = .transparent
    var renderer = ClipRenderer(style: style)
    var untouched = image
    let error = try #require(throws: RenderingError.self) {
      try renderer.draw(frame([someone]), on: &untouched)
    }
    #expect(error.code == .noTransparency && untouched == image)
  }
}

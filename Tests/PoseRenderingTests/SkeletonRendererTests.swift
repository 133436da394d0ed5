import Images
import PoseRendering
import Stance
import Testing

@Suite("A skeleton on a picture")
struct SkeletonRendererTests {
  let size = ImageSize(width: 100, height: 60)
  let image = plain(100, 60)
  /// One upper arm from (20, 30) to (80, 30).
  let arm: [LandmarkName: (x: Float, y: Float)] = [
    .leftShoulder: (20.5, 30.5), .leftElbow: (80.5, 30.5),
  ]
  let style = DrawingStyle(thickness: 4, radius: 6)

  @Test("joints are red and the bone between them is white by default")
  func defaultColors() throws {
    let drawn = try SkeletonRenderer(style: style).drawing([person(arm, in: size)], on: image)
    #expect(drawn[20, 30] == .red)
    #expect(drawn[80, 30] == .red)
    #expect(drawn[50, 30] == .white)
  }

  @Test("thickness and radius are kept to the pixel, and nothing beyond the outline is touched")
  func exactSizes() throws {
    var style = style
    style.outlineColor = nil
    let drawn = try SkeletonRenderer(style: style).drawing([person(arm, in: size)], on: image)
    // The bone is 4 px thick about y = 30.5: two halves and three whole rows.
    #expect((29...31).allSatisfy { drawn[50, $0] == .white })
    #expect(drawn[50, 27] == grey && drawn[50, 33] == grey)
    // The joint reaches 6 px from (20.5, 30.5).
    #expect(drawn[20, 25] == .red && drawn[20, 35] == .red)
    #expect(drawn[20, 23] == grey && drawn[20, 37] == grey)
    for (x, y) in drawn.changes(from: image) {
      #expect((14...86).contains(x) && (24...36).contains(y), "(\(x), \(y)) changed")
    }
  }

  @Test("the outline darkens the pixels along a bone")
  func outline() throws {
    let white = plain(100, 60, .white)
    let drawn = try SkeletonRenderer(style: style).drawing([person(arm, in: size)], on: white)
    let edge = (26...28).map { drawn[50, $0].red }.min() ?? 255
    #expect(edge < 200, "a white bone on white is told apart by its edge")
  }

  @Test("either half of the body may have a colour of its own")
  func sideColors() throws {
    var style = style
    style.leftColor = Color("lime")
    style.rightColor = Color("blue")
    let drawn = try SkeletonRenderer(style: style).drawing(
      [
        person(
          [
            .leftShoulder: (80.5, 10.5), .leftHip: (80.5, 50.5), .rightShoulder: (20.5, 10.5),
            .rightHip: (20.5, 50.5),
          ], in: size)
      ], on: image)
    #expect(drawn[80, 10] == Color("lime"))
    #expect(drawn[80, 30] == Color("lime"))
    #expect(drawn[20, 10] == Color("blue"))
    #expect(drawn[20, 30] == Color("blue"))
    #expect(drawn[50, 10] == .white, "a bone from side to side belongs to neither")
  }

  @Test("the nearer of two joints in one place is drawn over the farther")
  func depthOrder() throws {
    var style = style
    (style.leftColor, style.rightColor) = (Color("lime"), Color("blue"))
    let knees: [LandmarkName: (x: Float, y: Float)] = [
      .leftKnee: (50.5, 30.5), .rightKnee: (50.5, 30.5),
    ]
    let renderer = SkeletonRenderer(style: style)
    let leftNear = person(knees, in: size, depth: [.leftKnee: -0.5, .rightKnee: 0.5])
    let rightNear = person(knees, in: size, depth: [.leftKnee: 0.5, .rightKnee: -0.5])
    #expect(try renderer.drawing([leftNear], on: image)[50, 30] == Color("lime"))
    #expect(try renderer.drawing([rightNear], on: image)[50, 30] == Color("blue"))
  }

  @Test("the first person is on top")
  func firstOnTop() throws {
    let first = person([.leftKnee: (50.5, 30.5)], in: size)
    let second = person([.leftShoulder: (20.5, 30.5), .leftElbow: (80.5, 30.5)], in: size)
    let renderer = SkeletonRenderer(style: style)
    #expect(try renderer.drawing([first, second], on: image)[50, 30] == .red)
    #expect(try renderer.drawing([second, first], on: image)[50, 30] == .white)
  }

  @Test("joints or bones alone can be asked for")
  func parts() throws {
    var jointsOnly = style
    jointsOnly.showsBones = false
    var drawn = try SkeletonRenderer(style: jointsOnly).drawing([person(arm, in: size)], on: image)
    #expect(drawn[20, 30] == .red && drawn[50, 30] == grey)

    var bonesOnly = style
    bonesOnly.showsJoints = false
    drawn = try SkeletonRenderer(style: bonesOnly).drawing([person(arm, in: size)], on: image)
    #expect(drawn[20, 30] == .white && drawn[50, 30] == .white)
  }

  // MARK: - Guessed joints

  @Test("a guessed joint has the picture in its middle, and a thinner, fainter bone")
  func hollow() throws {
    var style = style
    style.outlineColor = nil
    let shy = person(arm, in: size, visibility: [.leftElbow: 0.2])
    let drawn = try SkeletonRenderer(style: style).drawing([shy], on: image)
    #expect(drawn[20, 30] == .red)
    #expect(drawn[80, 30] == grey, "the middle of the ring")
    #expect(drawn[85, 30].red > 200 && drawn[85, 30].green < 60, "the ring")
    #expect(drawn[50, 30] != grey && drawn[50, 30] != .white, "a faint bone")
    #expect(drawn[50, 28] == grey && drawn[50, 32] == grey, "a thin bone")
  }

  @Test("a hidden joint leaves no trace, nor do its bones")
  func hidden() throws {
    var style = style
    style.guessed = .hidden
    let shy = person(arm, in: size, visibility: [.leftElbow: 0.49])
    let drawn = try SkeletonRenderer(style: style).drawing([shy], on: image)
    #expect(drawn[20, 30] == .red)
    #expect(drawn.changes(from: image).allSatisfy { $0.x < 30 })
  }

  @Test("guessed joints can be drawn like any other")
  func alike() throws {
    var style = style
    style.guessed = .plain
    let renderer = SkeletonRenderer(style: style)
    let shy = person(arm, in: size, visibility: [.leftElbow: 0, .leftShoulder: 0.3])
    #expect(
      try renderer.drawing([shy], on: image)
        == renderer.drawing([person(arm, in: size)], on: image))
  }

  @Test("a joint that is visible but not where the heatmap sees one is a guess")
  func unsupported() throws {
    var unsupported = person(arm, in: size)
    unsupported.landmarks[.leftElbow].support = 0.2
    let renderer = SkeletonRenderer(style: style)
    let invisible = person(arm, in: size, visibility: [.leftElbow: 0.2])
    #expect(
      try renderer.drawing([unsupported], on: image) == renderer.drawing([invisible], on: image))
  }

  @Test("the bone to a joint outside the picture is thin and faint up to the edge")
  func outside() throws {
    var style = style
    style.outlineColor = nil
    let cut = person([.leftShoulder: (20.5, 30.5), .leftElbow: (180.5, 30.5)], in: size)
    let drawn = try SkeletonRenderer(style: style).drawing([cut], on: image)
    for x in [40, 99] {
      #expect(drawn[x, 30] != grey && drawn[x, 30] != .white)
      #expect(drawn[x, 28] == grey && drawn[x, 32] == grey)
    }
  }

  @Test(
    "a joint of less than the least visibility is left out, one at it is not; no number is less")
  func leastVisibility() throws {
    var style = style
    style.minVisibility = 0.7
    let renderer = SkeletonRenderer(style: style)
    func isDrawn(_ visibility: Float) throws -> Bool {
      let one = person(
        [.leftKnee: (50.5, 30.5)], in: size, visibility: [.leftKnee: visibility])
      return try renderer.drawing([one], on: image) != image
    }
    #expect(try isDrawn(0.7))
    #expect(try !isDrawn(0.69))
    #expect(try !isDrawn(.nan))
  }

  // MARK: - Sizes

  @Test("four times the picture has four times the stroke")
  func resolution() throws {
    /// The bone's width in pixels, those it covers in part counted as such.
    func boneWidth(scale: Int) throws -> Double {
      let size = ImageSize(width: 640 * scale, height: 480 * scale)
      let middle = Float(size.width / 2)
      let bone = person(
        [.leftKnee: (middle, Float(100 * scale)), .leftAnkle: (middle, Float(400 * scale))],
        in: size)
      let drawn = try SkeletonRenderer(style: DrawingStyle(outlineColor: nil)).drawing(
        [bone], on: plain(size.width, size.height, .black))
      return (0..<size.width).reduce(0) { $0 + Double(drawn[$1, size.height / 2].red) / 255 }
    }
    let (small, large) = (try boneWidth(scale: 1), try boneWidth(scale: 4))
    #expect(small > 2)
    // Coverage is rounded to 8 bits at either edge.
    #expect(abs(large - 4 * small) < 0.1, "\(small) px, and \(large) px at four times the size")
  }

  @Test("a small person has thinner strokes than a big one in the same picture")
  func personSize() throws {
    let size = ImageSize(width: 1000, height: 1000)
    let image = plain(1000, 1000)
    func radius(spacing: Float) throws -> Int {
      let drawn = try SkeletonRenderer().drawing(
        [wholePerson(in: size, spacing: spacing, origin: 200)], on: image)
      // The right elbow (14) is on the grid at (2, 2).
      let (x, y) = (200 + 2 * Int(spacing), 200 + 2 * Int(spacing))
      var reach = 0
      while drawn[x, y + reach].red > 200, drawn[x, y + reach].green < 60 { reach += 1 }
      return reach
    }
    let (small, large) = (try radius(spacing: 10), try radius(spacing: 100))
    #expect(small >= 1)
    #expect(large >= 3 * small, "\(small) px and \(large) px")
  }
}

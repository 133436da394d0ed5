import Images
import Testing

@testable import Stance

@Suite("Scouts")
struct ScoutTests {
  /// 17 joints of an upright person: the hips' middle at (x, y), the shoulders `torso` above.
  static func body(x: Float, y: Float, torso: Float, score: Float = 0.8) -> ScoutedBody {
    let t = torso
    let places: [(Float, Float)] = [
      (0, -1.6), (0.1, -1.7), (-0.1, -1.7), (0.2, -1.6), (-0.2, -1.6), (0.4, -1), (-0.4, -1),
      (0.5, -0.5), (-0.5, -0.5), (0.5, 0), (-0.5, 0), (0.25, 0), (-0.25, 0), (0.25, 0.8),
      (-0.25, 0.8), (0.25, 1.6), (-0.25, 1.6),
    ]
    return ScoutedBody(
      joints: places.map { .init(x: x + $0.0 * t, y: y + $0.1 * t, score: score) },
      box: PixelBox(x: x - 0.6 * t, y: y - 1.8 * t, width: 1.2 * t, height: 3.5 * t), score: score)
  }

  /// The landmark model's look at the same person, each joint moved by (dx, dy).
  static func estimate(of body: ScoutedBody, dx: Float = 0, dy: Float = 0) throws -> PoseEstimate {
    let landmark = Landmark<Pixels>(x: 0, y: 0, z: 0, visibility: 1, presence: 1)
    var landmarks = Landmarks(Array(repeating: landmark, count: LandmarkName.count))
    for (name, joint) in zip(ScoutedBody.names, body.joints) {
      landmarks[name].x = joint.x + dx
      landmarks[name].y = joint.y + dy
    }
    let world = Landmark<World>(x: 0, y: 0, z: 0, visibility: 1, presence: 1)
    return PoseEstimate(
      region: try #require(body.region), score: 1, presence: 1, landmarks: landmarks,
      worldLandmarks: Landmarks(Array(repeating: world, count: 33)), auxiliary: [],
      segmentation: [])
  }

  // MARK: Outputs

  @Test("NanoDet's sides are distances from the cell's middle, and end with the input")
  func nanoDet() throws {
    let columns = NanoDet.side / 32
    var classes = [Float](repeating: 0, count: columns * columns * 80)
    var sides = [Float](repeating: 0, count: columns * columns * 32)
    let cell = 2 * columns + 3
    (classes[cell * 80], classes[1]) = (0.8, 0.9)  // a person, and something else elsewhere
    // Sure of 1, 2, 7 and 3 strides.
    for (direction, bin) in [1, 2, 7, 3].enumerated() {
      sides[cell * 32 + direction * 8 + bin] = 99
    }
    let boxes = classes.withUnsafeBufferPointer { classes in
      sides.withUnsafeBufferPointer { NanoDet.boxes(classes, $0, stride: 32, minScore: 0.3) }
    }
    let box = try #require(boxes.first)
    #expect(boxes.count == 1 && box.score == 0.8)
    // The middle is at (112, 80).
    #expect(abs(box.box.x - 80) < 1e-3 && abs(box.box.y - 16) < 1e-3)
    #expect(abs(box.box.width - 240) < 1e-3)  // cut at 320
    #expect(abs(box.box.height - 160) < 1e-3)
  }

  @Test(
    "a box that was seen in a turned view lies round the same pixels in the picture",
    arguments: [
      (Float.zero, PixelBox(x: 10, y: 20, width: 30, height: 40)),
      (.pi / 2, PixelBox(x: 260, y: 10, width: 40, height: 30)),
      (.pi, PixelBox(x: 280, y: 260, width: 30, height: 40)),
      (-.pi / 2, PixelBox(x: 20, y: 280, width: 40, height: 30)),
    ])
  func turnedBoxes(rotation: Float, expected: PixelBox) {
    let side = Float(NanoDet.side)
    let view = RegionOfInterest(
      center: Point(x: side / 2, y: side / 2), side: side, rotation: rotation)
    let seen = ScoutedBox(box: PixelBox(x: 10, y: 20, width: 30, height: 40), score: 0.5)
    let placed = NanoDet.placed(seen, in: view)
    #expect(placed.rotation == rotation && placed.score == 0.5)
    for side in [\PixelBox.x, \.y, \.width, \.height] {
      #expect(abs(placed.box[keyPath: side] - expected[keyPath: side]) < 1e-3)
    }
  }

  @Test("of boxes round one person the best stays")
  func suppression() {
    let best = ScoutedBox(box: PixelBox(x: 10, y: 10, width: 50, height: 100), score: 0.9)
    let again = ScoutedBox(box: PixelBox(x: 12, y: 12, width: 50, height: 100), score: 0.6)
    let beside = ScoutedBox(box: PixelBox(x: 50, y: 10, width: 50, height: 100), score: 0.5)
    #expect(NanoDet.suppressed([again, beside, best]).map(\.score) == [0.9, 0.5])
  }

  // MARK: Bodies

  @Test("an upright body's region is centred on its hips and holds head and feet")
  func region() throws {
    let region = try #require(Self.body(x: 100, y: 200, torso: 50).region)
    #expect(abs(region.center.x - 100) < 1e-3 && abs(region.center.y - 200) < 1e-3)
    #expect(abs(region.rotation) < 1e-5)
    // The largest of 1.85 torsos and 1.03 times the farthest joint, 1.703 torsos away; made larger by 1.25.
    #expect(abs(region.side - 2 * 1.25 * 1.85 * 50) < 0.1)
    #expect(Self.body(x: 1, y: 1, torso: 0).region == nil)
  }

  @Test(
    "a body is like itself, and not like somebody beside it; views of one become the better one")
  func likeness() throws {
    let body = Self.body(x: 100, y: 200, torso: 50)
    let beside = Self.body(x: 160, y: 200, torso: 50)
    #expect(abs(body.likeness(to: body) - 1) < 1e-5)
    #expect(body.likeness(to: beside) < 0.1)
    let blurred = Self.body(x: 102, y: 201, torso: 50, score: 0.4)
    let merged = Scouting.merged([Scouted(body: blurred, boxScore: 0.7), Scouted(body: body)])
    #expect(merged.count == 1)
    #expect(merged.first?.body.score == 0.8 && merged.first?.boxScore == 0.7)
    #expect(Scouting.merged([Scouted(body: body), Scouted(body: beside)]).count == 2)
  }

  @Test("a box is of the body that it is round, and of nobody where none is")
  func unknownBoxes() {
    var people = [Scouted(body: Self.body(x: 100, y: 200, torso: 50))]
    let same = ScoutedBox(box: people[0].body.box, score: 0.6)
    let other = ScoutedBox(box: PixelBox(x: 300, y: 10, width: 40, height: 90), score: 0.5)
    #expect(Scouting.unknown([same, other], to: &people).map(\.score) == [0.5])
    #expect(people[0].boxScore == 0.6)
  }

  // MARK: Evidence and joints

  @Test("evidence falls where the models disagree, outside the picture, and without a box")
  func evidence() throws {
    let size = ImageSize(width: 400, height: 400)
    let body = Self.body(x: 200, y: 200, torso: 50)
    func evidence(_ dx: Float, box: Float = 0.8, in size: ImageSize = size) throws -> Float {
      Witnesses(
        estimate: try Self.estimate(of: body, dx: dx), scouted: Scouted(body: body, boxScore: box)
      ).evidence(in: size)
    }
    let agreed = try evidence(0)
    #expect(agreed > 0.8 && agreed <= 1)
    #expect(try evidence(10) < agreed)
    #expect(try evidence(40) < 0.1 * agreed)
    #expect(try evidence(0, box: 0) < agreed)
    #expect(try evidence(0, in: ImageSize(width: 10, height: 10)) == 0)
  }

  @Test(
    "another look stays if it agrees with the scout as well, and what a scout sees closely if it is more evidence"
  )
  func preferring() throws {
    let size = ImageSize(width: 400, height: 400)
    let body = Self.body(x: 200, y: 200, torso: 50)
    let (near, far) = (try Self.estimate(of: body, dx: 3), try Self.estimate(of: body, dx: 30))
    var seen = Witnesses(estimate: far, scouted: Scouted(body: body, boxScore: 0.8))
    seen.prefer(near)
    #expect(seen.estimate.landmarks == near.landmarks)
    seen.prefer(far)
    #expect(seen.estimate.landmarks == near.landmarks)

    let before = seen.evidence(in: size)
    seen.prefer(Self.body(x: 260, y: 200, torso: 50), in: size)
    #expect(seen.scouted.body.joints[0].x == body.joints[0].x)
    seen.prefer(Self.body(x: 203, y: 200, torso: 50), in: size)
    #expect(seen.evidence(in: size) > before && seen.scouted.boxScore == 0.8)
  }

  @Test("joints that both models see alike lie in the middle, with hands and feet; others stay")
  func fusion() throws {
    let body = Self.body(x: 200, y: 200, torso: 50)
    var estimate = try Self.estimate(of: body, dx: 4, dy: -2)
    estimate.landmarks[.leftWrist].x += 100
    let before = estimate.landmarks
    let fused = JointFusion.fused(estimate, with: body)
    #expect(abs(fused.landmarks[.rightKnee].x - (before[.rightKnee].x - 2)) < 1e-4)
    #expect(abs(fused.landmarks[.rightKnee].y - (before[.rightKnee].y + 1)) < 1e-4)
    #expect(abs(fused.landmarks[.rightIndex].x - (before[.rightIndex].x - 2)) < 1e-4)
    #expect(fused.landmarks[.leftWrist] == before[.leftWrist])
    #expect(fused.landmarks[.leftIndex] == before[.leftIndex])
    #expect(fused.worldLandmarks == estimate.worldLandmarks)
  }
}

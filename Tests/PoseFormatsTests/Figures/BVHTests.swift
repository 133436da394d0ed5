import PoseFormats
import Stance
import Testing

@Suite("BVH")
struct BVHTests {
  /// What a joint stands for.
  static let joints: [(joint: String, landmark: LandmarkName)] = [
    ("LeftArm", .leftShoulder), ("LeftForeArm", .leftElbow), ("LeftHand", .leftWrist),
    ("RightArm", .rightShoulder), ("RightForeArm", .rightElbow), ("RightHand", .rightWrist),
    ("LeftUpLeg", .leftHip), ("LeftLeg", .leftKnee), ("LeftFoot", .leftAnkle),
    ("LeftFoot end", .leftFootIndex), ("RightUpLeg", .rightHip), ("RightLeg", .rightKnee),
    ("RightFoot", .rightAnkle), ("RightFoot end", .rightFootIndex),
  ]
  /// Hips above the floor, in centimetres.
  static let standing = (MadeBody.lengths.thigh + MadeBody.lengths.shank + 0.0625) * 100

  static let bodies: [MadeBody] = [
    MadeBody(),
    MadeBody(heading: 20, twist: 10, look: 30, raise: 30, leftElbow: 90, rightElbow: 45),
    MadeBody(heading: -150, twist: -25, raise: 100, leftElbow: 120, leftHip: 60, leftKnee: 80),
    MadeBody(heading: 95, look: -60, raise: 170, rightElbow: 140, leftHip: 90, leftKnee: 90),
    MadeBody(leftHip: 110, leftKnee: 130),
  ]

  @Test("every joint comes to lie on its landmark, within a hundredth of a millimetre")
  func places() throws {
    let file = try BVHReading(try PoseClip.made(Self.bodies.map { [1: $0] }).bytes(.bvh))
    #expect(file.rows.count == Self.bodies.count)
    for (row, body) in Self.bodies.enumerated() {
      let (places, points) = (try file.places(in: row), body.points)
      for (joint, landmark) in Self.joints {
        let wanted = try #require(points[landmark]) * 100 + SIMD3(0, Self.standing, 0)
        let place = try #require(places[joint])
        #expect(distance(place, wanted) < 1e-3, "\(joint) of frame \(row)")
      }
      let leftEar = try #require(points[.leftEar])
      let ears = (leftEar + (try #require(points[.rightEar]))) * 50
      let head = try #require(places["Head"])
      #expect(distance(head, ears + SIMD3(0, Self.standing, 0)) < 1e-3, "head of frame \(row)")
    }
  }

  @Test(
    "elbows and knees are hinges, whose angle stands in one channel, to a thousandth of a degree")
  func hinges() throws {
    let file = try BVHReading(
      try PoseClip.made([[1: MadeBody(leftElbow: 30, rightElbow: 50, leftHip: 20, leftKnee: 70)]])
        .bytes(.bvh))
    // Channels z, x, y: the left elbow turns about -y of its T-pose, the right one about +y, knees about +x.
    for (joint, wanted) in [
      ("LeftForeArm", [0.0, 0, -30]), ("RightForeArm", [0, 0, 50]), ("LeftLeg", [0, 70, 0]),
    ] {
      for (angle, wanted) in zip(try file.channels(joint, in: 0), wanted) {
        #expect(abs(angle - wanted) < 1e-3, "\(joint)")
      }
    }
  }

  @Test(
    "who faces the camera looks along +z with the left at +x, and nothing is turned but the arms that hang"
  )
  func facing() throws {
    let file = try BVHReading(try PoseClip.made([[1: MadeBody()]]).bytes(.bvh))
    let places = try file.places(in: 0)
    let (left, right) = (try #require(places["LeftArm"]), try #require(places["RightArm"]))
    #expect(left.x > 0 && right.x < 0)
    let (ankle, toe) = (try #require(places["LeftFoot"]), try #require(places["LeftFoot end"]))
    #expect(toe.z > ankle.z)
    let (hips, head) = (try #require(places["Hips"]), try #require(places["Head"]))
    #expect(head.y > hips.y)
    for joint in file.joints where !joint.name.hasSuffix("Arm") {
      let angles = try file.channels(joint.name, in: 0).suffix(3)
      #expect(angles.allSatisfy { abs($0) < 0.01 }, "\(joint.name)")
    }
  }

  @Test("the feet of the T-pose stand on the floor, and lengths are medians in centimetres")
  func lengths() throws {
    // One sight of three is seen half as large again.
    let file = try BVHReading(
      try PoseClip.made([[1: MadeBody()], [1: MadeBody(scale: 1.5)], [1: MadeBody()]]).bytes(.bvh))
    let offset = { (name: String) in file.joints.first { $0.name == name }?.offset }
    #expect(distance(try #require(offset("LeftLeg")), SIMD3(0, -43.75, 0)) < 1e-4)
    #expect(distance(try #require(offset("RightForeArm")), SIMD3(-31.25, 0, 0)) < 1e-4)
    #expect(distance(try #require(offset("LeftUpLeg")), SIMD3(12.5, 0, 0)) < 1e-4)
    let height = try file.channels("Hips", in: 0)[1]
    #expect(abs(height - Self.standing) < 1e-3)
  }

  @Test("a gap holds the last pose, and before the first sight the first one is held")
  func gaps() throws {
    let file = try BVHReading(
      try PoseClip.made([
        [:], [1: MadeBody(raise: 10)], [:], [:], [1: MadeBody(raise: 50)], [:],
      ]).bytes(.bvh))
    #expect(file.rows.count == 6)
    #expect(file.rows[0] == file.rows[1] && file.rows[2] == file.rows[1])
    #expect(file.rows[3] == file.rows[1] && file.rows[4] != file.rows[1])
    #expect(file.rows[5] == file.rows[4])
    #expect(abs(file.frameTime - 0.04) < 1e-12)
  }

  @Test(
    "angles go on evenly where a turn passes half a circle, and through the poles of their order")
  func continuity() throws {
    // A knee through 90 degrees is where z and y turn about the same axis; the body turns round twice.
    let bodies = (0..<180).map { step in
      MadeBody(heading: Double(step) * 4, leftHip: 40, leftKnee: Double(step % 90) + 40)
    }
    let file = try BVHReading(try PoseClip.made(bodies.map { [1: $0] }).bytes(.bvh))
    for row in 1..<90 {
      for (last, next) in zip(file.rows[row - 1], file.rows[row]) {
        #expect(abs(next - last) < 10, "row \(row)")
      }
    }
    let heading = try file.channels("Hips", in: 179)[5]
    #expect(abs(heading - 179 * 4) < 0.01)
  }

  @Test("one frame makes a whole file, byte for byte")
  func bytes() throws {
    let text = String(decoding: try PoseClip.made([[3: MadeBody()]]).bytes(.bvh), as: UTF8.self)
    #expect(
      text.hasPrefix(
        """
        HIERARCHY
        ROOT Hips
        {
        \tOFFSET 0.000000 0.000000 0.000000
        \tCHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
        \tJOINT Spine
        \t{
        \t\tOFFSET 0.000000 10.000000 0.000000
        \t\tCHANNELS 3 Zrotation Xrotation Yrotation
        \t\tJOINT Spine1
        \t\t{
        \t\t\tOFFSET 0.000000 40.000000 0.000000
        """))
    #expect(
      text.hasSuffix(
        """
        \t\t\t\tEnd Site
        \t\t\t\t{
        \t\t\t\t\tOFFSET 0.000000 -6.250000 15.625000
        \t\t\t\t}
        \t\t\t}
        \t\t}
        \t}
        }
        MOTION
        Frames: 1
        Frame Time: 0.03333333333333333
        0.000000 90.625000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 \
        0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 -90.000000 0.000000 0.000000 0.000000 0.000000 0.000000 \
        0.000000 0.000000 0.000000 90.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 \
        0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 0.000000 \
        0.000000 0.000000 0.000000 0.000000 0.000000 0.000000

        """))
  }

  @Test("a clip without people has no figure, and that is said")
  func nobody() throws {
    let clip = try PoseClip.made([[:], [:]])
    #expect(throws: PoseFormatError.self) { try clip.bytes(.bvh) }
  }

  @Test(
    "a body whose landmarks fall into one point gives finite numbers, and bones of a millimetre at least"
  )
  func collapsed() throws {
    let file = try BVHReading(
      try PoseClip.made([[1: MadeBody(scale: 0)], [1: MadeBody(scale: 0)]]).bytes(.bvh))
    #expect(file.rows.allSatisfy { row in row.allSatisfy(\.isFinite) })
    for joint in file.joints.dropFirst() { #expect(distance(joint.offset, .zero) > 0.04) }
  }
}

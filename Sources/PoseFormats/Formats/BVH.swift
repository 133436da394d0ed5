import Stance

extension PoseFormat {
  /// A BVH file (Biovision's hierarchy and motion): one person as a figure of 17 joints in a T-pose, in centimetres.
  public static let bvh = PoseFormat(
    name: "bvh", fileExtensions: ["bvh"], mediaType: "text/plain",
    summary: "BVH, a moving figure for animation", division: .filePerPerson, contents: .clips,
    usesMetres: true, encoding: .whole(writeBVH))
}

/// As M. Meredith and S. Maddock describe it in "Motion Capture File Formats Explained" (University of Sheffield, 2001): each
/// word in its usual place, since readers go by lines; all three rotations of every joint, in the channels' order.
private func writeBVH(_ clip: PoseClip, to output: ([UInt8]) throws -> Void) throws {
  guard let id = clip.ids.first, var motion = FigureMotion(of: id, in: clip) else {
    throw PoseFormatError(
      code: .unsuitable, message: "nobody is in the clip, and a BVH file holds a person's figure")
  }
  let grid = try FrameGrid(clip)
  var text = BVHText()
  text.hierarchy(motion.rest)
  text.line("MOTION")
  text.line("Frames: \(grid.count)")
  text.line("Frame Time: \(1 / grid.rate)")
  try output(text.bytes)

  var angles: [EulerAngles?] = FigureJoint.allCases.map { _ in nil }
  for place in 0..<grid.count {
    let sight = grid.frame(at: place).flatMap { clip.person(id, in: $0) }
    let pose = motion.pose(in: sight)
    angles = zip(pose.turns, angles).map { EulerAngles($0, near: $1) }
    var row = TextRows(separator: " ", capacity: 700)
    row.centimetres(pose.hips + SIMD3(0, motion.rest.standing, 0))
    for case .some(let angle) in angles {
      row.fixed(angle.z)
      row.fixed(angle.x)
      row.fixed(angle.y)
    }
    row.endRow()
    try output(row.bytes)
  }
}

/// The lines of a BVH file's first half.
private struct BVHText {
  private(set) var bytes: [UInt8] = []

  mutating func line(_ text: String, depth: Int = 0) {
    bytes += repeatElement(UInt8(ascii: "\t"), count: depth)
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  mutating func hierarchy(_ rest: RestFigure) {
    line("HIERARCHY")
    joint(.hips, depth: 0, rest)
  }

  private mutating func joint(_ joint: FigureJoint, depth: Int, _ rest: RestFigure) {
    let isRoot = joint.parent == nil
    line("\(isRoot ? "ROOT" : "JOINT") \(joint.rawValue)", depth: depth)
    line("{", depth: depth)
    offset(rest[joint], depth: depth + 1)
    let turns = "Zrotation Xrotation Yrotation"
    line(
      isRoot ? "CHANNELS 6 Xposition Yposition Zposition \(turns)" : "CHANNELS 3 \(turns)",
      depth: depth + 1)
    for child in joint.children { self.joint(child, depth: depth + 1, rest) }
    if let tip = rest.tips[joint] {
      line("End Site", depth: depth + 1)
      line("{", depth: depth + 1)
      offset(tip, depth: depth + 2)
      line("}", depth: depth + 1)
    }
    line("}", depth: depth)
  }

  private mutating func offset(_ metres: SIMD3<Double>, depth: Int) {
    var row = TextRows(separator: " ")
    row.cell("OFFSET")
    row.centimetres(metres)
    line(String(decoding: row.bytes, as: UTF8.self), depth: depth)
  }
}

extension TextRows {
  fileprivate mutating func centimetres(_ metres: SIMD3<Double>) {
    for number in [metres.x, metres.y, metres.z] { fixed(number * 100) }
  }
}

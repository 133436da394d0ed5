import Stance

/// One person's part of a glTF file: a tree of joints, a mesh that hangs on it, and the keys of its animation.
struct GLTFFigure: Sendable {
  let id: Int
  let keys: FigureKeys
  private let motion: FigureMotion
  private let mesh: StickMesh

  /// The numbers of its accessors.
  private struct Accessors: Sendable {
    var positions, normals, joints, weights: Int
    var triangles: [Int]
    var inverseBind, times, hips: Int
    var turns: [Int]
  }
  private let accessors: Accessors

  private static let sides: [LandmarkName.Side] = [.middle, .left, .right]

  /// Plans the part of one person and makes room for it.
  ///
  /// - Returns: nil where the person is never seen.
  init?(of id: Int, in clip: PoseClip, buffer: inout GLTFBuffer) {
    guard let motion = FigureMotion(of: id, in: clip) else { return nil }
    self.id = id
    self.motion = motion
    keys = FigureKeys(of: id, in: clip)
    mesh = StickMesh(motion.rest)
    let count = mesh.vertices.count
    let places = mesh.vertices.map(\.position)
    func bound(_ choose: (Float, Float) -> Float) -> [Float] {
      let first = places.first ?? .zero
      return (0..<3).map { axis in places.reduce(first[axis]) { choose($0, $1[axis]) } }
    }
    let times = keys.keys.map(\.time)
    accessors = Accessors(
      positions: buffer.add(
        count, .vector3, target: .vertices, bounds: (bound(min), bound(max))),
      normals: buffer.add(count, .vector3, target: .vertices),
      joints: buffer.add(count, .vector4, .byte, target: .vertices),
      weights: buffer.add(count, .vector4, target: .vertices),
      triangles: Self.sides.map { [mesh] side in
        buffer.add(mesh.triangles[side]?.count ?? 0, .scalar, .word, target: .indices)
      },
      inverseBind: buffer.add(FigureJoint.allCases.count, .matrix4),
      times: buffer.add(
        times.count, .scalar, bounds: ([times.first ?? 0], [times.last ?? 0])),
      hips: buffer.add(times.count, .vector3),
      turns: FigureJoint.allCases.map { _ in buffer.add(times.count, .vector4) })
  }

  // MARK: Bytes

  /// The bytes of its accessors, in their order.
  func write(from clip: PoseClip, to output: ([UInt8]) throws -> Void) throws {
    try output(meshBytes)
    var times: [UInt8] = []
    var hips: [UInt8] = []
    var turns: [[UInt8]] = FigureJoint.allCases.map { _ in [] }
    var motion = motion
    for key in keys.keys {
      let pose = motion.pose(in: key.frame.flatMap { clip.person(id, in: $0) })
      times.append(littleEndian: key.time)
      hips.append(pose.hips + SIMD3(0, motion.rest.standing, 0))
      for (joint, turn) in pose.turns.enumerated() {
        turns[joint].append(turn.imaginary)
        turns[joint].append(littleEndian: Float(turn.real))
      }
    }
    for bytes in [times, hips] + turns { try output(bytes) }
  }

  private var meshBytes: [UInt8] {
    var bytes: [UInt8] = []
    for vertex in mesh.vertices { bytes.append(vertex.position) }
    for vertex in mesh.vertices { bytes.append(vertex.normal) }
    for vertex in mesh.vertices { bytes += [vertex.joint, 0, 0, 0] }
    for _ in mesh.vertices {
      for weight in [1, 0, 0, 0] as [Float] { bytes.append(littleEndian: weight) }
    }
    for side in Self.sides {
      for corner in mesh.triangles[side] ?? [] { bytes.append(littleEndian: corner) }
      bytes.pad(to: 4)
    }
    // From the mesh to each joint's own frame, column by column.
    for place in motion.rest.places {
      for column in 0..<3 {
        for row in 0..<4 { bytes.append(littleEndian: row == column ? 1 : 0 as Float) }
      }
      bytes.append(-(place + SIMD3(0, motion.rest.standing, 0)))
      bytes.append(littleEndian: 1 as Float)
    }
    return bytes
  }

  // MARK: JSON

  /// How many nodes it has: one that holds the joints, the joints, and the mesh.
  static let nodeCount = 1 + FigureJoint.allCases.count + 1
  private static func node(_ joint: FigureJoint, after base: Int) -> Int { base + 1 + joint.index }

  /// - Parameters:
  ///   - base: the number of its first node.
  ///   - number: its number among the figures, for mesh and skin.
  ///   - place: where it stands, along x, in metres.
  func writeNodes(
    to json: inout JSONWriter, base: Int, number: Int, place: Float, names: FigureNames
  ) throws(PoseFormatError) {
    try json.object { (json) throws(PoseFormatError) in
      json.member("name", FigureNames.person(id))
      try json.member("translation", [place, 0, 0])
      json.member("children", [Self.node(.hips, after: base)])
      json.key("extras")
      try json.object { (json) throws(PoseFormatError) in
        json.member("id", id)
        // The pose is held in these, and before and after all keys.
        json.key("unseen")
        try json.array { (json) throws(PoseFormatError) in
          for gap in keys.gaps { try json.value([gap.lowerBound, gap.upperBound], "unseen") }
        }
      }
    }
    for joint in FigureJoint.allCases {
      try json.object { (json) throws(PoseFormatError) in
        json.member("name", names.full(joint.rawValue, of: id))
        let rest = motion.rest[joint] + SIMD3(0, joint == .hips ? motion.rest.standing : 0, 0)
        try json.member("translation", [Float(rest.x), Float(rest.y), Float(rest.z)])
        let children = joint.children.map { Self.node($0, after: base) }
        if !children.isEmpty { json.member("children", children) }
      }
    }
    json.object { json in
      json.member("name", names.full("Figure", of: id))
      json.member("mesh", number)
      json.member("skin", number)
    }
  }

  func writeMesh(to json: inout JSONWriter, names: FigureNames) {
    json.object { json in
      json.member("name", names.full("Figure", of: id))
      json.key("primitives")
      json.array { json in
        for (material, triangles) in accessors.triangles.enumerated() {
          json.object { json in
            json.key("attributes")
            json.object { json in
              json.member("POSITION", accessors.positions)
              json.member("NORMAL", accessors.normals)
              json.member("JOINTS_0", accessors.joints)
              json.member("WEIGHTS_0", accessors.weights)
            }
            json.member("indices", triangles)
            json.member("material", material)
          }
        }
      }
    }
  }

  func writeSkin(to json: inout JSONWriter, base: Int) {
    json.object { json in
      json.member("inverseBindMatrices", accessors.inverseBind)
      json.member("skeleton", Self.node(.hips, after: base))
      json.member("joints", FigureJoint.allCases.map { Self.node($0, after: base) })
    }
  }

  /// How many samplers it has, and channels: the hips' place and every joint's rotation.
  static let samplerCount = 1 + FigureJoint.allCases.count

  func writeSamplers(to json: inout JSONWriter) {
    for output in [accessors.hips] + accessors.turns {
      json.object { json in
        json.member("input", accessors.times)
        json.member("output", output)
      }
    }
  }

  /// - Parameter sampler: the number of its first sampler.
  func writeChannels(to json: inout JSONWriter, base: Int, sampler: Int) {
    let targets =
      [(FigureJoint.hips, "translation")] + FigureJoint.allCases.map { ($0, "rotation") }
    for (number, (joint, path)) in targets.enumerated() {
      json.object { json in
        json.member("sampler", sampler + number)
        json.key("target")
        json.object { json in
          json.member("node", Self.node(joint, after: base))
          json.member("path", path)
        }
      }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ vector: SIMD3<Float>) {
    for number in [vector.x, vector.y, vector.z] { append(littleEndian: number) }
  }

  fileprivate mutating func append(_ vector: SIMD3<Double>) { append(SIMD3<Float>(vector)) }
}

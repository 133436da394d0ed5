import Stance

/// A body for the figure, so that every viewer shows it: an octahedron along each bone and one for the nose, in the
/// T-pose, each vertex moved by one joint alone.
struct StickMesh: Sendable {
  struct Vertex: Sendable, Hashable {
    var position: SIMD3<Float>
    var normal: SIMD3<Float>
    var joint: UInt8
  }

  private(set) var vertices: [Vertex] = []
  /// Three corners a triangle, anticlockwise from outside, for each half of the body.
  private(set) var triangles: [LandmarkName.Side: [UInt16]] = [:]

  /// The hips stand as high as they are when the feet are on the floor.
  init(_ rest: RestFigure) {
    let places = rest.places.map { $0 + SIMD3(0, rest.standing, 0) }
    for joint in FigureJoint.allCases {
      let from = places[joint.index]
      for child in joint.children {
        add(joint, child.side, from: from, to: places[child.index])
      }
      if let tip = rest.tips[joint] {
        let isHead = joint == .head
        add(
          joint, joint.side, from: from, to: from + tip, thickness: isHead ? 0.45 : 0.12,
          thickest: isHead ? 0.5 : 0.2)
      }
    }
    let head = places[FigureJoint.head.index]
    add(.head, .middle, from: head, to: head + SIMD3(0, 0, rest.nose))
  }

  /// - Parameters:
  ///   - thickness: half the width, in lengths.
  ///   - thickest: where along it that is.
  private mutating func add(
    _ joint: FigureJoint, _ side: LandmarkName.Side, from: SIMD3<Double>, to: SIMD3<Double>,
    thickness: Double = 0.12, thickest: Double = 0.2
  ) {
    let along = to - from
    let aside = abs(along.z) < abs(along.x) + abs(along.y) ? SIMD3<Double>(0, 0, 1) : SIMD3(1, 0, 0)
    guard let u = along.cross(aside).direction, let v = along.cross(u).direction else { return }
    let (middle, radius) = (from + along * thickest, along.length * thickness)
    let ring = [u, v, -u, -v].map { middle + $0 * radius }
    for corner in 0..<4 {
      let (here, next) = (ring[corner], ring[(corner + 1) % 4])
      add(joint, side, [from, next, here])
      add(joint, side, [to, here, next])
    }
  }

  /// Every face has corners of its own, so that light falls on it as on something flat.
  private mutating func add(
    _ joint: FigureJoint, _ side: LandmarkName.Side, _ corners: [SIMD3<Double>]
  ) {
    let across = (corners[1] - corners[0]).cross(corners[2] - corners[0])
    let normal = SIMD3<Float>(across / across.length)
    for corner in corners {
      triangles[side, default: []].append(UInt16(vertices.count))
      vertices.append(
        Vertex(position: SIMD3<Float>(corner), normal: normal, joint: UInt8(joint.index)))
    }
  }
}

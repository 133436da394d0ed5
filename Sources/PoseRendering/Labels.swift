import Stance

/// The names beside the joints, placed so that they can be read.
struct Labels {
  /// Places where something is written.
  private var taken: [Rectangle]

  /// No names yet, and none where something is written already.
  init(sparing taken: [Rectangle] = []) {
    self.taken = taken
  }

  /// Writes the names of a person's joints beside them, those of trunk and limbs first. A name for which
  /// there is no free place in the canvas is left out.
  mutating func write(for skeleton: PlacedSkeleton, on canvas: borrowing Canvas) {
    let size = skeleton.sizes.fontSize
    let joints = skeleton.joints.filter { canvas.bounds.contains($0.center) }
    guard let left = joints.map(\.center.x).min(), let right = joints.map(\.center.x).max() else {
      return
    }
    canvas.setFont(size: size)
    for joint in joints.sorted(by: Self.comesFirst) {
      let extent = canvas.extent(of: joint.name.rawValue)
      guard extent.maxX > extent.minX, extent.maxY > extent.minY else { continue }
      let origins = Self.origins(
        for: extent, beside: joint, prefersRight: joint.center.x >= (left + right) / 2,
        fontSize: size)
      let space = extent.grown(by: 0.12 * size)
      guard let origin = take(origins, extent: space, sparing: joints, on: canvas) else { continue }
      canvas.write(
        joint.name.rawValue, at: origin, color: .white,
        halo: Color(red: 0, green: 0, blue: 0, alpha: 150), haloWidth: max(1, Int(size * 0.075)))
    }
  }

  /// Bigger joints matter more; of equal ones, those in front.
  private static func comesFirst(
    _ first: PlacedSkeleton.Joint, _ second: PlacedSkeleton.Joint
  ) -> Bool {
    (-first.radius, first.depth, first.name.index)
      < (-second.radius, second.depth, second.name.index)
  }

  /// Eight places round the joint, the best first: where the text's base line would start.
  private static func origins(
    for extent: Rectangle, beside joint: PlacedSkeleton.Joint, prefersRight: Bool, fontSize: Double
  ) -> [Point] {
    let gap = joint.radius + 0.35 * fontSize
    let right = joint.center.x + gap - extent.minX
    let left = joint.center.x - gap - extent.maxX
    let (outward, inward) = prefersRight ? (right, left) : (left, right)
    let centered = joint.center.x - (extent.minX + extent.maxX) / 2
    let middle = joint.center.y - (extent.minY + extent.maxY) / 2
    let above = joint.center.y - gap - extent.maxY
    let below = joint.center.y + gap - extent.minY
    return [
      Point(x: outward, y: middle), Point(x: outward, y: above), Point(x: outward, y: below),
      Point(x: centered, y: above), Point(x: centered, y: below), Point(x: inward, y: middle),
      Point(x: inward, y: above), Point(x: inward, y: below),
    ]
  }

  /// Takes the first place that is free and inside the picture; where one can be had, one that hides no joint.
  private mutating func take(
    _ origins: [Point], extent: Rectangle, sparing joints: [PlacedSkeleton.Joint],
    on canvas: borrowing Canvas
  ) -> Point? {
    let bounds = canvas.bounds
    let free = origins.map { (origin: $0, place: extent.moved(to: $0)) }.filter { candidate in
      bounds.contains(candidate.place) && !taken.contains(where: candidate.place.overlaps)
    }
    let best = free.first { candidate in !joints.contains { candidate.place.contains($0.center) } }
    guard let (origin, place) = best ?? free.first else { return nil }
    taken.append(place)
    return origin
  }
}

import Glibc

/// How long somebody's limbs are, in lengths of the trunk: logarithms.
struct Proportions: Sendable {
  private static let limbs: [[(LandmarkName, LandmarkName)]] = [
    [(.leftShoulder, .rightShoulder)],
    [(.leftShoulder, .leftElbow), (.rightShoulder, .rightElbow)],
    [(.leftElbow, .leftWrist), (.rightElbow, .rightWrist)],
    [(.leftHip, .leftKnee), (.rightHip, .rightKnee)],
    [(.leftKnee, .leftAnkle), (.rightKnee, .rightAnkle)],
  ]
  private static let trunk: [(LandmarkName, LandmarkName)] = [
    (.leftShoulder, .leftHip), (.rightShoulder, .rightHip),
  ]

  private var sums = [Float](repeating: 0, count: limbs.count)
  private var counts = [Float](repeating: 0, count: limbs.count)

  /// Takes in one sight; limbs that can't be seen are left out.
  mutating func add(_ body: Landmarks<World>) {
    guard let trunk = Self.length(Self.trunk, body), trunk > 0.1 else { return }
    for (index, limb) in Self.limbs.enumerated() {
      guard let length = Self.length(limb, body), length > 0.01 else { continue }
      sums[index] += log(length / trunk)
      counts[index] += 1
    }
  }

  /// By what part limbs differ on average; nil when none of both was seen.
  func difference(from other: Proportions) -> Float? {
    let differences = sums.indices.compactMap { limb -> Float? in
      guard counts[limb] > 0, other.counts[limb] > 0 else { return nil }
      return abs(sums[limb] / counts[limb] - other.sums[limb] / other.counts[limb])
    }
    return differences.isEmpty
      ? nil : differences.reduce(0, +) / Float(differences.count)
  }

  private static func length(
    _ limb: [(LandmarkName, LandmarkName)], _ body: Landmarks<World>
  ) -> Float? {
    let lengths = limb.compactMap { from, to -> Float? in
      let (a, b) = (body[from], body[to])
      guard a.isVisible, b.isVisible else { return nil }
      let (x, y, z) = (a.x - b.x, a.y - b.y, a.z - b.z)
      return (x * x + y * y + z * z).squareRoot()
    }
    return lengths.isEmpty ? nil : lengths.reduce(0, +) / Float(lengths.count)
  }
}

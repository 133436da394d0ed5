/// What somebody wears on average over many sights.
struct ColorMean: Sendable {
  private var sums = [SIMD3<Float>](repeating: .zero, count: ColorSignature.placeCount)
  private var counts = [Float](repeating: 0, count: ColorSignature.placeCount)

  mutating func add(_ colors: ColorSignature?, weight: Float = 1) {
    guard let colors else { return }
    for place in sums.indices {
      guard let color = colors.color(at: place) else { continue }
      sums[place] += weight * color
      counts[place] += weight
    }
  }

  /// What is left without the sights of another mean, which are among these.
  func without(_ other: ColorMean) -> ColorMean {
    var rest = self
    for place in sums.indices {
      rest.sums[place] -= other.sums[place]
      rest.counts[place] -= other.counts[place]
    }
    return rest
  }

  /// The mean of the places that were in the picture; nil if none ever was.
  var signature: ColorSignature? {
    guard counts.contains(where: { $0 > 0.5 }) else { return nil }
    return ColorSignature(zip(sums, counts).map { $1 > 0.5 ? $0 / $1 : nil })
  }

  /// How different two means are; nil when no place of both was ever in the picture.
  func difference(from other: ColorMean) -> Float? {
    signature.flatMap { mine in other.signature.flatMap { mine.difference(from: $0) } }
  }
}

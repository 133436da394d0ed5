import Glibc

/// A copy of a dim or washed-out picture in which more can be seen.
package enum ContrastStretch {
  /// A picture whose grey levels span less than this needs a stretch.
  package static let maxSpan: Float = 96
  /// Darkest and brightest parts of the picture that may be cut off.
  static let tail: Float = 0.005
  /// Lifts the dark levels, in which a nearly black picture has everything.
  static let gamma: Float = 0.6

  /// The picture reduced by an integer factor, each pixel the average of a square, which quietens the noise of dark
  /// pictures, and then stretched from its darkest to its brightest level.
  ///
  /// - Parameter source: BGRX, rows without padding: `4 * width * height` bytes.
  /// - Returns: BGRX of `width / factor` × `height / factor` pixels; nil when there is contrast enough, or none.
  package static func stretched(
    _ source: UnsafeBufferPointer<UInt8>, width: Int, height: Int, factor: Int
  ) -> [UInt8]? {
    precondition(factor > 0 && source.count >= 4 * width * height)
    let reduced = averages(source, width: width, height: height, factor: factor)
    guard let (low, high) = levels(of: reduced), high > low, high - low < maxSpan else {
      return nil
    }
    return reduced.enumerated().map { index, value in
      guard index % 4 < 3 else { return 255 }
      let part = min(1, max(0, (value - low) / (high - low)))
      return UInt8((255 * pow(part, gamma)).rounded())
    }
  }

  private static func averages(
    _ source: UnsafeBufferPointer<UInt8>, width: Int, height: Int, factor: Int
  ) -> [Float] {
    let (columns, rows) = (width / factor, height / factor)
    var sums = [Float](repeating: 0, count: 4 * columns * rows)
    for y in 0..<rows * factor {
      for x in 0..<columns * factor {
        let from = 4 * (y * width + x)
        let to = 4 * (y / factor * columns + x / factor)
        for channel in 0..<3 { sums[to + channel] += Float(source[from + channel]) }
      }
    }
    let area = Float(factor * factor)
    for index in sums.indices { sums[index] /= area }
    return sums
  }

  /// Levels of green, which is most of what the eye calls brightness, with the tails cut off.
  private static func levels(of pixels: [Float]) -> (low: Float, high: Float)? {
    let greens = stride(from: 1, to: pixels.count, by: 4).map { pixels[$0] }.sorted()
    guard !greens.isEmpty else { return nil }
    let cut = Int(Float(greens.count - 1) * tail)
    return (greens[cut], greens[greens.count - 1 - cut])
  }
}

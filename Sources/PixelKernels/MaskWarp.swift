import Glibc

/// Brings segmentation logits of a square crop back onto the picture: sigmoid, bilinear, 0 outside the crop.
///
/// - Parameters:
///   - logits: `side * side`, row-major.
///   - map: from pixels of the picture to pixels of the crop.
///   - target: one byte a pixel, `width * height`; pixels outside the crop are left as they are.
package func warpMask(
  _ logits: UnsafeBufferPointer<Float>, side: Int, by map: AffineMap,
  into target: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int
) {
  precondition(logits.count >= side * side && target.count >= width * height)
  withUnsafeTemporaryAllocation(of: Float.self, capacity: side * side) { probabilities in
    for index in 0..<side * side {
      let probability = 255 / (1 + exp(-logits[index]))
      // What is no number would trap where it becomes a byte.
      probabilities.initializeElement(at: index, to: probability.isNaN ? 0 : probability)
    }
    let bounds = targetBounds(side: Double(side), map: map, width: width, height: height)
    func probability(_ x: Int, _ y: Int) -> Float {
      x >= 0 && y >= 0 && x < side && y < side ? probabilities[y * side + x] : 0
    }
    for y in bounds.rows {
      for x in bounds.columns {
        let (u, v) = map(Double(x), Double(y))
        guard u > -1, v > -1, u < Double(side), v < Double(side) else { continue }
        // Both are above -1, so adding 1 makes the cut a floor.
        let (column, row) = (Int(u + 1) - 1, Int(v + 1) - 1)
        let (right, lower) = (Float(u - Double(column)), Float(v - Double(row)))
        let upperRow =
          probability(column, row) * (1 - right) + probability(column + 1, row) * right
        let lowerRow =
          probability(column, row + 1) * (1 - right) + probability(column + 1, row + 1) * right
        target[y * width + x] = UInt8(upperRow * (1 - lower) + lowerRow * lower + 0.5)
      }
    }
  }
}

/// The picture's pixels that the crop can reach: the rest of a large photo is not looked at.
private func targetBounds(
  side: Double, map: AffineMap, width: Int, height: Int
) -> (columns: Range<Int>, rows: Range<Int>) {
  guard let back = map.inverse else { return (0..<0, 0..<0) }
  let corners = [back(-1, -1), back(side, -1), back(-1, side), back(side, side)]
  func range(_ values: [Double], limit: Int) -> Range<Int> {
    let low = max(0, min(Double(limit), (values.min() ?? 0).rounded(.down)))
    let high = max(low, min(Double(limit), (values.max() ?? 0).rounded(.up) + 1))
    return Int(low)..<Int(high)
  }
  return (range(corners.map(\.u), limit: width), range(corners.map(\.v), limit: height))
}

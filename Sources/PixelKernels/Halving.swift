/// A picture at half its size.
package enum Halving {
  /// Each pixel the average of a square of four, rounded; an odd last column or row is left out.
  ///
  /// - Parameter source: BGRX, rows without padding: `4 * width * height` bytes, at least 2 × 2 pixels.
  /// - Returns: BGRX of `width / 2` × `height / 2` pixels.
  package static func halved(
    _ source: UnsafeBufferPointer<UInt8>, width: Int, height: Int
  ) -> [UInt8] {
    precondition(width >= 2 && height >= 2 && source.count >= 4 * width * height)
    let (columns, rows) = (width / 2, height / 2)
    guard let start = source.baseAddress else { return [] }
    let pixels = UnsafeRawPointer(start)
    return [UInt8](unsafeUninitializedCapacity: 4 * columns * rows) { target, count in
      count = 4 * columns * rows
      guard let start = target.baseAddress else { return }
      let output = UnsafeMutableRawPointer(start)
      for row in 0..<rows {
        let upper = pixels + 8 * row * width
        let lower = upper + 4 * width
        let into = output + 4 * row * columns
        for column in 0..<columns {
          // Two neighbours at a time, of the row and of the one below.
          let above = upper.loadUnaligned(fromByteOffset: 8 * column, as: SIMD8<UInt8>.self)
          let below = lower.loadUnaligned(fromByteOffset: 8 * column, as: SIMD8<UInt8>.self)
          let sums =
            SIMD8<UInt16>(truncatingIfNeeded: above) &+ SIMD8<UInt16>(truncatingIfNeeded: below)
          let average = (sums.lowHalf &+ sums.highHalf &+ 2) &>> 2
          into.storeBytes(
            of: SIMD4<UInt8>(truncatingIfNeeded: average), toByteOffset: 4 * column,
            as: SIMD4<UInt8>.self)
        }
      }
    }
  }
}

/// Blends one colour over the pixels that a mask names.
package enum MaskTint {
  /// Moves every pixel towards the colour by `mask / 255 * opacity`; unmasked pixels stay as they are.
  ///
  /// - Parameters:
  ///   - pixels: blue, green, red and one unused byte a pixel.
  ///   - mask: one byte a pixel, in the same order.
  ///   - opacity: 0...255.
  /// - Precondition: `pixels.count == 4 * mask.count`.
  package static func blend(
    onto pixels: UnsafeMutableBufferPointer<UInt8>, mask: UnsafeBufferPointer<UInt8>,
    blue: UInt8, green: UInt8, red: UInt8, opacity: UInt8
  ) {
    precondition(
      pixels.count == 4 * mask.count, "\(pixels.count) bytes for a mask of \(mask.count) pixels")
    guard opacity > 0 else { return }
    let color = SIMD4<Int32>(Int32(blue), Int32(green), Int32(red), 0)
    // The unused byte has no weight, so it is never changed.
    let channels = SIMD4<Int32>(1, 1, 1, 0)
    let half = SIMD4<Int32>(repeating: 1 << 15)

    for index in 0..<mask.count where mask[index] != 0 {
      let weight = Int32(weightOf(mask: mask[index], opacity: opacity))
      let offset = 4 * index
      let old = SIMD4<Int32>(
        Int32(pixels[offset]), Int32(pixels[offset + 1]), Int32(pixels[offset + 2]), 0)
      let new = old &+ ((((color &- old) &* (channels &* weight)) &+ half) &>> 16)
      pixels[offset] = UInt8(truncatingIfNeeded: new.x)
      pixels[offset + 1] = UInt8(truncatingIfNeeded: new.y)
      pixels[offset + 2] = UInt8(truncatingIfNeeded: new.z)
    }
  }

  /// `mask / 255 * opacity / 255` in 1/65536.
  @inline(__always)
  private static func weightOf(mask: UInt8, opacity: UInt8) -> UInt32 {
    // 66051 = 2^32 / 255^2: 255 * 255 becomes exactly 65536 after rounding.
    UInt32((UInt64(mask) * UInt64(opacity) * 66_051 + 32_768) >> 16)
  }
}

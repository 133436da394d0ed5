/// What lies behind people, by a mask that says how much each pixel belongs to one.
///
/// Pixels are blue, green, red and one unused byte; masks have one byte a pixel, in the same order.
package enum Backdrop {
  /// The pixelwise maximum of two masks, in place.
  ///
  /// - Precondition: both are of one size.
  package static func raise(
    _ target: UnsafeMutableBufferPointer<UInt8>, to mask: UnsafeBufferPointer<UInt8>
  ) {
    precondition(target.count == mask.count, "masks of \(target.count) and \(mask.count) pixels")
    for index in 0..<mask.count { target[index] = max(target[index], mask[index]) }
  }

  /// Blends a colour over the background.
  ///
  /// - Parameters:
  ///   - kept: for each value of the mask how much of the pixel stays, 0...256.
  /// - Precondition: `pixels.count == 4 * mask.count`, and 256 values of `kept`.
  package static func fill(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, mask: UnsafeBufferPointer<UInt8>,
    kept: [UInt16], blue: UInt8, green: UInt8, red: UInt8
  ) {
    precondition(pixels.count == 4 * mask.count && kept.count == 256)
    guard let base = UnsafeMutableRawPointer(pixels.baseAddress) else { return }
    let color = SIMD4<UInt16>(UInt16(blue), UInt16(green), UInt16(red), 255)
    let plain = SIMD4<UInt8>(truncatingIfNeeded: color)
    kept.withUnsafeBufferPointer { kept in
      for index in 0..<mask.count {
        let weight = kept[Int(mask[index])]
        if weight == 256 { continue }
        let offset = 4 * index
        if weight == 0 {
          base.storeBytes(of: plain, toByteOffset: offset, as: SIMD4<UInt8>.self)
          continue
        }
        let old = SIMD4<UInt16>(
          truncatingIfNeeded: base.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt8>.self))
        // At most 255 * 256 + 128: it fits.
        let new = (color &* (256 &- weight) &+ old &* weight &+ 128) &>> 8
        base.storeBytes(
          of: SIMD4<UInt8>(truncatingIfNeeded: new), toByteOffset: offset, as: SIMD4<UInt8>.self)
      }
    }
  }

  /// Makes pixels as transparent as the mask says, with the opacity multiplied in, as Cairo draws on.
  ///
  /// - Parameter opacity: for each value of the mask, 0...255.
  /// - Precondition: `pixels.count == 4 * mask.count`, and 256 values of `opacity`.
  package static func premultiply(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, mask: UnsafeBufferPointer<UInt8>,
    opacity: [UInt8]
  ) {
    precondition(pixels.count == 4 * mask.count && opacity.count == 256)
    guard let base = UnsafeMutableRawPointer(pixels.baseAddress) else { return }
    opacity.withUnsafeBufferPointer { opacity in
      for index in 0..<mask.count {
        let alpha = UInt32(opacity[Int(mask[index])])
        let offset = 4 * index
        var pixel = base.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt8>.self)
        pixel.w = 255
        let products = SIMD4<UInt32>(truncatingIfNeeded: pixel) &* alpha &+ 128
        // Division by 255, rounded, of what is at most 255 * 255.
        let divided = (products &+ (products &>> 8)) &>> 8
        base.storeBytes(
          of: SIMD4<UInt8>(truncatingIfNeeded: divided), toByteOffset: offset,
          as: SIMD4<UInt8>.self)
      }
    }
  }

  /// Takes the opacity out of the colours again. Fully transparent pixels have no colour: all four bytes are 0.
  package static func straighten(_ pixels: UnsafeMutableBufferPointer<UInt8>) {
    precondition(pixels.count % 4 == 0, "a pixel is four bytes")
    guard let base = UnsafeMutableRawPointer(pixels.baseAddress) else { return }
    for offset in stride(from: 0, to: pixels.count, by: 4) {
      let pixel = base.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt8>.self)
      let alpha = UInt32(pixel.w)
      if alpha == 255 { continue }
      guard alpha > 0 else {
        base.storeBytes(of: 0, toByteOffset: offset, as: UInt32.self)
        continue
      }
      func straight(_ channel: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: min(255, (UInt32(channel) * 255 + alpha / 2) / alpha))
      }
      base.storeBytes(
        of: SIMD4<UInt8>(straight(pixel.x), straight(pixel.y), straight(pixel.z), pixel.w),
        toByteOffset: offset, as: SIMD4<UInt8>.self)
    }
  }
}

/// Pixels of other layouts to and from the picture's own: four bytes, blue, green, red, unused (255).
///
/// The kernels treat a pixel as one 32-bit word in little-endian order, which holds on the two processor families that
/// Swift on Linux supports. Buffers need no alignment.
package enum Conversion {
  /// Packed RGB to BGRX.
  ///
  /// - Precondition: `rgb` has 3 and `bgrx` 4 bytes for each pixel.
  package static func toBGRX(
    rgb: UnsafeBufferPointer<UInt8>, into bgrx: UnsafeMutableBufferPointer<UInt8>
  ) {
    let count = bgrx.count / 4
    precondition(bgrx.count == 4 * count && rgb.count == 3 * count, "3 bytes become 4")
    // Four pixels are three words.
    var pixel = 0
    while pixel + 4 <= count {
      let first = word(rgb, 3 * pixel)
      let second = word(rgb, 3 * pixel + 4)
      let third = word(rgb, 3 * pixel + 8)
      store(opaque(reversing: first), bgrx, 4 * pixel)
      store(opaque(reversing: first >> 24 | second << 8), bgrx, 4 * pixel + 4)
      store(opaque(reversing: second >> 16 | third << 16), bgrx, 4 * pixel + 8)
      store(opaque(reversing: third >> 8), bgrx, 4 * pixel + 12)
      pixel += 4
    }
    while pixel < count {
      bgrx[4 * pixel] = rgb[3 * pixel + 2]
      bgrx[4 * pixel + 1] = rgb[3 * pixel + 1]
      bgrx[4 * pixel + 2] = rgb[3 * pixel]
      bgrx[4 * pixel + 3] = 255
      pixel += 1
    }
  }

  /// Grey to BGRX.
  ///
  /// - Precondition: `bgrx` has 4 bytes for each of `grey`.
  package static func toBGRX(
    grey: UnsafeBufferPointer<UInt8>, into bgrx: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(bgrx.count == 4 * grey.count, "1 byte becomes 4")
    for pixel in grey.indices {
      store(UInt32(grey[pixel]) &* 0x0001_0101 | 0xff00_0000, bgrx, 4 * pixel)
    }
  }

  /// BGRX to packed BGR: the unused byte dropped.
  ///
  /// - Precondition: `bgr` has 3 and `bgrx` 4 bytes for each pixel.
  package static func toBGR(
    bgrx: UnsafeBufferPointer<UInt8>, into bgr: UnsafeMutableBufferPointer<UInt8>
  ) {
    let count = bgrx.count / 4
    precondition(bgrx.count == 4 * count && bgr.count == 3 * count, "4 bytes become 3")
    var pixel = 0
    while pixel + 4 <= count {
      let first = word(bgrx, 4 * pixel) & 0xff_ffff
      let second = word(bgrx, 4 * pixel + 4) & 0xff_ffff
      let third = word(bgrx, 4 * pixel + 8) & 0xff_ffff
      let fourth = word(bgrx, 4 * pixel + 12) & 0xff_ffff
      store(first | second << 24, bgr, 3 * pixel)
      store(second >> 8 | third << 16, bgr, 3 * pixel + 4)
      store(third >> 16 | fourth << 8, bgr, 3 * pixel + 8)
      pixel += 4
    }
    while pixel < count {
      for channel in 0..<3 { bgr[3 * pixel + channel] = bgrx[4 * pixel + channel] }
      pixel += 1
    }
  }

  /// BGRA, alpha not multiplied in, composed on white in sRGB space, in place, as browsers do.
  ///
  /// Each channel becomes 255 - (255 - channel) · alpha / 255, rounded to nearest.
  package static func composeOnWhite(bgra: UnsafeMutableBufferPointer<UInt8>) {
    eachPixel(bgra) { onWhite($0) }
  }

  /// RGBA composed on white, and red and blue exchanged, in place.
  package static func composeOnWhite(rgba: UnsafeMutableBufferPointer<UInt8>) {
    eachPixel(rgba) { exchangingRedAndBlue(onWhite($0)) }
  }

  /// CMYK as Adobe's programs store it in a JPEG, inverted (255 is no ink), to BGRX in place.
  ///
  /// Red is C · K / 255 rounded to nearest, green and blue likewise with M and Y; no ink profile is applied.
  package static func toBGRX(invertedCMYK: UnsafeMutableBufferPointer<UInt8>) {
    eachPixel(invertedCMYK) { pixel in
      let black = pixel >> 24
      let evens = divide255((pixel & 0xff_00ff) * black)
      let green = divide255(((pixel >> 8) & 0xff) * black)
      return exchangingRedAndBlue(evens | green << 8 | 0xff00_0000)
    }
  }

  private static func onWhite(_ pixel: UInt32) -> UInt32 {
    let alpha = pixel >> 24
    let evens = divide255((0xff_00ff - (pixel & 0xff_00ff)) * alpha)
    let green = divide255((0xff - ((pixel >> 8) & 0xff)) * alpha)
    return 0xff00_0000 | (0xff_00ff - evens) | (0xff - green) << 8
  }

  private static func exchangingRedAndBlue(_ pixel: UInt32) -> UInt32 {
    (pixel & 0xff00_ff00) | (pixel >> 16) & 0xff | (pixel & 0xff) << 16
  }

  /// Each 16-bit half, at most 255 · 255, divided by 255 and rounded to nearest.
  private static func divide255(_ halves: UInt32) -> UInt32 {
    let biased = halves &+ 0x80_0080
    return (biased &+ ((biased >> 8) & 0xff_00ff)) >> 8 & 0xff_00ff
  }

  /// 0xXXBBGGRR to 0xffRRGGBB.
  private static func opaque(reversing rgb: UInt32) -> UInt32 {
    (rgb << 8).byteSwapped | 0xff00_0000
  }

  private static func eachPixel(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, _ change: (UInt32) -> UInt32
  ) {
    precondition(pixels.count % 4 == 0, "a pixel is four bytes")
    guard let base = UnsafeMutableRawPointer(pixels.baseAddress) else { return }
    for offset in stride(from: 0, to: pixels.count, by: 4) {
      let pixel = base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      base.storeBytes(of: change(pixel), toByteOffset: offset, as: UInt32.self)
    }
  }

  private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> UInt32 {
    UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  private static func store(
    _ word: UInt32, _ bytes: UnsafeMutableBufferPointer<UInt8>, _ offset: Int
  ) {
    UnsafeMutableRawBufferPointer(bytes).storeBytes(
      of: word, toByteOffset: offset, as: UInt32.self)
  }
}

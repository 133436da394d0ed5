import CPixelKernels

/// What lies outside the source.
package enum WarpBorder: Sendable {
  /// Zero: black.
  case black
  /// The nearest pixel of the edge.
  case replicate
}

/// Samples a picture into a model's input, with OpenCV's arithmetic.
///
/// Bilinear as `warpPerspective` with `INTER_LINEAR` does it on 8-bit pictures (OpenCV 3.4 and 4,
/// modules/imgproc/src/imgwarp.cpp): positions rounded to 1/32 px (ties to even), weights in fixed point, the
/// result rounded to 8 bits, and only then turned into a float. MediaPipe's crops are made this way, and its
/// landmarks move by more than its own noise when they are not.
///
/// - Parameters:
///   - source: BGRX, rows without padding: `4 * width * height` bytes.
///   - map: from target pixels to source positions.
///   - values: what 0 and 255 become; between them values grow evenly.
///   - target: R, G, B floats, row-major: `3 * targetWidth * targetHeight`.
package func warp(
  _ source: UnsafeBufferPointer<UInt8>, width: Int, height: Int, by map: AffineMap,
  border: WarpBorder, values: ClosedRange<Float>,
  into target: UnsafeMutableBufferPointer<Float>, targetWidth: Int, targetHeight: Int
) {
  precondition(width > 0 && height > 0 && source.count >= 4 * width * height)
  precondition(
    targetWidth > 0 && targetHeight > 0 && target.count >= 3 * targetWidth * targetHeight)
  guard let pixels = source.baseAddress, let floats = target.baseAddress else { return }
  let done = stance_warp(
    pixels, Int32(width), Int32(height),
    stance_affine(ux: map.ux, uy: map.uy, u0: map.u0, vx: map.vx, vy: map.vy, v0: map.v0),
    border == .replicate ? 1 : 0, (values.upperBound - values.lowerBound) / 255,
    values.lowerBound, floats, Int32(targetWidth), Int32(targetHeight))
  if done == 0 {
    warpPortably(
      source, width: width, height: height, by: map, border: border, values: values, into: target,
      targetWidth: targetWidth, targetHeight: targetHeight)
  }
}

/// The same on any processor, in two to four times the time.
package func warpPortably(
  _ source: UnsafeBufferPointer<UInt8>, width: Int, height: Int, by map: AffineMap,
  border: WarpBorder, values: ClosedRange<Float>,
  into target: UnsafeMutableBufferPointer<Float>, targetWidth: Int, targetHeight: Int
) {
  precondition(width > 0 && height > 0 && source.count >= 4 * width * height)
  precondition(
    targetWidth > 0 && targetHeight > 0 && target.count >= 3 * targetWidth * targetHeight)
  guard let pixels = source.baseAddress, let output = target.baseAddress else { return }
  let origin = UnsafeRawPointer(pixels)
  let stride = 4 * width
  let scale = (values.upperBound - values.lowerBound) / 255
  // One less: the right and lower taps must be inside too.
  let (insideWidth, insideHeight) = (UInt(width - 1), UInt(height - 1))

  for y in 0..<targetHeight {
    let rowU = map.uy * Double(y) + map.u0
    let rowV = map.vy * Double(y) + map.v0
    var pixel = output + 3 * targetWidth * y
    for x in 0..<targetWidth {
      let u = nearestStep(map.ux * Double(x) + rowU)
      let v = nearestStep(map.vx * Double(x) + rowV)
      let (column, row) = (u >> stepBits, v >> stepBits)
      let right = UInt16(truncatingIfNeeded: u & (steps - 1))
      let lower = UInt16(truncatingIfNeeded: v & (steps - 1))

      let taps: (SIMD4<UInt16>, SIMD4<UInt16>, SIMD4<UInt16>, SIMD4<UInt16>)
      if UInt(bitPattern: column) < insideWidth, UInt(bitPattern: row) < insideHeight {
        let upper = origin + (row &* stride &+ 4 &* column)
        taps = (
          load(upper), load(upper + 4), load(upper + stride), load(upper + stride + 4)
        )
      } else {
        func tap(_ x: Int, _ y: Int) -> SIMD4<UInt16> {
          switch border {
          case .black:
            guard x >= 0, y >= 0, x < width, y < height else { return SIMD4() }
            return load(origin + (y * stride + 4 * x))
          case .replicate:
            let (x, y) = (min(max(x, 0), width - 1), min(max(y, 0), height - 1))
            return load(origin + (y * stride + 4 * x))
          }
        }
        taps = (
          tap(column, row), tap(column + 1, row), tap(column, row + 1), tap(column + 1, row + 1)
        )
      }
      let left = UInt16(truncatingIfNeeded: steps) &- right
      let upperSum = taps.0 &* left &+ taps.1 &* right
      let lowerSum = taps.2 &* left &+ taps.3 &* right
      let upperWeight = UInt32(truncatingIfNeeded: steps) &- UInt32(lower)
      let sum =
        SIMD4<UInt32>(truncatingIfNeeded: upperSum) &* upperWeight
        &+ SIMD4<UInt32>(truncatingIfNeeded: lowerSum) &* UInt32(lower)
      let value = SIMD4<Int32>(truncatingIfNeeded: (sum &+ half) &>> UInt32(2 * stepBits))
      let result = SIMD4<Float>(value) * scale + values.lowerBound
      pixel[0] = result[2]
      pixel[1] = result[1]
      pixel[2] = result[0]
      pixel += 3
    }
  }
}

private let stepBits = 5
private let steps = 1 << 5  // OpenCV's INTER_TAB_SIZE
private let half: UInt32 = 1 << 9

/// A position in 1/32 px, ties to even; what is beyond every picture is brought to where the border rules anyway.
@inline(__always) private func nearestStep(_ position: Double) -> Int {
  let scaled = max(-2e9, min(2e9, position * Double(steps)))
  // Adding 1.5 · 2^52 leaves no bits for the fraction, so the processor rounds: baseline x86-64 has no instruction for it.
  let magic = 6_755_399_441_055_744.0
  return Int(truncatingIfNeeded: (scaled + magic).bitPattern &- magic.bitPattern)
}

@inline(__always) private func load(_ pixel: UnsafeRawPointer) -> SIMD4<UInt16> {
  SIMD4<UInt16>(
    truncatingIfNeeded: unsafeBitCast(
      pixel.loadUnaligned(as: UInt32.self), to: SIMD4<UInt8>.self))
}

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
  precondition(target.count >= 3 * targetWidth * targetHeight)
  guard let pixels = source.baseAddress, let output = target.baseAddress, targetWidth > 0,
    targetHeight > 0
  else { return }
  let sampler = Sampler(
    origin: UnsafeRawPointer(pixels), width: width, height: height, border: border,
    positions: StepPositions(map, width: targetWidth, height: targetHeight), values: values)
  var pixel = UnsafeMutableRawPointer(output)
  for y in 0..<targetHeight {
    let row = sampler.positions.row(y)
    // The fourth float is overwritten by the next pixel: one store instead of three.
    for x in 0..<(y < targetHeight - 1 ? targetWidth : targetWidth - 1) {
      pixel.storeBytes(of: sampler.value(x, in: row), as: SIMD4<Float>.self)
      pixel += 3 * MemoryLayout<Float>.size
    }
  }
  // The very last pixel has no next.
  let last = sampler.lastValue(targetWidth - 1, targetHeight - 1)
  for channel in 0..<3 {
    pixel.storeBytes(of: last[channel], toByteOffset: 4 * channel, as: Float.self)
  }
}

/// What every pixel of one warp has in common.
private struct Sampler {
  let origin: UnsafeRawPointer
  let width, height: Int
  let border: WarpBorder
  let positions: StepPositions
  private let scale, offset: SIMD4<Float>

  init(
    origin: UnsafeRawPointer, width: Int, height: Int, border: WarpBorder, positions: StepPositions,
    values: ClosedRange<Float>
  ) {
    (self.origin, self.width, self.height) = (origin, width, height)
    (self.border, self.positions) = (border, positions)
    scale = SIMD4(repeating: (values.upperBound - values.lowerBound) / 255)
    offset = SIMD4(repeating: values.lowerBound)
  }

  /// Red, green, blue and something of a target pixel.
  @inline(__always) func value(_ x: Int, in row: SIMD2<Double>) -> SIMD4<Float> {
    let position = positions.at(x, in: row)
    let (column, line) = (position.x >> stepBits, position.y >> stepBits)
    let taps: Taps
    // One less: the right and lower taps must be inside too.
    if UInt(bitPattern: column) < UInt(bitPattern: width &- 1),
      UInt(bitPattern: line) < UInt(bitPattern: height &- 1)
    {
      taps = Taps(at: origin + 4 &* (line &* width &+ column), stride: 4 &* width)
    } else {
      taps = Taps(column, line, of: origin, width: width, height: height, border: border)
    }
    return taps.value(
      right: UInt16(truncatingIfNeeded: position.x & (steps - 1)),
      lower: UInt16(truncatingIfNeeded: position.y & (steps - 1))) * scale + offset
  }

  /// The same, by a call: where a value's parts are used one by one, the compiler takes the arithmetic apart too.
  @inline(never) func lastValue(_ x: Int, _ y: Int) -> SIMD4<Float> {
    value(x, in: positions.row(y))
  }
}

private let stepBits = 5
private let steps = 1 << 5  // OpenCV's INTER_TAB_SIZE

/// Source positions in 1/32 px, ties to even.
private struct StepPositions {
  /// 1/32 px for a step to the right, to the next row, and at the start. The factor 32 changes no digit.
  private let right, down, start: SIMD2<Double>
  /// Whether some position is beyond every picture, or no number.
  private let isFar: Bool

  init(_ map: AffineMap, width: Int, height: Int) {
    let steps = Double(steps)
    right = SIMD2(map.ux, map.vx) * steps
    down = SIMD2(map.uy, map.vy) * steps
    start = SIMD2(map.u0, map.v0) * steps
    let (right, down, start) = (right, down, start)
    // An affine map is nowhere larger than in a corner.
    isFar = [0, Double(width)].contains { x in
      [0, Double(height)].contains { y in
        let corner = right * x + down * y + start
        return !(abs(corner.x) < farthest && abs(corner.y) < farthest)
      }
    }
  }

  @inline(__always) func row(_ y: Int) -> SIMD2<Double> { down * Double(y) + start }

  @inline(__always) func at(_ x: Int, in row: SIMD2<Double>) -> (x: Int, y: Int) {
    var position = right * Double(x) + row
    if isFar { position = nearer(position) }
    // Adding 1.5 · 2^52 leaves no bits for the fraction, so the processor rounds: baseline x86-64 has no instruction for it.
    let magic = 6_755_399_441_055_744.0
    let rounded = position + magic
    return (
      Int(truncatingIfNeeded: rounded.x.bitPattern &- magic.bitPattern),
      Int(truncatingIfNeeded: rounded.y.bitPattern &- magic.bitPattern)
    )
  }

  /// The position brought to where the border rules anyway.
  @inline(never) private func nearer(_ position: SIMD2<Double>) -> SIMD2<Double> {
    func bounded(_ step: Double) -> Double { max(-farthest, min(farthest, step)) }
    return SIMD2(bounded(position.x), bounded(position.y))
  }
}

/// In 1/32 px: 94 million pixels away.
private let farthest = 3e9

/// Four neighbouring pixels: two vectors, each with an upper pixel in its low and the one below in its high half.
private struct Taps {
  private let left, right: SIMD8<UInt16>

  /// The pixel at `upper`, its right neighbour and the two below, all inside.
  @inline(__always) init(at upper: UnsafeRawPointer, stride: Int) {
    left = SIMD8(lowHalf: load(upper), highHalf: load(upper + stride))
    right = SIMD8(lowHalf: load(upper + 4), highHalf: load(upper + stride + 4))
  }

  /// Of these some or all are outside.
  @inline(__always) init(
    _ column: Int, _ line: Int, of origin: UnsafeRawPointer, width: Int, height: Int,
    border: WarpBorder
  ) {
    switch border {
    case .black:
      func tap(_ x: Int, _ y: Int) -> SIMD4<UInt16> {
        guard x >= 0, y >= 0, x < width, y < height else { return SIMD4() }
        return load(origin + 4 &* (y &* width &+ x))
      }
      left = SIMD8(lowHalf: tap(column, line), highHalf: tap(column, line &+ 1))
      right = SIMD8(lowHalf: tap(column &+ 1, line), highHalf: tap(column &+ 1, line &+ 1))
    case .replicate:
      let (x0, x1) = (
        4 &* nearest(to: column, below: width), 4 &* nearest(to: column &+ 1, below: width)
      )
      let upper = origin + 4 &* width &* nearest(to: line, below: height)
      let lower = origin + 4 &* width &* nearest(to: line &+ 1, below: height)
      left = SIMD8(lowHalf: load(upper + x0), highHalf: load(lower + x0))
      right = SIMD8(lowHalf: load(upper + x1), highHalf: load(lower + x1))
    }
  }

  /// Red, green, blue and something: the mean weighted by 1/32 of the way to the right and to below, rounded.
  @inline(__always) func value(right x: UInt16, lower y: UInt16) -> SIMD4<Float> {
    let columns = left &* (UInt16(steps) &- x) &+ right &* x
    // At most 13 bits. Saying so lets the compiler multiply 16 bits by 16, which baseline x86-64 can.
    let (upper, lower) = (columns.lowHalf & 0x1fff, columns.highHalf & 0x1fff)
    let sum =
      SIMD4<UInt32>(truncatingIfNeeded: upper) &* UInt32(truncatingIfNeeded: steps &- Int(y))
      &+ SIMD4<UInt32>(truncatingIfNeeded: lower) &* UInt32(y)
    // As floats these are exact: a sum has 18 bits. A quarter more settles the ties: half is rounded up.
    let total = unsafeBitCast(sum | magic.bitPattern, to: SIMD4<Float>.self) - magic
    return (total * (1 / 1024) + 0.25 / 1024) + magic - magic
  }
}

/// The number nearest to `index` that is at least 0 and below `count`.
@inline(__always) private func nearest(to index: Int, below count: Int) -> Int {
  min(max(index, 0), count &- 1)
}

/// 2^23, whose last digit is the one before the point: a whole number can be written in its place, and adding it rounds.
private var magic: Float { 8_388_608 }

/// The pixel's red, green, blue and fourth byte.
@inline(__always) private func load(_ pixel: UnsafeRawPointer) -> SIMD4<UInt16> {
  // Turned round while it is one number: the compiler takes a vector apart to exchange its elements.
  let bgrx = UInt32(bigEndian: pixel.loadUnaligned(as: UInt32.self))
  let rgbx = UInt32(littleEndian: bgrx &>> 8 | bgrx &<< 24)
  return SIMD4<UInt16>(truncatingIfNeeded: unsafeBitCast(rgbx, to: SIMD4<UInt8>.self))
}

import Glibc

/// Blurs what lies behind people, without their colours: a person's pixels have no weight in the averages
/// (normalised convolution, Knutsson and Westin 1993), so no halo surrounds them.
///
/// The background is averaged over squares of ``factor(width:height:)`` pixels, those averages are blurred by a Gaussian, and
/// brought back bilinearly. Holds its memory from one picture to the next.
package struct BackdropBlur: Sendable {
  /// Of the Gaussian, in squares.
  private static let deviation: Float = 3
  /// How far the Gaussian reaches, in squares.
  private static let reach = 8
  /// Pixels with more in the mask are not background: below lie the far tails of a soft mask.
  private static let maxMask: UInt8 = 8
  /// What the mean of the whole background weighs, where hardly any background is near.
  private static let meanWeight: Float = 0.002
  /// Fractions of a grey level between the steps.
  private static let fractionBits = 7

  private var squares: [SIMD4<Float>] = []
  private var between: [SIMD4<Float>] = []
  private var row: [SIMD4<Int32>] = []

  package init() {}

  /// The side of the squares that are averaged: a hundredth of the side of the square that has as many pixels.
  package static func factor(width: Int, height: Int) -> Int {
    max(1, Int((Float(width * height).squareRoot() / 100).rounded()))
  }

  /// Blurs a picture's background in place.
  ///
  /// - Parameters:
  ///   - pixels: blue, green, red and one unused byte a pixel, rows without padding.
  ///   - kept: for each value of the mask how much of the pixel stays, 0...256.
  /// - Precondition: `mask.count == width * height`, `pixels.count` four times that, and 256 values of `kept`.
  package mutating func apply(
    to pixels: UnsafeMutableBufferPointer<UInt8>, mask: UnsafeBufferPointer<UInt8>,
    kept: [UInt16], width: Int, height: Int
  ) {
    precondition(
      mask.count == width * height && pixels.count == 4 * mask.count && kept.count == 256)
    guard let base = UnsafeMutableRawPointer(pixels.baseAddress), !mask.isEmpty else { return }
    let factor = Self.factor(width: width, height: height)
    let (columns, rows) = ((width + factor - 1) / factor, (height + factor - 1) / factor)
    average(base, mask, width: width, height: height, factor: factor, columns: columns, rows: rows)
    blur(columns: columns, rows: rows)
    blend(
      onto: base, mask, kept, width: width, height: height, factor: factor, columns: columns,
      rows: rows)
  }

  /// The background's sums over squares: three colours, and how much of it there is, each of 0...1 a pixel.
  private mutating func average(
    _ base: UnsafeMutableRawPointer, _ mask: UnsafeBufferPointer<UInt8>, width: Int, height: Int,
    factor: Int, columns: Int, rows: Int
  ) {
    squares.removeAll(keepingCapacity: true)
    squares.append(contentsOf: repeatElement(.zero, count: columns * rows))
    between.removeAll(keepingCapacity: true)
    between.append(contentsOf: repeatElement(.zero, count: columns * rows))
    let scale = 1 / Float(255 * factor * factor)
    squares.withUnsafeMutableBufferPointer { squares in
      for y in 0..<height {
        let into = y / factor * columns
        var x = 0
        for column in 0..<columns {
          var sum = SIMD4<UInt32>.zero
          let end = min(width, x + factor)
          while x < end {
            let index = y * width + x
            if mask[index] <= Self.maxMask {
              var pixel = base.loadUnaligned(fromByteOffset: 4 * index, as: SIMD4<UInt8>.self)
              pixel.w = 255
              sum &+= SIMD4<UInt32>(truncatingIfNeeded: pixel)
            }
            x += 1
          }
          squares[into + column] +=
            scale * SIMD4<Float>(Float(sum.x), Float(sum.y), Float(sum.z), Float(sum.w))
        }
      }
    }
  }

  /// A Gaussian over rows, then columns; then the sums become colours, 0...1.
  private mutating func blur(columns: Int, rows: Int) {
    let total = squares.reduce(SIMD4<Float>.zero, +)
    let mean = total.w > 0 ? total / total.w : SIMD4<Float>(0.5, 0.5, 0.5, 1)
    let taps = (0...Self.reach).map { tap in
      exp(-Float(tap * tap) / (2 * Self.deviation * Self.deviation))
    }
    let all = taps[0] + 2 * taps.dropFirst().reduce(0, +)
    taps.withUnsafeBufferPointer { taps in
      squares.withUnsafeMutableBufferPointer { squares in
        between.withUnsafeMutableBufferPointer { between in
          for y in 0..<rows {
            for x in 0..<columns {
              var sum = squares[y * columns + x] * taps[0]
              for tap in 1...Self.reach {
                if x >= tap { sum += squares[y * columns + x - tap] * taps[tap] }
                if x + tap < columns { sum += squares[y * columns + x + tap] * taps[tap] }
              }
              between[y * columns + x] = sum / all
            }
          }
          for y in 0..<rows {
            for x in 0..<columns {
              var sum = between[y * columns + x] * taps[0]
              for tap in 1...Self.reach {
                if y >= tap { sum += between[(y - tap) * columns + x] * taps[tap] }
                if y + tap < rows { sum += between[(y + tap) * columns + x] * taps[tap] }
              }
              sum = sum / all + Self.meanWeight * mean
              squares[y * columns + x] = sum / sum.w
            }
          }
        }
      }
    }
  }

  /// Brings the colours of the squares back to pixels and blends them over the background.
  private mutating func blend(
    onto base: UnsafeMutableRawPointer, _ mask: UnsafeBufferPointer<UInt8>, _ kept: [UInt16],
    width: Int, height: Int, factor: Int, columns: Int, rows: Int
  ) {
    /// The squares before and after a pixel's middle, and how far it is between them in 1/256.
    func place(_ pixel: Int, of count: Int) -> (before: Int, after: Int, part: Int32) {
      let position = 2 * pixel + 1 + factor
      let after = position / (2 * factor)
      let part = position % (2 * factor) * 256 / (2 * factor)
      return (max(0, after - 1), min(count - 1, after), Int32(part))
    }
    let places = (0..<width).map { place($0, of: columns) }
    let one = Int32(1) << Int32(Self.fractionBits)
    let scale = Float(255 * one)
    row.removeAll(keepingCapacity: true)
    row.append(contentsOf: repeatElement(.zero, count: columns))
    row.withUnsafeMutableBufferPointer { row in
      squares.withUnsafeBufferPointer { squares in
        places.withUnsafeBufferPointer { places in
          kept.withUnsafeBufferPointer { kept in
            for y in 0..<height {
              let (above, below, part) = place(y, of: rows)
              let lower = Float(part) / 256
              for column in 0..<columns {
                let upper = squares[above * columns + column]
                let color = upper + (squares[below * columns + column] - upper) * lower
                row[column] = SIMD4<Int32>(
                  Int32(color.x * scale), Int32(color.y * scale), Int32(color.z * scale),
                  255 * one)
              }
              for x in 0..<width {
                let index = y * width + x
                let weight = Int32(kept[Int(mask[index])])
                if weight == 256 { continue }
                let (before, after, part) = places[x]
                var color = (row[before] &* (256 &- part) &+ row[after] &* part) &>> 8
                if weight > 0 {
                  let old = SIMD4<Int32>(
                    truncatingIfNeeded: base.loadUnaligned(
                      fromByteOffset: 4 * index, as: SIMD4<UInt8>.self))
                  color = (color &* (256 &- weight) &+ old &* (weight &* one)) &>> 8
                }
                let bytes = SIMD4<UInt8>(
                  truncatingIfNeeded: (color &+ one / 2) &>> Int32(Self.fractionBits))
                base.storeBytes(of: bytes, toByteOffset: 4 * index, as: SIMD4<UInt8>.self)
              }
            }
          }
        }
      }
    }
  }
}

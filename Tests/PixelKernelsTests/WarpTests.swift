import Images
import PixelKernels
import TestSupport
import Testing

@Suite("Warp")
struct WarpTests {
  /// Bilinear sampling written for clearness: positions to 1/32 px (ties to even), exact weights, rounded half up.
  private func slowReference(
    _ image: Image, _ map: AffineMap, _ border: WarpBorder, side: Int
  ) -> [Float] {
    func channel(_ x: Int, _ y: Int, _ c: Int) -> Int {
      var (x, y) = (x, y)
      if x < 0 || y < 0 || x >= image.width || y >= image.height {
        if case .black = border { return 0 }
        x = min(max(x, 0), image.width - 1)
        y = min(max(y, 0), image.height - 1)
      }
      return image.withPixels { Int($0[4 * (y * image.width + x) + c]) }
    }
    var out: [Float] = []
    for y in 0..<side {
      for x in 0..<side {
        let (u, v) = map(Double(x), Double(y))
        let (su, sv) = (
          Int((u * 32).rounded(.toNearestOrEven)), Int((v * 32).rounded(.toNearestOrEven))
        )
        let (column, row) = (
          Int((Double(su) / 32).rounded(.down)), Int((Double(sv) / 32).rounded(.down))
        )
        let (a, b) = (su - 32 * column, sv - 32 * row)
        for c in [2, 1, 0] {
          let sum =
            channel(column, row, c) * (32 - a) * (32 - b)
            + channel(column + 1, row, c) * a * (32 - b)
            + channel(column, row + 1, c) * (32 - a) * b + channel(column + 1, row + 1, c) * a * b
          out.append(Float((sum + 512) / 1024))
        }
      }
    }
    return out
  }

  /// The picture sampled, and the same by the portable kernel: both must agree to the last bit.
  private func warped(
    _ image: Image, _ map: AffineMap, _ border: WarpBorder, side: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Float] {
    var fast = [Float](repeating: -1, count: 3 * side * side)
    var portable = fast
    image.withPixels { pixels in
      fast.withUnsafeMutableBufferPointer {
        warp(
          pixels, width: image.width, height: image.height, by: map, border: border,
          values: 0...255, into: $0, targetWidth: side, targetHeight: side)
      }
      portable.withUnsafeMutableBufferPointer {
        warpPortably(
          pixels, width: image.width, height: image.height, by: map, border: border,
          values: 0...255, into: $0, targetWidth: side, targetHeight: side)
      }
    }
    if map.u0.isFinite { #expect(fast == portable, sourceLocation: sourceLocation) }
    return fast
  }

  @Test(
    "equals a slow reference to the last bit, for random squares inside, across and outside the picture"
  )
  func equalsReference() {
    var random = SplitMix(seed: 7)
    for round in 0..<120 {
      let image = Image.pattern(
        width: .random(in: 1...40, using: &random), height: .random(in: 1...40, using: &random),
        seed: UInt64(round))
      func coefficient(_ range: ClosedRange<Double>) -> Double {
        .random(in: range, using: &random)
      }
      let map = AffineMap(
        ux: coefficient(-3...3), uy: coefficient(-3...3), u0: coefficient(-30...50),
        vx: coefficient(-3...3), vy: coefficient(-3...3), v0: coefficient(-30...50))
      for border in [WarpBorder.black, .replicate] {
        #expect(
          warped(image, map, border, side: 17) == slowReference(image, map, border, side: 17))
      }
    }
  }

  @Test("the identity copies the picture")
  func identity() {
    let image = Image.pattern(width: 9, height: 9)
    let out = warped(
      image, AffineMap(ux: 1, uy: 0, u0: 0, vx: 0, vy: 1, v0: 0), .replicate, side: 9)
    let expected = image.withPixels { pixels in
      (0..<81).flatMap { pixel in [2, 1, 0].map { Float(pixels[4 * pixel + $0]) } }
    }
    #expect(out == expected)
  }

  @Test(
    "positions that are huge or no numbers give pixels of the border and no crash",
    arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e18])
  func absurdPositions(value: Double) {
    let image = Image.pattern(width: 5, height: 5)
    let map = AffineMap(ux: value, uy: 1, u0: value, vx: 0, vy: value, v0: value)
    for border in [WarpBorder.black, .replicate] {
      let out = warped(image, map, border, side: 8)
      #expect(out.allSatisfy { (0...255).contains($0) })
    }
  }

  @Test("the inverse of a map leads back")
  func inverse() throws {
    let map = AffineMap(ux: 0.5, uy: -2, u0: 30, vx: 1.5, vy: 0.25, v0: -7)
    let back = try #require(map.inverse)
    let (u, v) = map(12, 34)
    let (x, y) = back(u, v)
    #expect(abs(x - 12) < 1e-9 && abs(y - 34) < 1e-9)
    #expect(AffineMap(ux: 1, uy: 2, u0: 0, vx: 2, vy: 4, v0: 0).inverse == nil)
  }
}

@Suite("Mask warp")
struct MaskWarpTests {
  @Test("a crop of certainty fills its square of the picture and nothing else")
  func square() {
    let side = 16
    let logits = [Float](repeating: 40, count: side * side)
    var target = [UInt8](repeating: 0, count: 40 * 30)
    // Picture pixel (10, 5) is the crop's corner; one picture pixel is two crop pixels.
    let map = AffineMap(ux: 2, uy: 0, u0: -20, vx: 0, vy: 2, v0: -10)
    logits.withUnsafeBufferPointer { logits in
      target.withUnsafeMutableBufferPointer {
        warpMask(logits, side: side, by: map, into: $0, width: 40, height: 30)
      }
    }
    for y in 0..<30 {
      for x in 0..<40 {
        let inside = (10..<18).contains(x) && (5..<13).contains(y)
        #expect(target[y * 40 + x] == (inside ? 255 : 0), "at \(x), \(y)")
      }
    }
  }

  @Test("a map that reaches nothing leaves the mask empty, whatever its numbers")
  func outside() {
    let logits = [Float](repeating: 40, count: 64)
    for offset in [1e6, -1e6, 1e300, .nan] {
      var target = [UInt8](repeating: 0, count: 100)
      logits.withUnsafeBufferPointer { logits in
        target.withUnsafeMutableBufferPointer {
          warpMask(
            logits, side: 8,
            by: AffineMap(ux: 1, uy: 0, u0: offset, vx: 0, vy: 1, v0: offset),
            into: $0, width: 10, height: 10)
        }
      }
      #expect(target.allSatisfy { $0 == 0 })
    }
  }
}

import PixelKernels
import Testing

@Suite("Contrast stretch")
struct ContrastStretchTests {
  private func stretched(
    _ levels: [UInt8], width: Int, height: Int, factor: Int = 1
  ) -> [UInt8]? {
    let pixels: [UInt8] = levels.flatMap { [$0, $0, $0, 255] as [UInt8] }
    return pixels.withUnsafeBufferPointer {
      ContrastStretch.stretched($0, width: width, height: height, factor: factor)
    }
  }

  @Test("the darkest level becomes black, the brightest white, and dark ones are lifted")
  func range() throws {
    let pixels = try #require(stretched([10, 20, 30, 10], width: 2, height: 2))
    #expect(pixels.count == 16)
    #expect(pixels[0] == 0 && pixels[8] == 255 && pixels[12] == 0)
    // Half of the range, to the power of 0.6.
    #expect(pixels[4] == 168)
    #expect(stride(from: 3, to: 16, by: 4).allSatisfy { pixels[$0] == 255 })
  }

  @Test("averages squares, and drops the rows and columns that fill none")
  func reduction() throws {
    let levels: [UInt8] = [
      0, 8, 40, 40, 99,
      8, 16, 40, 40, 99,
      99, 99, 99, 99, 99,
    ]
    let pixels = try #require(stretched(levels, width: 5, height: 3, factor: 2))
    #expect(pixels == [0, 0, 0, 255, 255, 255, 255, 255])
  }

  @Test("a picture with contrast enough, of one level, or smaller than a square stays as it is")
  func needless() {
    #expect(stretched([0, 96], width: 2, height: 1) == nil)
    #expect(stretched([7, 7], width: 2, height: 1) == nil)
    #expect(stretched([7, 9], width: 2, height: 1, factor: 2) == nil)
  }
}

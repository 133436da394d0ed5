import Images
import Testing

@testable import Stance

@Suite("Image pyramid")
struct ImagePyramidTests {
  /// What a view of a picture of single grey values becomes, red alone.
  private func view(
    _ region: RegionOfInterest, side: Int, of size: ImageSize, _ grey: (Int, Int) -> UInt8
  ) -> [Float] {
    let pixels = (0..<size.pixelCount).flatMap { index -> [UInt8] in
      let value = grey(index % size.width, index / size.width)
      return [value, value, value, 255]
    }
    var pyramid = ImagePyramid(Image(size: size, bgrx: pixels), scale: (1, 1))
    var input = [Float](repeating: -1, count: 3 * side * side)
    input.withUnsafeMutableBufferPointer { pyramid.fill($0, side: side, with: region) }
    return stride(from: 0, to: input.count, by: 3).map { input[$0] }
  }

  @Test("a view in many times smaller skips no pixel: a fine pattern becomes grey")
  func averages() {
    let size = ImageSize(width: 256, height: 256)
    let whole = RegionOfInterest(center: Point(x: 128, y: 128), side: 256, rotation: 0)
    let small = view(whole, side: 16, of: size) { x, y in (x + y) % 2 == 0 ? 0 : 254 }
    #expect(small.allSatisfy { abs($0 - 127) <= 2 })
  }

  @Test("a view shows what lies there, and black beyond the picture")
  func place() {
    let size = ImageSize(width: 128, height: 64)
    let left = RegionOfInterest(center: Point(x: 32, y: 64), side: 64, rotation: 0)
    let seen = view(left, side: 8, of: size) { x, _ in x < 32 ? 200 : 100 }
    // The upper half is in the picture.
    #expect(abs(seen[8 + 1] - 200) <= 1 && abs(seen[8 + 6] - 100) <= 1)
    #expect(seen[6 * 8 + 1] == 0 && seen[6 * 8 + 6] == 0)
  }

  @Test("a turned view is turned")
  func turned() {
    let size = ImageSize(width: 64, height: 64)
    let down = RegionOfInterest(center: Point(x: 32, y: 32), side: 64, rotation: .pi)
    let seen = view(down, side: 8, of: size) { _, y in y < 32 ? 200 : 100 }
    #expect(abs(seen[8 + 4] - 100) <= 1 && abs(seen[6 * 8 + 4] - 200) <= 1)
  }
}

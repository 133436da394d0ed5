import Images
import Testing

@testable import Stance

@Suite("Contact sheet")
struct ContactSheetTests {
  private let sheet = ContactSheet(columns: 2, side: 16)
  private let views = [
    RegionOfInterest(center: Point(x: 32, y: 32), side: 64, rotation: 0),
    RegionOfInterest(center: Point(x: 96, y: 32), side: 64, rotation: 0),
    RegionOfInterest(center: Point(x: 32, y: 32), side: 64, rotation: .pi),
  ]

  /// A body of one joint that fills a box, in parts of the input.
  private func body(_ box: PixelBox) -> ScoutedBody {
    ScoutedBody(
      joints: [.init(x: box.x, y: box.y, score: 0.5)], box: box, score: 0.7)
  }

  @Test("views lie side by side, row by row, and what is left over is black")
  func places() {
    let size = ImageSize(width: 128, height: 64)
    let pixels = (0..<size.pixelCount).flatMap { index -> [UInt8] in
      let value: UInt8 = index % size.width < 64 ? 200 : 100
      return [value, value, value, 255]
    }
    var pyramid = ImagePyramid(Image(size: size, bgrx: pixels), scale: (1, 1))
    var input = [Float](repeating: -1, count: 3 * 16 * 16)
    input.withUnsafeMutableBufferPointer { sheet.fill($0, with: views, of: &pyramid) }
    func red(_ x: Int, _ y: Int) -> Float { input[3 * (16 * y + x)] }
    #expect(abs(red(3, 4) - 200) <= 1 && abs(red(12, 4) - 100) <= 1 && abs(red(3, 12) - 200) <= 1)
    #expect(red(12, 12) == 0)
  }

  @Test("a body is of the view that it lies in, in pixels of the picture, turned back")
  func bodies() throws {
    let second = body(PixelBox(x: 0.625, y: 0.125, width: 0.25, height: 0.25))
    #expect(sheet.bodies([second], in: 0, of: views[0]).isEmpty)
    let placed = try #require(sheet.bodies([second], in: 1, of: views[1]).first)
    #expect(placed.score == 0.7 && placed.joints[0].score == 0.5)
    #expect(abs(placed.joints[0].x - 80) < 1e-3 && abs(placed.joints[0].y - 16) < 1e-3)
    #expect(abs(placed.box.x - 80) < 1e-3 && abs(placed.box.width - 32) < 1e-3)
    let third = body(PixelBox(x: 0, y: 0.5, width: 0.25, height: 0.5))
    let turned = try #require(sheet.bodies([third], in: 2, of: views[2]).first)
    #expect(abs(turned.joints[0].x - 64) < 1e-3 && abs(turned.joints[0].y - 64) < 1e-3)
    #expect(abs(turned.box.x - 32) < 1e-3 && abs(turned.box.height - 64) < 1e-3)
  }

  @Test("a body across two views is of neither")
  func across() {
    let across = body(PixelBox(x: 0.25, y: 0.1, width: 0.5, height: 0.2))
    #expect(sheet.bodies([across], in: 0, of: views[0]).isEmpty)
    #expect(sheet.bodies([across], in: 1, of: views[1]).isEmpty)
  }
}

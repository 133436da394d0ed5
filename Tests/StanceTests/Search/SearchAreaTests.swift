import Images
import Testing

@testable import Stance

@Suite("Search area")
struct SearchAreaTests {
  private let size = ImageSize(width: 100, height: 80)

  private func body(_ x: Float, _ y: Float) -> RegionOfInterest {
    RegionOfInterest(center: Point(x: x, y: y), side: 50, rotation: 0)
  }

  @Test("without regions is everywhere, bodies whose hips lie outside the picture included")
  func everywhere() throws {
    let area = try SearchArea([], in: size)
    #expect(area.isEverywhere && area.parts == [PixelBox(x: 0, y: 0, width: 100, height: 80)])
    #expect(area.contains(body(50, 300)))
  }

  @Test("is the regions' part of the picture")
  func clipped() throws {
    let region = PixelBox(x: 60, y: -20, width: 500, height: 60)
    let area = try SearchArea([region], in: size)
    #expect(!area.isEverywhere && area.parts == [PixelBox(x: 60, y: 0, width: 40, height: 40)])
    #expect(area.contains(body(80, 20)) && !area.contains(body(40, 20)))
  }

  @Test("takes hips beyond the picture's edge for hips at that edge")
  func beyondTheEdge() throws {
    let area = try SearchArea([PixelBox(x: 20, y: 40, width: 30, height: 40)], in: size)
    #expect(area.contains(body(35, 130)) && !area.contains(body(70, 130)))
  }

  @Test("a region of less than a pixel is refused")
  func nothing() {
    for region in [
      PixelBox(x: 99.5, y: 0, width: 50, height: 50), PixelBox(x: 0, y: 0, width: 0.5, height: 9),
      PixelBox(x: 200, y: 0, width: 9, height: 9),
    ] {
      #expect(throws: PoseError.self) { try SearchArea([region], in: size) }
    }
  }
}

import Images
import Testing

@testable import Stance

@Suite("Search views")
struct SearchViewsTests {
  @Test("cover every pixel of the picture at every scale, whatever its shape")
  func coverage() {
    for size in [
      ImageSize(width: 640, height: 425), ImageSize(width: 425, height: 640),
      ImageSize(width: 3000, height: 10), ImageSize(width: 1, height: 1),
    ] {
      let area = PixelBox(x: 20, y: 30, width: Float(size.width), height: Float(size.height))
      let views = SearchViews.tiles(of: area, divisors: [1, 1.5, 2, 3])
      for side in Set(views.map(\.side)) {
        for x in stride(from: Float(0), through: Float(size.width), by: Float(size.width) / 16) {
          for y in stride(from: Float(0), through: Float(size.height), by: Float(size.height) / 16)
          {
            let isSeen = views.contains {
              $0.side == side && abs($0.center.x - 20 - x) <= side / 2 + 1e-2
                && abs($0.center.y - 30 - y) <= side / 2 + 1e-2
            }
            #expect(isSeen, "(\(x), \(y)) of \(size) at \(side)")
          }
        }
      }
    }
  }

  @Test("are the whole area and its tiles, turned by each angle")
  func turns() {
    let views = SearchViews.tiles(
      of: PixelBox(x: 0, y: 0, width: 600, height: 600), divisors: [1, 2, 3], rotations: [0, 1])
    #expect(Set(views.map(\.rotation)) == [0, 1])
    #expect(Set(views.map(\.side)) == [600, 300, 200])
    #expect(views.count == 2 * (1 + 9 + 16))
  }

  @Test("an area a hair wider than a tile is one tile")
  func almost() {
    let views = SearchViews.tiles(
      of: PixelBox(x: 0, y: 0, width: 300, height: 200.001), divisors: [1.5])
    #expect(views.allSatisfy { $0.center.x.isFinite && $0.center.y.isFinite })
    #expect(Set(views.map(\.center.y)).count == 1)
  }
}

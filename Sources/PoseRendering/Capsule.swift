/// A short text on a capsule of one colour.
struct Capsule {
  /// What it covers, its edge included.
  let place: Rectangle
  private let text: String
  private let extent: Rectangle
  private let fontSize: Double
  private let color: Color

  /// A capsule in the first of the places that is free, or in the first of all, moved as little as it takes to lie inside the picture.
  ///
  /// - Parameters:
  ///   - places: of a capsule of that width and height.
  ///   - taken: what must not be covered, if it can be helped.
  init?(
    _ text: String, fontSize: Double, color: Color, inside picture: Rectangle,
    sparing taken: [Rectangle], on canvas: borrowing Canvas,
    places: (_ width: Double, _ height: Double) -> [Rectangle]
  ) {
    canvas.setFont(size: fontSize)
    extent = canvas.extent(of: text)
    let height = 1.5 * fontSize
    let width = max(height, extent.maxX - extent.minX + 0.8 * fontSize)
    let places = places(width, height).map { $0.moved(inside: picture) }
    let free = places.first { place in !taken.contains { $0.overlaps(place) } }
    guard let place = free ?? places.first else { return nil }
    self.place = place
    (self.text, self.fontSize, self.color) = (text, fontSize, color)
  }

  func draw(on canvas: borrowing Canvas) {
    let edge = max(1, fontSize * 0.1)
    let thickness = place.maxY - place.minY
    let middle = (place.minY + place.maxY) / 2
    let line = Segment(
      start: Point(x: place.minX + thickness / 2, y: middle),
      end: Point(x: place.maxX - thickness / 2, y: middle))
    canvas.stroke([line], width: thickness, color: Color(red: 0, green: 0, blue: 0, alpha: 150))
    canvas.stroke([line], width: thickness - 2 * edge, color: color)
    canvas.setFont(size: fontSize)
    canvas.write(
      text,
      at: Point(
        x: (place.minX + place.maxX - extent.minX - extent.maxX) / 2,
        y: middle - (extent.minY + extent.maxY) / 2),
      color: color.contrast, halo: color, haloWidth: 0)
  }
}

extension Rectangle {
  /// The rectangle of that size round a point.
  init(around center: Point, width: Double, height: Double) {
    self.init(
      minX: center.x - width / 2, minY: center.y - height / 2, maxX: center.x + width / 2,
      maxY: center.y + height / 2)
  }

  /// The same rectangle, moved as little as it takes to lie inside another.
  func moved(inside outer: Rectangle) -> Rectangle {
    moved(
      to: Point(
        x: max(outer.minX - minX, min(0, outer.maxX - maxX)),
        y: max(outer.minY - minY, min(0, outer.maxY - maxY))))
  }
}

extension Color {
  /// Black or white, whichever is easier to read on this colour: by relative luminance
  /// (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance), approximated with a gamma of 2.
  fileprivate var contrast: Color {
    func linear(_ part: UInt8) -> Double { Double(part) * Double(part) / (255 * 255) }
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    // Where both have a contrast of (1.05 / 0.05)^0.5.
    return luminance > 0.179 ? .black : .white
  }
}

import Images
import Stance

/// A person's id on a capsule of the person's colour, above the head.
struct IDLabel {
  /// What the capsule covers, its edge included.
  let place: Rectangle
  private let text: String
  private let extent: Rectangle
  private let fontSize: Double
  private let color: Color

  /// Labels of all who have an id, each inside the picture and, if there is room beside the head, none over another.
  static func place(
    for people: [Person], in size: ImageSize, style: DrawingStyle, on canvas: borrowing Canvas
  ) -> [IDLabel] {
    let picture = Rectangle(
      minX: 0, minY: 0, maxX: Double(size.width), maxY: Double(size.height))
    var labels: [IDLabel] = []
    for person in people {
      guard let id = person.id, let head = Head(of: person, in: size) else { continue }
      let fontSize = StrokeSizes(for: person, in: size, style: style).fontSize
      canvas.setFont(size: fontSize)
      let extent = canvas.extent(of: "\(id)")
      let height = 1.5 * fontSize
      let width = max(height, extent.maxX - extent.minX + 0.8 * fontSize)
      let places = head.places(width: width, height: height).map { $0.moved(inside: picture) }
      let free = places.first { place in !labels.contains { $0.place.overlaps(place) } }
      guard let place = free ?? places.first else { continue }
      labels.append(
        IDLabel(
          place: place, text: "\(id)", extent: extent, fontSize: fontSize,
          color: PersonColors(id: id).bone))
    }
    return labels
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

/// Where a head is in the picture, roughly.
private struct Head {
  let center: Point
  let radius: Double

  /// Nil without a point of the face.
  init?(of person: Person, in size: ImageSize) {
    let landmarks = person.landmarks.pixels(in: size)
    let face = LandmarkName.allCases.filter { $0.part == .face }.map { landmarks[$0] }
      .filter { $0.x.isFinite && $0.y.isFinite }
    guard !face.isEmpty else { return nil }
    let count = Double(face.count)
    center = Point(
      x: face.reduce(0) { $0 + Double($1.x) } / count,
      y: face.reduce(0) { $0 + Double($1.y) } / count)
    // From the middle of the face to the crown.
    radius = 0.17 * (StrokeSizes.pixelsPerMetre(of: person, in: size) ?? 0)
  }

  /// Above, to the right, to the left and below: the first that hides no other label is taken.
  func places(width: Double, height: Double) -> [Rectangle] {
    func rectangle(_ x: Double, _ y: Double) -> Rectangle {
      Rectangle(
        minX: x - width / 2, minY: y - height / 2, maxX: x + width / 2, maxY: y + height / 2)
    }
    let (aside, above) = (radius + width / 2, radius + height / 2)
    return [
      rectangle(center.x, center.y - above), rectangle(center.x + aside, center.y),
      rectangle(center.x - aside, center.y), rectangle(center.x, center.y + above),
    ]
  }
}

extension Rectangle {
  /// The same rectangle, moved as little as it takes to lie inside another.
  fileprivate func moved(inside outer: Rectangle) -> Rectangle {
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

import Glibc
import Images
import PoseMotion
import Stance

/// An angle as it lies in the picture: both rays, the arc between them, and the degrees, where there is room for them.
struct AngleMark {
  private static let color = Color(red: 255, green: 225, blue: 60)
  private static let halo = Color(red: 0, green: 0, blue: 0, alpha: 200)

  private let arc: [Segment]
  private let width: Double
  private let text: String
  private let fontSize: Double
  /// Where the degrees' base line starts, and how far they go; nil without room.
  private var writing: (origin: Point, extent: Rectangle)?

  /// What the degrees cover; nil without room.
  var place: Rectangle? {
    writing.map { $0.extent.moved(to: $0.origin).grown(by: fontSize * 0.2) }
  }

  /// The marks of everybody. What has no number in the picture has none.
  ///
  /// - Parameter taken: where something else will be written.
  static func place(
    for people: [Person], _ options: MotionOptions, in size: ImageSize, style: DrawingStyle,
    sparing taken: [Rectangle], on canvas: borrowing Canvas
  ) -> [AngleMark] {
    var marks: [AngleMark] = []
    var taken = taken
    for person in people {
      let sizes = StrokeSizes(for: person, in: size, style: style)
      for angle in options.angles {
        guard let arc = angle.arc(of: person, in: size, convention: options.convention) else {
          continue
        }
        let mark = AngleMark(arc, sizes, inside: Rectangle(size), sparing: taken, on: canvas)
        marks.append(mark)
        if let place = mark.place { taken.append(place) }
      }
    }
    return marks
  }

  private init(
    _ angle: AngleArc, _ sizes: StrokeSizes, inside picture: Rectangle,
    sparing taken: [Rectangle], on canvas: borrowing Canvas
  ) {
    fontSize = 1.15 * sizes.fontSize
    width = max(1, 0.6 * sizes.thickness)
    text = "\(Int(angle.degrees.rounded()))"
    let vertex = Point(x: angle.vertex.x, y: angle.vertex.y)
    let radius = min(0.6 * angle.reach, 2 * fontSize)
    func point(_ direction: Double, _ distance: Double) -> Point {
      Point(x: vertex.x + distance * cos(direction), y: vertex.y + distance * sin(direction))
    }
    let start = atan2(angle.first.y, angle.first.x)
    let turn = atan2(
      angle.first.x * angle.second.y - angle.first.y * angle.second.x,
      angle.first.x * angle.second.x + angle.first.y * angle.second.y)
    let steps = max(1, Int((abs(turn) / (.pi / 30)).rounded(.up)))
    let line = (0...steps).map { point(start + turn * Double($0) / Double(steps), radius) }
    let rays = [start, start + turn].map {
      Segment(start: vertex, end: point($0, 1.3 * radius))
    }
    arc = rays + zip(line, line.dropFirst()).map { Segment(start: $0, end: $1) }

    canvas.setFont(size: fontSize)
    var extent = canvas.extent(of: text)
    // Of the ring that stands for the sign of degrees, which the font does not have.
    extent.maxX += Self.ring * 3 * fontSize
    let half = max(extent.maxX - extent.minX, extent.maxY - extent.minY) / 2
    let middle = start + turn / 2
    // Inside the opening, beyond the arc first; then beside it.
    let centers = [middle, middle + .pi, middle + .pi / 2, middle - .pi / 2].map {
      point($0, 1.4 * radius + half)
    }
    let origins = centers.map {
      Point(x: $0.x - (extent.minX + extent.maxX) / 2, y: $0.y - (extent.minY + extent.maxY) / 2)
    }
    let free = origins.first { origin in
      let place = extent.moved(to: origin).grown(by: fontSize * 0.2)
      return picture.contains(place) && !taken.contains { $0.overlaps(place) }
    }
    writing = free.map { ($0, extent) }
  }

  func draw(on canvas: borrowing Canvas) {
    canvas.stroke(
      arc, width: width + 2 * StrokeSizes.outline(of: width), color: Self.halo)
    canvas.stroke(arc, width: width, color: Self.color)
    guard let writing else { return }
    let haloWidth = max(1, Int((fontSize * 0.12).rounded()))
    canvas.setFont(size: fontSize)
    canvas.write(
      text, at: writing.origin, color: Self.color, halo: .black, haloWidth: haloWidth)
    let radius = Self.ring * fontSize
    let center = Point(
      x: writing.origin.x.rounded() + writing.extent.maxX - radius,
      y: writing.origin.y.rounded() + writing.extent.minY + radius)
    let line = max(1, fontSize * 0.1)
    canvas.fillRing(
      at: center, from: max(0, radius - line - Double(haloWidth)),
      to: radius + Double(haloWidth), color: .black)
    canvas.fillRing(at: center, from: radius - line, to: radius, color: Self.color)
  }

  /// Radius of the ring, in parts of the letters' height.
  private static let ring = 0.2
}

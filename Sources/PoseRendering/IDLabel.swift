import Images
import Stance

/// A person's id on a capsule of the person's colour, above the head.
enum IDLabel {
  /// Labels of all who have an id, each inside the picture and, if there is room beside the head, none over another.
  static func place(
    for people: [Person], in size: ImageSize, style: DrawingStyle, on canvas: borrowing Canvas
  ) -> [Capsule] {
    var labels: [Capsule] = []
    for person in people {
      guard let id = person.id, let head = Head(of: person, in: size) else { continue }
      let label = Capsule(
        "\(id)", fontSize: StrokeSizes(for: person, in: size, style: style).fontSize,
        color: PersonColors(id: id).bone, inside: Rectangle(size), sparing: labels.map(\.place),
        on: canvas, places: head.places)
      if let label { labels.append(label) }
    }
    return labels
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
    let (aside, above) = (radius + width / 2, radius + height / 2)
    return [(0, -above), (aside, 0), (-aside, 0), (0, above)].map { x, y in
      Rectangle(
        around: Point(x: center.x + x, y: center.y + y), width: width, height: height)
    }
  }
}

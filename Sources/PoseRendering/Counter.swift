import Images
import PoseMotion
import Stance

/// How many repetitions somebody has done, in large digits beside the body, on a capsule of the person's colour.
enum Counter {
  /// So many times as high as the labels' letters.
  private static let letters = 3.0

  /// Counters of all who are counted, each inside the picture and, if there is room beside the body, over nothing else.
  ///
  /// - Parameters:
  ///   - motion: of the same people, in the same order.
  ///   - taken: where something else will be written.
  static func place(
    for people: [Person], _ motion: MotionFrame, in size: ImageSize, style: DrawingStyle,
    sparing taken: [Rectangle], on canvas: borrowing Canvas
  ) -> [Capsule] {
    var counters: [Capsule] = []
    for (person, motion) in zip(people, motion.people) {
      guard let count = motion.repetitions?.count, let body = Body(of: person, in: size) else {
        continue
      }
      let sizes = StrokeSizes(for: person, in: size, style: style)
      let counter = Capsule(
        "\(count)", fontSize: letters * sizes.fontSize, color: PersonColors(id: person.id).bone,
        inside: Rectangle(size), sparing: taken + counters.map(\.place), on: canvas
      ) { width, height in
        body.places(width: width, height: height, gap: sizes.fontSize, inside: Rectangle(size))
      }
      if let counter { counters.append(counter) }
    }
    return counters
  }
}

/// What a body covers in the picture.
private struct Body {
  let extent: Rectangle

  /// Nil without a point that is a number.
  init?(of person: Person, in size: ImageSize) {
    let points = person.landmarks.pixels(in: size).filter { $0.x.isFinite && $0.y.isFinite }
    guard let minX = points.map(\.x).min(), let maxX = points.map(\.x).max(),
      let minY = points.map(\.y).min(), let maxY = points.map(\.y).max()
    else { return nil }
    extent = Rectangle(
      minX: Double(minX), minY: Double(minY), maxX: Double(maxX), maxY: Double(maxY))
  }

  /// To the right and to the left at the height of the chest, those with room in the picture first.
  func places(
    width: Double, height: Double, gap: Double, inside picture: Rectangle
  ) -> [Rectangle] {
    let chest = extent.minY + (extent.maxY - extent.minY) / 3
    let places = [extent.maxX + gap + width / 2, extent.minX - gap - width / 2].map {
      Rectangle(around: Point(x: $0, y: chest), width: width, height: height)
    }
    return places.filter { picture.contains($0) } + places.filter { !picture.contains($0) }
  }
}

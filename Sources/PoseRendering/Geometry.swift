import Images

/// A point of the picture in pixels: origin at its top left corner, x right, y down.
struct Point: Hashable {
  var x: Double
  var y: Double

  func distance(to other: Point) -> Double {
    ((other.x - x) * (other.x - x) + (other.y - y) * (other.y - y)).squareRoot()
  }
}

/// An upright rectangle of the picture in pixels.
struct Rectangle: Hashable {
  var minX: Double
  var minY: Double
  var maxX: Double
  var maxY: Double

  /// All of a picture.
  init(_ size: ImageSize) {
    self.init(minX: 0, minY: 0, maxX: Double(size.width), maxY: Double(size.height))
  }

  init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
    (self.minX, self.minY, self.maxX, self.maxY) = (minX, minY, maxX, maxY)
  }

  func grown(by margin: Double) -> Rectangle {
    Rectangle(
      minX: minX - margin, minY: minY - margin, maxX: maxX + margin, maxY: maxY + margin)
  }

  func moved(to origin: Point) -> Rectangle {
    Rectangle(
      minX: minX + origin.x, minY: minY + origin.y, maxX: maxX + origin.x, maxY: maxY + origin.y)
  }

  func contains(_ point: Point) -> Bool {
    point.x >= minX && point.x <= maxX && point.y >= minY && point.y <= maxY
  }

  func contains(_ other: Rectangle) -> Bool {
    other.minX >= minX && other.maxX <= maxX && other.minY >= minY && other.maxY <= maxY
  }

  func nearest(to point: Point) -> Point {
    Point(x: min(max(point.x, minX), maxX), y: min(max(point.y, minY), maxY))
  }

  func overlaps(_ other: Rectangle) -> Bool {
    minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY
  }
}

/// A straight line between two points of the picture.
struct Segment: Hashable {
  var start: Point
  var end: Point

  /// The same line without its first and last pixels; nil when nothing is left.
  func trimmed(atStart startTrim: Double, atEnd endTrim: Double) -> Segment? {
    let length = start.distance(to: end)
    guard length > startTrim + endTrim else { return nil }
    return Segment(start: point(at: startTrim / length), end: point(at: 1 - endTrim / length))
  }

  /// The part inside a rectangle, after Liang and Barsky (1984); nil when there is none.
  func clipped(to box: Rectangle) -> Segment? {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    var entry = 0.0
    var exit = 1.0
    let edges = [
      (-dx, start.x - box.minX), (dx, box.maxX - start.x),
      (-dy, start.y - box.minY), (dy, box.maxY - start.y),
    ]
    for (direction, distance) in edges {
      if direction == 0 {
        if distance < 0 { return nil }
      } else if direction < 0 {
        entry = max(entry, distance / direction)
      } else {
        exit = min(exit, distance / direction)
      }
    }
    guard entry <= exit else { return nil }
    // Where an end lies absurdly far away, rounding alone would leave the box.
    return Segment(
      start: box.nearest(to: entry == 0 ? start : point(at: entry)),
      end: box.nearest(to: exit == 1 ? end : point(at: exit)))
  }

  private func point(at part: Double) -> Point {
    Point(x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part)
  }
}

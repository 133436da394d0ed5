import Testing

@testable import PoseRendering

@Suite("Lines cut to a rectangle")
struct SegmentTests {
  let box = Rectangle(minX: -10, minY: -10, maxX: 170, maxY: 130)

  @Test("a line inside stays as it is, one outside is gone")
  func insideAndOutside() {
    let inside = Segment(start: Point(x: 1, y: 2), end: Point(x: 100, y: 50))
    #expect(inside.clipped(to: box) == inside)
    let outside = Segment(start: Point(x: 171, y: -50), end: Point(x: 400, y: 200))
    #expect(outside.clipped(to: box) == nil)
    let passing = Segment(start: Point(x: -100, y: 60), end: Point(x: 60, y: 300))
    #expect(passing.clipped(to: box) == nil, "it passes the corner")
  }

  @Test("a line that crosses is cut at the edges it crosses")
  func crossing() throws {
    let line = Segment(start: Point(x: -110, y: 60), end: Point(x: 90, y: 160))
    let cut = try #require(line.clipped(to: box))
    // Through (-10, 110) and (30, 130).
    #expect(cut.start.distance(to: Point(x: -10, y: 110)) < 1e-9)
    #expect(cut.end.distance(to: Point(x: 30, y: 130)) < 1e-9)
  }

  @Test("whatever is left lies in the rectangle, however far away the ends")
  func neverOutside() {
    var generator = SplitMix64(state: 7)
    func coordinate() -> Double {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      return value.isFinite ? Double(value) : Double(generator.next() % 160)
    }
    var left = 0
    for _ in 0..<20_000 {
      let line = Segment(
        start: Point(x: coordinate(), y: coordinate()), end: Point(x: coordinate(), y: coordinate())
      )
      guard let cut = line.clipped(to: box) else { continue }
      left += 1
      #expect(box.contains(cut.start) && box.contains(cut.end), "\(line) became \(cut)")
    }
    #expect(left > 1000)
  }

  @Test("a trimmed line is shorter at either end, and gone when nothing would be left")
  func trimmed() {
    let line = Segment(start: Point(x: 0, y: 0), end: Point(x: 0, y: 10))
    #expect(
      line.trimmed(atStart: 2, atEnd: 5)
        == Segment(start: Point(x: 0, y: 2), end: Point(x: 0, y: 5)))
    #expect(line.trimmed(atStart: 5, atEnd: 5) == nil)
  }
}

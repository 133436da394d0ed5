public import PoseMotion

/// Curves of angles over time as a drawing, in SVG or PNG: a panel for each person, a line for each angle.
///
///     let plot = CurvePlot(title: "squats", record.summaries)
///     let (text, bytes) = (plot.svg, try plot.png())
///
/// Whole lines are by the landmarks in metres, dashed ones by the picture; repetitions are shaded, with a line at the turn.
/// Gaps stay gaps.
public struct CurvePlot: Sendable {
  private static let width = 960.0
  private static let height = 300.0
  private static let margin = (left: 56.0, right: 150.0, top: 16.0, bottom: 36.0)
  private static let titleHeight = 44.0
  /// Told apart without red or green cones too (Okabe and Ito, "Color Universal Design", 2008).
  private static let colors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999",
  ]

  /// A PNG shows so many panels at most; an SVG all.
  public static let mostPanels = 20

  /// What is drawn, in the order in which it is.
  let shapes: [PlotShape]
  /// In units that are pixels of a plain screen.
  let size: (width: Double, height: Double)
  /// Where a PNG ends.
  let heightOfMost: Double

  /// A drawing of these people's curves.
  public init(title: String, _ people: [MotionRecord.Summary]) {
    func height(_ panels: Int) -> Double {
      Self.titleHeight + Self.height * Double(max(1, panels))
    }
    size = (Self.width, height(people.count))
    heightOfMost = height(min(people.count, Self.mostPanels))
    let times = people.flatMap(\.angles).flatMap { [$0.world.times.first, $0.world.times.last] }
      .compactMap(\.self)
    let first = times.min() ?? 0
    let span = first...max(times.max() ?? 1, first + 1e-3)
    var shapes = [PlotShape.text(title, x: Self.margin.left, y: 24, size: 16)]
    for (place, person) in people.enumerated() {
      let top = Self.titleHeight + Self.height * Double(place)
      shapes += Self.panel(of: person, Axes(person, span, top: top))
    }
    self.shapes = shapes
  }

  /// Where numbers lie in the drawing.
  private struct Axes {
    let times: ClosedRange<Double>
    let degrees: ClosedRange<Double>
    let top: Double
    let width = CurvePlot.width - margin.left - margin.right
    let height = CurvePlot.height - margin.top - margin.bottom

    init(_ person: MotionRecord.Summary, _ times: ClosedRange<Double>, top: Double) {
      self.times = times
      self.top = top + margin.top
      let ranges = person.angles.flatMap { [$0.world.range, $0.plane.range] }.compactMap(\.self)
      let low = 10 * ((ranges.map(\.lowerBound).min() ?? 0) / 10).rounded(.down)
      let high = 10 * ((ranges.map(\.upperBound).max() ?? 0) / 10).rounded(.up)
      degrees = low...max(low + 10, high)
    }

    func x(_ time: Double) -> Double {
      margin.left + width * (time - times.lowerBound) / (times.upperBound - times.lowerBound)
    }

    func y(_ value: Double) -> Double {
      top + height * (degrees.upperBound - value) / (degrees.upperBound - degrees.lowerBound)
    }

    var right: Double { margin.left + width }
    var bottom: Double { top + height }
  }

  private static func panel(of person: MotionRecord.Summary, _ axes: Axes) -> [PlotShape] {
    var shapes: [PlotShape] = []
    for repetition in person.repetitions {
      guard let end = repetition.end else { continue }
      let (left, right) = (axes.x(repetition.start), axes.x(end))
      shapes.append(
        .rectangle(
          x: left, y: axes.top, width: right - left, height: axes.height, color: "#f2f2f2"))
      let turn = axes.x(repetition.turn)
      shapes.append(.lines([[(turn, axes.top), (turn, axes.bottom)]], color: "#bbbbbb", width: 1))
    }
    let counted = person.exercise.map { ", \($0.name): \(person.repetitions.count)" } ?? ""
    shapes.append(
      .text("person \(person.id)\(counted), degrees", x: margin.left, y: axes.top - 6))
    for step in steps(axes.degrees) {
      let y = axes.y(step)
      shapes.append(.lines([[(margin.left, y), (axes.right, y)]], color: "#dddddd", width: 1))
      shapes.append(.text(hundredths(step), x: margin.left - 6, y: y + 4, anchor: .end))
    }
    for step in steps(axes.times) {
      shapes.append(
        .text(hundredths(step) + " s", x: axes.x(step), y: axes.bottom + 16, anchor: .middle))
    }
    for (place, curves) in person.angles.enumerated() {
      let color = colors[place % colors.count]
      shapes.append(.lines(pieces(curves.world, axes), color: color, width: 1.5))
      shapes.append(.lines(pieces(curves.plane, axes), color: color, width: 1.5, isDashed: true))
      shapes.append(
        .text(
          curves.angle.name, x: axes.right + 12, y: axes.top + 12 + 16 * Double(place),
          color: color))
    }
    return shapes
  }

  /// A line for each piece between gaps.
  private static func pieces(_ curve: MotionCurve, _ axes: Axes) -> [[(x: Double, y: Double)]] {
    var pieces: [[(x: Double, y: Double)]] = []
    var isDrawing = false
    for (time, value) in zip(curve.times, curve.values) {
      if !value.isNaN {
        if !isDrawing { pieces.append([]) }
        pieces[pieces.count - 1].append((axes.x(time), axes.y(value)))
      }
      isDrawing = !value.isNaN
    }
    return pieces
  }

  /// At most eleven round numbers in a range.
  private static func steps(_ range: ClosedRange<Double>) -> [Double] {
    let rough = (range.upperBound - range.lowerBound) / 10
    var unit = 0.001
    while unit < rough { unit *= 10 }
    let step = [unit / 5, unit / 2].first { $0 >= rough } ?? unit
    let first = (range.lowerBound / step).rounded(.up)
    return (0...10).map { (first + Double($0)) * step }.filter { $0 <= range.upperBound }
  }
}

public import PoseMotion

/// Curves of angles over time as a drawing in SVG: a panel for each person, a line for each angle.
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

  /// The drawing.
  public let svg: String

  /// A drawing of these people's curves.
  public init(title: String, _ people: [MotionRecord.Summary]) {
    let height = Self.titleHeight + Self.height * Double(max(1, people.count))
    let times = people.flatMap(\.angles).flatMap { [$0.world.times.first, $0.world.times.last] }
      .compactMap(\.self)
    let first = times.min() ?? 0
    let span = first...max(times.max() ?? 1, first + 1e-3)
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(text(Self.width)) \(text(height))\" "
      + "font-family=\"sans-serif\" font-size=\"12\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      + "<text x=\"\(text(Self.margin.left))\" y=\"24\" font-size=\"16\">\(escaped(title))</text>\n"
    for (place, person) in people.enumerated() {
      let top = Self.titleHeight + Self.height * Double(place)
      svg += Self.panel(of: person, Axes(person, span, top: top))
    }
    self.svg = svg + "</svg>\n"
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

  private static func panel(of person: MotionRecord.Summary, _ axes: Axes) -> String {
    var svg = "<g>\n"
    for repetition in person.repetitions {
      guard let end = repetition.end else { continue }
      let (left, right) = (axes.x(repetition.start), axes.x(end))
      svg +=
        "<rect x=\"\(text(left))\" y=\"\(text(axes.top))\" width=\"\(text(right - left))\" "
        + "height=\"\(text(axes.height))\" fill=\"#f2f2f2\"/>\n"
        + line((axes.x(repetition.turn), axes.top), (axes.x(repetition.turn), axes.bottom), "#bbb")
    }
    let counted = person.exercise.map { ", \($0.name): \(person.repetitions.count)" } ?? ""
    svg += label("person \(person.id)\(counted), degrees", margin.left, axes.top - 6)
    for step in steps(axes.degrees) {
      svg += line((margin.left, axes.y(step)), (axes.right, axes.y(step)), "#ddd")
      svg += label(text(step), margin.left - 6, axes.y(step) + 4, anchor: "end")
    }
    for step in steps(axes.times) {
      svg += label(text(step) + " s", axes.x(step), axes.bottom + 16, anchor: "middle")
    }
    for (place, curves) in person.angles.enumerated() {
      let color = colors[place % colors.count]
      svg += path(curves.world, axes, "stroke=\"\(color)\"")
      svg += path(curves.plane, axes, "stroke=\"\(color)\" stroke-dasharray=\"5 4\"")
      svg += label(
        curves.angle.name, axes.right + 12, axes.top + 12 + 16 * Double(place), color: color)
    }
    return svg + "</g>\n"
  }

  /// A line for each piece between gaps.
  private static func path(_ curve: MotionCurve, _ axes: Axes, _ style: String) -> String {
    var path = ""
    var isDrawing = false
    for (time, value) in zip(curve.times, curve.values) {
      if !value.isNaN {
        path += "\(isDrawing ? "L" : "M")\(text(axes.x(time))) \(text(axes.y(value)))"
      }
      isDrawing = !value.isNaN
    }
    return path.isEmpty
      ? "" : "<path d=\"\(path)\" fill=\"none\" stroke-width=\"1.5\" \(style)/>\n"
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

  private static func line(
    _ from: (Double, Double), _ to: (Double, Double), _ color: String
  ) -> String {
    "<line x1=\"\(text(from.0))\" y1=\"\(text(from.1))\" x2=\"\(text(to.0))\" y2=\"\(text(to.1))\" "
      + "stroke=\"\(color)\"/>\n"
  }

  private static func label(
    _ words: String, _ x: Double, _ y: Double, anchor: String = "start", color: String = "#000"
  ) -> String {
    "<text x=\"\(text(x))\" y=\"\(text(y))\" text-anchor=\"\(anchor)\" fill=\"\(color)\">"
      + "\(escaped(words))</text>\n"
  }
}

/// To hundredths.
private func text(_ number: Double) -> String {
  let rounded = (number * 100).rounded() / 100
  return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}

private func escaped(_ text: String) -> String {
  text.unicodeScalars.reduce(into: "") { result, scalar in
    switch scalar {
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    // XML holds no control characters.
    default: result.unicodeScalars.append(scalar.value < 32 ? " " : scalar)
    }
  }
}

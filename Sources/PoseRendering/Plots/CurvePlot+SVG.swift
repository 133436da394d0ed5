extension CurvePlot {
  /// The drawing as SVG, whose letters are the reader's own.
  public var svg: String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(hundredths(size.width)) \(hundredths(size.height))\" "
      + "font-family=\"sans-serif\" font-size=\"12\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      + shapes.map(Self.svg).joined() + "</svg>\n"
  }

  private static func svg(_ shape: PlotShape) -> String {
    switch shape {
    case .rectangle(let x, let y, let width, let height, let color):
      return "<rect x=\"\(hundredths(x))\" y=\"\(hundredths(y))\" width=\"\(hundredths(width))\" "
        + "height=\"\(hundredths(height))\" fill=\"\(color)\"/>\n"
    case .lines(let pieces, let color, let width, let isDashed):
      let path = pieces.map { piece in
        piece.enumerated().map { place, point in
          "\(place == 0 ? "M" : "L")\(hundredths(point.x)) \(hundredths(point.y))"
        }.joined()
      }.joined()
      let (stroke, gap) = PlotShape.dashes
      let dashes =
        isDashed ? " stroke-dasharray=\"\(hundredths(stroke)) \(hundredths(gap))\"" : ""
      return path.isEmpty
        ? ""
        : "<path d=\"\(path)\" fill=\"none\" stroke-width=\"\(hundredths(width))\" "
          + "stroke=\"\(color)\"\(dashes)/>\n"
    case .text(let words, let x, let y, let size, let anchor, let color):
      return
        "<text x=\"\(hundredths(x))\" y=\"\(hundredths(y))\" font-size=\"\(hundredths(size))\" "
        + "text-anchor=\"\(anchor.rawValue)\" fill=\"\(color)\">\(escaped(words))</text>\n"
    }
  }

  private static func escaped(_ text: String) -> String {
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
}

import Images

extension CurvePlot {
  /// Pixels a unit: letters stay sharp on today's screens and in print.
  private static let scale = 2.0
  /// Beside Cairo's built-in font the usual ones are small.
  private static let fontScale = 0.9

  /// The drawing as PNG, 1920 pixels wide and 600 for each person high, of the first ``mostPanels`` people. Its font has the
  /// letters of ASCII.
  ///
  /// - Throws: `RenderingError` when Cairo refuses, `ImageError` when the picture can't be encoded.
  public func png() throws -> [UInt8] {
    let (width, height) = (Int(size.width * Self.scale), Int(heightOfMost * Self.scale))
    var pixels = [UInt8](
      repeating: 255, count: Image.bytesPerPixel * width * height)
    let imageSize = ImageSize(width: width, height: height)
    try pixels.withUnsafeMutableBufferPointer { pixels in
      try Canvas.cover(pixels, of: imageSize) { canvas in
        for shape in shapes { Self.draw(shape, on: canvas) }
      }
    }
    return try ImageEncoder.encode(Image(size: imageSize, bgrx: pixels), as: .png)
  }

  private static func draw(_ shape: PlotShape, on canvas: borrowing Canvas) {
    switch shape {
    case .rectangle(let x, let y, let width, let height, let color):
      canvas.fill(
        Rectangle(
          minX: x * scale, minY: y * scale, maxX: (x + width) * scale, maxY: (y + height) * scale),
        color: Color(color) ?? .black)
    case .lines(let pieces, let color, let width, let isDashed):
      canvas.strokeLines(
        pieces.map { $0.map { Point(x: $0.x * scale, y: $0.y * scale) } }, width: width * scale,
        color: Color(color) ?? .black,
        dashes: isDashed ? [PlotShape.dashes.stroke * scale, PlotShape.dashes.gap * scale] : [])
    case .text(let words, let x, let y, let size, let anchor, let color):
      canvas.setFont(size: size * scale * fontScale)
      let extent = canvas.extent(of: words)
      let shift =
        switch anchor {
        case .start: 0.0
        case .middle: (extent.minX + extent.maxX) / 2
        case .end: extent.maxX
        }
      canvas.write(
        words, at: Point(x: x * scale - shift, y: y * scale), color: Color(color) ?? .black,
        halo: .white, haloWidth: 0)
    }
  }
}

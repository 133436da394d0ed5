package import Images

/// Notices that the camera was changed: nothing in the picture is where it was.
package struct SceneCut: Sendable {
  /// The picture is compared by so many cells.
  private static let (columns, rows) = (32, 18)
  /// A cut changes the brightness of cells by at least so much on average, of 255.
  static let minChange: Float = 28
  /// And by so many times as much as the frames before.
  static let minRatio: Float = 4
  /// How much the newest change counts in the usual one.
  private static let newest: Float = 0.2

  private var last: [Float] = []
  private var usual: Float = 0

  /// One that has seen no picture yet.
  package init() {}

  /// Whether a picture shows another scene than the last one.
  package mutating func isCut(_ image: Image) -> Bool {
    let cells = Self.brightness(image)
    defer { last = cells }
    guard !last.isEmpty else { return false }
    let change =
      zip(cells, last).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(Self.columns * Self.rows)
    let isCut = change > Self.minChange && change > Self.minRatio * usual
    usual = isCut ? 0 : usual + Self.newest * (change - usual)
    return isCut
  }

  /// The green of a few pixels in each cell, averaged.
  private static func brightness(_ image: Image) -> [Float] {
    let samples = 4
    return image.withPixels { pixels in
      (0..<rows * columns).map { cell in
        var sum: Float = 0
        for sample in 0..<samples * samples {
          let column = (cell % columns) * samples + sample % samples
          let row = (cell / columns) * samples + sample / samples
          let x = (2 * column + 1) * image.width / (2 * samples * columns)
          let y = (2 * row + 1) * image.height / (2 * samples * rows)
          sum += Float(pixels[Image.bytesPerPixel * (y * image.width + x) + 1])
        }
        return sum / Float(samples * samples)
      }
    }
  }
}

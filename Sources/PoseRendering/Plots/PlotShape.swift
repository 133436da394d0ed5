/// A part of a plot, in units that are pixels of a plain screen; colours are written "#rrggbb".
enum PlotShape {
  /// Which part of a text lies at its place.
  enum Anchor: String { case start, middle, end }

  case rectangle(x: Double, y: Double, width: Double, height: Double, color: String)
  case lines([[(x: Double, y: Double)]], color: String, width: Double, isDashed: Bool = false)
  /// `y` is the base line's.
  case text(
    String, x: Double, y: Double, size: Double = 12, anchor: Anchor = .start,
    color: String = "#000000")

  /// Lengths of strokes and of the gaps between them.
  static let dashes = (stroke: 5.0, gap: 4.0)
}

/// To hundredths.
func hundredths(_ number: Double) -> String {
  let rounded = (number * 100).rounded() / 100
  return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}

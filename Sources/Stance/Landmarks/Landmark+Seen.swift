extension Landmark {
  /// Whether the model calls the point visible rather than hidden.
  var isVisible: Bool { visibility >= 0.5 }
}

/// Whether a point was seen or guessed; docs/accuracy.md has what that is worth.
extension Landmark where Frame == Normalized {
  /// Whether the point lies inside the picture.
  public var inFrame: Bool { (0..<1).contains(x) && (0..<1).contains(y) }

  /// Whether the point was seen: it lies inside the picture, the model calls it visible, and the heatmap shows it
  /// as clearly as it must to place a landmark. Any other point is guessed from the rest of the body.
  public var seen: Bool { inFrame && isVisible && support >= HeatmapRefinement.minConfidence }
}

/// Moves landmarks to where the heatmap saw them: MediaPipe's `RefineLandmarksFromHeatmapCalculator`.
package enum HeatmapRefinement {
  /// Side of the heatmap in cells.
  package static let side = 64
  /// Cells on either side of the landmark's own: a window of 7 × 7, as the graph, C++ and Tasks have it.
  ///
  /// (MediaPipe's legacy Python package loses the option on its way and runs with 9 × 9.)
  package static let reach = 3
  /// The window must hold a probability of at least this.
  package static let minConfidence: Float = 0.5

  /// Replaces x and y by the window's mean position, weighted by probability, and ``Landmark/support`` by the
  /// window's highest probability, 0 for a landmark outside the crop; z, visibility and presence stay.
  ///
  /// - Parameter heatmap: 64 × 64 × 39 logits, row-major: row, column, landmark.
  package static func refine(
    _ landmarks: inout [Landmark<Crop>], with heatmap: UnsafeBufferPointer<Float>
  ) {
    guard heatmap.count == side * side * landmarks.count else { return }
    for index in landmarks.indices {
      landmarks[index].support = 0
      guard let column = cell(landmarks[index].x), let row = cell(landmarks[index].y) else {
        continue
      }
      var (total, peak, columns, rows): (Float, Float, Float, Float) = (0, 0, 0, 0)
      for y in max(0, row - reach)...min(side - 1, row + reach) {
        for x in max(0, column - reach)...min(side - 1, column + reach) {
          let weight = sigmoid(heatmap[(y * side + x) * landmarks.count + index])
          total += weight
          peak = max(peak, weight)
          columns += Float(x) * weight
          rows += Float(y) * weight
        }
      }
      landmarks[index].support = peak
      guard peak >= minConfidence, total > 0 else { continue }
      landmarks[index].x = columns / Float(side) / total
      landmarks[index].y = rows / Float(side) / total
    }
  }

  /// The cell of a coordinate, cut towards zero as MediaPipe does; nil outside the map.
  private static func cell(_ coordinate: Float) -> Int? {
    let position = coordinate * Float(side)
    guard position > -1, position < Float(side) else { return nil }
    return Int(position)
  }
}

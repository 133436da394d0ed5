/// The places that the detector's 2254 answers refer to.
///
/// MediaPipe's `SsdAnchorsCalculator` with the options of `pose_detection_cpu.pbtxt`: strides 8, 16, 32, 32, 32 on
/// 224 px, layers of equal stride share a grid, two anchors a layer and cell, each of size 1, centred in its cell.
package enum Anchors {
  /// Side of the detector's input in pixels.
  package static let inputSide = 224

  /// Anchor centres in parts of the input, in the order of the model's outputs.
  package static let centers: [Point<DetectorSquare>] =
    [(stride: 8, perCell: 2), (stride: 16, perCell: 2), (stride: 32, perCell: 6)]
    .flatMap { layer -> [Point<DetectorSquare>] in
      let cells = inputSide / layer.stride
      return (0..<cells * cells).flatMap { cell in
        let center = Point<DetectorSquare>(
          x: (Float(cell % cells) + 0.5) / Float(cells),
          y: (Float(cell / cells) + 0.5) / Float(cells))
        return Array(repeating: center, count: layer.perCell)
      }
    }
}

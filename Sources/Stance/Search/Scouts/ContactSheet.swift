import Images
import PixelKernels

/// Small views side by side in one square input, as on a photographer's contact sheet.
struct ContactSheet {
  /// Views in a row, and rows.
  let columns: Int
  /// Of the input, in pixels.
  let side: Int
  /// A body of which less than this part lies in one view is of none.
  static let minInside: Float = 0.6

  /// How many views there is room for.
  var capacity: Int { columns * columns }
  private var cell: Int { side / columns }

  /// Writes the views into a model's input; what is beyond them is black.
  ///
  /// - Parameters:
  ///   - input: R, G, B from 0 to 255, row-major.
  ///   - views: turned squares in pixels of the picture, at most ``capacity``.
  func fill(
    _ input: UnsafeMutableBufferPointer<Float>, with views: [RegionOfInterest],
    of picture: inout ImagePyramid
  ) {
    if columns == 1, let view = views.first { return picture.fill(input, side: side, with: view) }
    input.update(repeating: 0)
    var pixels = [Float](repeating: 0, count: 3 * cell * cell)
    for (index, view) in views.enumerated() {
      pixels.withUnsafeMutableBufferPointer { picture.fill($0, side: cell, with: view) }
      let (column, row) = (index % columns, index / columns)
      for y in 0..<cell {
        let start = 3 * ((row * cell + y) * side + column * cell)
        let line = pixels[3 * cell * y..<3 * cell * (y + 1)]
        _ = UnsafeMutableBufferPointer(rebasing: input[start..<start + 3 * cell])
          .update(fromContentsOf: line)
      }
    }
  }

  /// The bodies that lie in a view.
  ///
  /// - Parameters:
  ///   - bodies: places in parts of the input.
  ///   - index: the view's place among those that the input was filled with.
  /// - Returns: in pixels of the picture, turned back.
  func bodies(
    _ bodies: [ScoutedBody], in index: Int, of view: RegionOfInterest
  ) -> [ScoutedBody] {
    let part = Float(cell) / Float(side)
    let (left, top) = (Float(index % columns) * part, Float(index / columns) * part)
    let place = PixelBox(x: left, y: top, width: part, height: part)
    let map = view.map(toSide: 1)
    func placed(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
      let (x, y) = map(Double((x - left) / part), Double((y - top) / part))
      return (Float(x), Float(y))
    }
    return bodies.compactMap { body in
      let box = body.box
      guard columns == 1 || box.sharedArea(with: place) >= Self.minInside * box.area else {
        return nil
      }
      let (right, bottom) = (box.x + box.width, box.y + box.height)
      return ScoutedBody(
        joints: body.joints.map { joint in
          let (x, y) = placed(joint.x, joint.y)
          return ScoutedBody.Joint(x: x, y: y, score: joint.score)
        },
        box: PixelBox(round: [
          placed(box.x, box.y), placed(right, box.y), placed(box.x, bottom), placed(right, bottom),
        ]), score: body.score)
    }
  }
}

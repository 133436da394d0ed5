import Glibc
import Images
import Inference
import PixelKernels

/// Where a scout saw a person, without joints.
struct ScoutedBox {
  /// In pixels of the picture.
  var box: PixelBox
  /// 0...1.
  var score: Float
  /// How the view was turned in which the person looked like one: radians, clockwise.
  var rotation: Float = 0
}

/// Finds the boxes of people in a view: NanoDet-m.
struct NanoDet: Sendable {
  /// Side of the model's input in pixels.
  static let side = 320
  /// The outputs that the network must have: for each stride classes, then sides of boxes.
  static let outputs = ["792", "795", "814", "817", "836", "839"]
  /// Pixels of the input in one cell.
  private static let strides = [8, 16, 32]
  /// Classes that the model knows; the first one is the person.
  private static let classes = 80
  /// A side of a box is a distribution over so many distances, in strides.
  private static let bins = 8
  /// Boxes that overlap by more than this are one.
  static let maxOverlap: Float = 0.6

  let network: Network

  /// Boxes of people in a view of the picture, best first.
  ///
  /// - Parameters:
  ///   - view: a square in pixels of the picture, turned by quarters; boxes end with it.
  ///   - minScore: what scores less is left out.
  func look(
    at picture: inout ImagePyramid, within view: RegionOfInterest, minScore: Float
  ) throws -> [ScoutedBox] {
    return try network.run { input in
      picture.fill(input, side: Self.side, with: view)
    } read: { outputs in
      var boxes: [ScoutedBox] = []
      for (index, stride) in Self.strides.enumerated() {
        boxes += Self.boxes(
          outputs[2 * index], outputs[2 * index + 1], stride: stride, minScore: minScore)
      }
      return Self.suppressed(boxes.map { Self.placed($0, in: view) })
    }
  }

  /// A box in pixels of the input as it lies in the picture.
  static func placed(_ seen: ScoutedBox, in view: RegionOfInterest) -> ScoutedBox {
    let (map, box) = (view.map(toSide: side), seen.box)
    let corners = [(box.x, box.y), (box.x + box.width, box.y + box.height)].map {
      let (x, y) = map(Double($0.0), Double($0.1))
      return (x: Float(x), y: Float(y))
    }
    return ScoutedBox(box: PixelBox(round: corners), score: seen.score, rotation: view.rotation)
  }

  /// Boxes in pixels of the input.
  ///
  /// - Parameters:
  ///   - classes: probabilities, cells × classes.
  ///   - sides: logits, cells × (left, top, right, bottom) × bins: how far each is from the cell's middle, in strides
  ///     (generalised focal loss, Li and others, 2020, arXiv:2006.04388, section 3.2).
  static func boxes(
    _ classes: UnsafeBufferPointer<Float>, _ sides: UnsafeBufferPointer<Float>, stride: Int,
    minScore: Float
  ) -> [ScoutedBox] {
    let columns = side / stride
    let cells = columns * columns
    guard classes.count == cells * Self.classes, sides.count == cells * 4 * bins else { return [] }
    return (0..<cells).compactMap { cell in
      let score = classes[cell * Self.classes]
      guard score >= minScore else { return nil }
      let distances = (0..<4).map { direction in
        expectation(sides, from: (4 * cell + direction) * bins) * Float(stride)
      }
      guard distances.allSatisfy(\.isFinite) else { return nil }
      let x = (Float(cell % columns) + 0.5) * Float(stride)
      let y = (Float(cell / columns) + 0.5) * Float(stride)
      let (left, top) = (max(0, x - distances[0]), max(0, y - distances[1]))
      return ScoutedBox(
        box: PixelBox(
          x: left, y: top, width: min(Float(side), x + distances[2]) - left,
          height: min(Float(side), y + distances[3]) - top),
        score: score)
    }
  }

  /// The mean of 0, 1, … under the softmax of logits.
  private static func expectation(_ logits: UnsafeBufferPointer<Float>, from start: Int) -> Float {
    let values = logits[start..<start + bins]
    let highest = values.max() ?? 0
    let weights = values.map { exp($0 - highest) }
    let sum = weights.reduce(0, +)
    return zip(weights, 0...).reduce(0) { $0 + $1.0 * Float($1.1) } / sum
  }

  /// The best of those that overlap, best first.
  static func suppressed(_ boxes: [ScoutedBox]) -> [ScoutedBox] {
    boxes.sorted { $0.score > $1.score }.reduce(into: []) { kept, box in
      if !kept.contains(where: { $0.box.overlap(with: box.box) > maxOverlap }) { kept.append(box) }
    }
  }
}

extension PixelBox {
  var area: Float { width * height }

  /// Intersection over union, 0...1.
  func overlap(with other: PixelBox) -> Float {
    let shared = sharedArea(with: other)
    let all = area + other.area - shared
    return all > 0 ? shared / all : 0
  }

  /// The area that both cover, in square pixels.
  func sharedArea(with other: PixelBox) -> Float {
    let width = min(x + self.width, other.x + other.width) - max(x, other.x)
    let height = min(y + self.height, other.y + other.height) - max(y, other.y)
    return max(0, width) * max(0, height)
  }
}

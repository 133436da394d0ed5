import Glibc

/// What MoveNet MultiPose sees in one picture: maps of cells of ``cell`` pixels, row-major, the channels of a cell side by
/// side. People are told from them as the published model's last layers do it: people are centres (Zhou, Wang and
/// Krähenbühl, "Objects as Points", 2019, arXiv:1904.07850), and a joint is looked for near where the centre says it is.
struct MoveNetMaps {
  /// Pixels of a cell's side.
  static let cell = 4
  /// Names of values in the published model that show or measure the maps, in the order of ``init``'s.
  static let outputs = [
    "Sigmoid",
    "box_offset_0/conv2d_6/BiasAdd;box_scale_0/conv2d_5/Conv2D;box_offset_0/conv2d_6/Conv2D;conv2d_6/bias1",
    "box_scale_0/conv2d_5/BiasAdd;box_scale_0/conv2d_5/Conv2D;conv2d_5/bias1",
    "Squeeze_2", "Shape_5", "Squeeze_1",
  ]
  /// At most so many people are told apart.
  private static let maxPeople = 6
  /// A centre is the highest so many cells round it.
  private static let peakReach = 2
  /// Lower than the highest by less than this is as high.
  private static let peakTolerance: Float = 1e-6
  /// A joint's score at a distance of d cells from where the centre says it is counts exp(-d² / (spread · side)), the side
  /// being the map's shorter one in cells. A 16-bit float in the model, as is the next.
  private static let spread: Float = 0.300048828125
  /// Joints that score more make up the body's score.
  private static let minJointScore: Float = 0.126953125
  private static let jointCount = ScoutedBody.names.count
  /// The joint that ``JointScores`` has apart.
  private static let last = jointCount - 1

  private let center: UnsafeBufferPointer<Float>
  private let offset: UnsafeBufferPointer<Float>
  private let size: UnsafeBufferPointer<Float>
  private let reach: UnsafeBufferPointer<Float>
  private let joints: UnsafeBufferPointer<Float>
  private let jointOffset: UnsafeBufferPointer<Float>
  private let columns: Int
  private let rows: Int

  /// Maps that live as long as the buffers; nil when these don't have the sizes that belong to the input.
  ///
  /// - Parameters:
  ///   - center: how likely a cell is a body's centre, 0...1.
  ///   - offset: from a centre's cell to the box's middle: y, x in cells.
  ///   - size: of the box: height, width in cells.
  ///   - reach: from a centre's cell to each joint: y, x in cells.
  ///   - joints: how likely a cell is each joint, 0...1.
  ///   - jointOffset: from a cell to the joint in it: y, x in cells, of each joint.
  ///   - width: of the input in pixels.
  ///   - height: of the input in pixels.
  init?(
    center: UnsafeBufferPointer<Float>, offset: UnsafeBufferPointer<Float>,
    size: UnsafeBufferPointer<Float>, reach: UnsafeBufferPointer<Float>,
    joints: UnsafeBufferPointer<Float>, jointOffset: UnsafeBufferPointer<Float>, width: Int,
    height: Int
  ) {
    (columns, rows) = (width / Self.cell, height / Self.cell)
    let cells = columns * rows
    guard cells > 0, center.count == cells, offset.count == 2 * cells, size.count == 2 * cells,
      reach.count == 2 * Self.jointCount * cells, joints.count == Self.jointCount * cells,
      jointOffset.count == 2 * Self.jointCount * cells
    else { return nil }
    (self.center, self.offset, self.size) = (center, offset, size)
    (self.reach, self.joints, self.jointOffset) = (reach, joints, jointOffset)
  }

  /// The people, the surest centre first. Whose numbers are not finite is left out.
  ///
  /// - Parameters:
  ///   - minScore: who scores less is left out.
  ///   - place: from pixels of the input to pixels of the picture.
  func bodies(minScore: Float, place: (Float, Float) -> (Float, Float)) -> [ScoutedBody] {
    let candidates = centers().compactMap { candidate(at: $0) }
    // A body's score is at most its centre's.
    return candidates.filter { $0.score >= minScore }.compactMap { candidate in
      body(candidate, joints: jointCells(of: candidate), besides: candidates, place: place)
    }.filter { $0.score >= minScore }
  }

  /// A body as its centre describes it, in cells.
  private struct Candidate {
    var score: Float
    var top: Float
    var left: Float
    var bottom: Float
    var right: Float
    /// Where each joint should be.
    var joints: [(y: Float, x: Float)]
  }

  /// The cells that are higher than those round them, highest first.
  private func centers() -> [Int] {
    var best: [Int] = []
    for cell in center.indices where center[cell] > 0 {
      if best.count == Self.maxPeople, center[cell] <= center[best[best.count - 1]] { continue }
      guard isPeak(cell) else { continue }
      // Of equals the first one in the picture comes first.
      best.insert(cell, at: best.firstIndex { center[$0] < center[cell] } ?? best.count)
      if best.count > Self.maxPeople { best.removeLast() }
    }
    return best
  }

  private func isPeak(_ cell: Int) -> Bool {
    let (y, x, limit) = (cell / columns, cell % columns, center[cell] + Self.peakTolerance)
    for row in max(0, y - Self.peakReach)...min(rows - 1, y + Self.peakReach) {
      for column in max(0, x - Self.peakReach)...min(columns - 1, x + Self.peakReach)
      where center[row * columns + column] >= limit { return false }
    }
    return true
  }

  private func candidate(at cell: Int) -> Candidate? {
    let (y, x) = (Float(cell / columns), Float(cell % columns))
    let joints = (0..<Self.jointCount).map { joint in
      let index = 2 * (cell * Self.jointCount + joint)
      return (y: y + reach[index], x: x + reach[index + 1])
    }
    let (middleY, middleX) = (y + offset[2 * cell], x + offset[2 * cell + 1])
    let (halfHeight, halfWidth) = (max(0, size[2 * cell]) / 2, max(0, size[2 * cell + 1]) / 2)
    guard (joints.allSatisfy { $0.y.isFinite && $0.x.isFinite }),
      [middleY, middleX, halfHeight, halfWidth].allSatisfy(\.isFinite)
    else { return nil }
    func clamped(_ value: Float, _ limit: Int) -> Float { max(0, min(Float(limit), value)) }
    return Candidate(
      score: center[cell],
      top: clamped(middleY - halfHeight, rows), left: clamped(middleX - halfWidth, columns),
      bottom: clamped(middleY + halfHeight, rows), right: clamped(middleX + halfWidth, columns),
      joints: joints)
  }

  /// For each joint of a body the cell in its box that is most likely it; the first cell where the box holds none.
  private func jointCells(of body: Candidate) -> [Int] {
    let (rows, columns) = (Self.cells(body.top, body.bottom), Self.cells(body.left, body.right))
    // How much a cell counts is the product of what its row and its column count.
    let rowWeights = rows.map { weights(of: $0, from: body.joints.map(\.y)) }
    let columnWeights = columns.map { weights(of: $0, from: body.joints.map(\.x)) }
    let scores = UnsafeRawBufferPointer(joints)
    var best = JointScores()
    var (cells, lastCell) = (SIMD16<Int32>(), 0)
    for (row, rowWeight) in zip(rows, rowWeights) {
      for (column, columnWeight) in zip(columns, columnWeights) {
        let cell = row * self.columns + column
        let start = cell * Self.jointCount
        let score = JointScores(
          first: scores.loadUnaligned(fromByteOffset: 4 * start, as: SIMD16<Float>.self)
            * (rowWeight.first * columnWeight.first),
          last: joints[start + Self.last] * (rowWeight.last * columnWeight.last))
        let isBetter = score.first .> best.first
        best.first.replace(with: score.first, where: isBetter)
        cells.replace(with: Int32(truncatingIfNeeded: cell), where: isBetter)
        if score.last > best.last { (best.last, lastCell) = (score.last, cell) }
      }
    }
    return cells.indices.map { Int(cells[$0]) } + [lastCell]
  }

  /// A number for each of the 17 joints: sixteen that are worked on at once, and the last.
  private struct JointScores {
    var first = SIMD16<Float>()
    var last: Float = 0
  }

  /// The cells of a side that begin within the box's edges.
  private static func cells(_ start: Float, _ end: Float) -> Range<Int> {
    let (first, limit) = (Int(start.rounded(.up)), Int(end.rounded(.up)))
    return first..<max(first, limit)
  }

  /// What a row or column counts for each joint by its distance.
  private func weights(of line: Int, from places: [Float]) -> JointScores {
    var weights = JointScores()
    for joint in weights.first.indices {
      weights.first[joint] = weight(Float(line) - places[joint])
    }
    weights.last = weight(Float(line) - places[Self.last])
    return weights
  }

  private func weight(_ distance: Float) -> Float {
    exp(-distance * distance / (Self.spread * Float(min(rows, columns))))
  }

  private func body(
    _ candidate: Candidate, joints cells: [Int], besides all: [Candidate],
    place: (Float, Float) -> (Float, Float)
  ) -> ScoutedBody? {
    func pixels(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
      place(x * Float(Self.cell), y * Float(Self.cell))
    }
    let joints = cells.enumerated().map { joint, cell in
      let index = 2 * (cell * Self.jointCount + joint)
      let (x, y) = pixels(
        Float(cell % columns) + jointOffset[index + 1], Float(cell / columns) + jointOffset[index])
      // Where bodies overlap the cell is scored as the one that is nearest to it would.
      let score = all.map { likelihood(of: cell, as: joint, of: $0) }.max() ?? 0
      return ScoutedBody.Joint(x: x, y: y, score: score)
    }
    let sure = joints.map(\.score).filter { $0 > Self.minJointScore }
    let score = candidate.score * sure.reduce(0, +) / Float(max(1, sure.count))
    let corners = [candidate.left, candidate.right].flatMap { x in
      [candidate.top, candidate.bottom].map { pixels(x, $0) }
    }
    guard score.isFinite,
      (joints.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.score.isFinite })
    else { return nil }
    return ScoutedBody(joints: joints, box: PixelBox(round: corners), score: score)
  }

  /// How likely a cell is a joint of that body.
  private func likelihood(of cell: Int, as joint: Int, of body: Candidate) -> Float {
    let (y, x) = (Float(cell / columns), Float(cell % columns))
    guard y >= body.top, y < body.bottom, x >= body.left, x < body.right else { return 0 }
    let place = body.joints[joint]
    return joints[cell * Self.jointCount + joint] * weight(y - place.y) * weight(x - place.x)
  }
}

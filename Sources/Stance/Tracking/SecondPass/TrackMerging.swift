import Glibc

/// Puts pieces of tracks together that are of one person.
///
/// Two can be one person's who don't overlap in time and have at most five seconds between them. What it costs says how
/// far apart they are when the first goes on and the second came as each moved, meeting in the middle of the gap, and how
/// different they look. The cheapest pair is joined first.
struct TrackMerging {
  /// At most so many seconds are between two pieces.
  static let maxGap = 5.0
  /// How much more a join may cost for each second between, in body sizes, on top of the tracker's gate, and at most.
  static let (gateGrowth, maxGate) = (Float(0.5), Float(2.5))
  /// What it costs when both did not move at all.
  static let unmovedPenalty: Float = 0.1
  /// What other proportions cost: so much times the part by which limbs differ.
  static let proportionWeight: Float = 0.3
  /// After so many seconds, and after a cut, a place alone says little: who looks otherwise is somebody else.
  static let placeSeconds = 0.5
  /// What it costs when there are no colours to compare.
  static let unknownLook: Float = 0.1
  /// A join is in doubt when another costs at most by this part more.
  static let tie: Float = 0.1
  /// And when it costs more than this part of what it may.
  static let doubtful: Float = 0.75

  private let store: ResultStore

  init(_ store: ResultStore) { self.store = store }

  private struct Join {
    var before: Int
    var after: Int
    var cost: Float
    var isDoubtful: Bool
    /// Whether what comes after the later piece was joined with what comes before it, so that a doubt ends with it.
    var isAside = false
  }

  /// The tracks that come of the pieces, in order of their first sights.
  func merged(_ pieces: [TrackPiece]) -> [TrackPiece] {
    let pieces = pieces.sorted { $0.first < $1.first }
    let summaries = pieces.map { PieceSummary($0, in: store) }
    var joins = candidates(summaries).sorted {
      ($0.cost, $0.before, $0.after) < ($1.cost, $1.before, $1.after)
    }
    markTies(&joins)
    var (next, hasBefore): ([Int: Join], Set<Int>) = ([:], [])
    for join in joins where next[join.before] == nil && !hasBefore.contains(join.after) {
      next[join.before] = join
      hasBefore.insert(join.after)
    }
    putBack(pieces, &next, &hasBefore)
    return pieces.indices.filter { !hasBefore.contains($0) }.map { first in
      var (track, index, isUncertain) = (pieces[first], first, false)
      while let join = next[index] {
        let piece = pieces[join.after]
        store[track.last].next = Int32(piece.first)
        let isDoubtful = join.isDoubtful || piece.cut != nil
        if isUncertain || isDoubtful { markUncertain(piece) }
        isUncertain = isUncertain || isDoubtful && !join.isAside
        track.last = piece.last
        track.count += piece.count
        index = join.after
      }
      return track
    }
  }

  /// Who was cut off since the colours changed, and is nobody else's, was hidden or stood in another light: he goes back to
  /// where he was cut off, if nobody took that place meanwhile.
  private func putBack(
    _ pieces: [TrackPiece], _ next: inout [Int: Join], _ hasBefore: inout Set<Int>
  ) {
    let places = Dictionary(pieces.indices.map { (pieces[$0].last, $0) }) { first, _ in first }
    for (index, piece) in pieces.enumerated() where !hasBefore.contains(index) {
      guard let cut = piece.cut, !cut.isJump, let before = places[cut.before] else { continue }
      if let taken = next[before] {
        let end = store[piece.last].frame
        guard next[index] == nil, end < store[pieces[taken.after].first].frame else { continue }
        next[index] = Join(
          before: index, after: taken.after, cost: taken.cost, isDoubtful: taken.isDoubtful)
      }
      next[before] = Join(
        before: before, after: index, cost: 0, isDoubtful: true, isAside: next[before] != nil)
      hasBefore.insert(index)
    }
  }

  private func markUncertain(_ piece: TrackPiece) {
    var sight = piece.first
    while true {
      store[sight].isUncertain = true
      if sight == piece.last { return }
      sight = Int(store[sight].next)
    }
  }

  /// All pairs that can be.
  private func candidates(_ summaries: [PieceSummary]) -> [Join] {
    // Pieces are in order of their starts.
    let starts = summaries.map(\.start.time)
    return summaries.indices.flatMap { before -> [Join] in
      let end = summaries[before].end.time
      let from = starts.partition { $0 > end }
      let to = starts.partition { $0 > end + Self.maxGap }
      return (from..<to).compactMap { after in
        join(before, after, summaries)
      }
    }
  }

  /// What it costs to take the later piece for the earlier one's person; nil when that is too much.
  private func join(_ before: Int, _ after: Int, _ summaries: [PieceSummary]) -> Join? {
    let (earlier, later) = (summaries[before], summaries[after])
    let gap = later.start.time - earlier.end.time
    guard
      let moved = Association.cost(
        of: later.start.moved(by: -gap / 2), from: earlier.end.moved(by: gap / 2)),
      let unmoved = Association.cost(of: later.start.body, from: earlier.end.body)
    else { return nil }
    let look = earlier.colors.difference(from: later.colors)
    let placeSaysLittle = gap > Self.placeSeconds || earlier.end.scene != later.start.scene
    guard !placeSaysLittle || look ?? 0 <= TrackingSession.alike else { return nil }
    let proportions = earlier.proportions.difference(from: later.proportions) ?? 0
    let cost =
      min(moved, unmoved + Self.unmovedPenalty)
      + (look.map { TrackingSession.colorWeight * $0 } ?? Self.unknownLook)
      + Self.proportionWeight * proportions
    let gate = min(Self.maxGate, Association.gate + Self.gateGrowth * Float(gap))
    guard cost <= gate else { return nil }
    return Join(
      before: before, after: after, cost: cost,
      isDoubtful: cost > Self.doubtful * gate || placeSaysLittle && look == nil)
  }

  /// Of two joins that cost nearly the same and can't both be, neither is sure.
  ///
  /// - Parameter joins: the cheapest first.
  private func markTies(_ joins: inout [Join]) {
    var (byBefore, byAfter): ([Int: Int], [Int: Int]) = ([:], [:])
    for index in joins.indices {
      let join = joins[index]
      for best in [byBefore[join.before], byAfter[join.after]].compactMap(\.self)
      where join.cost <= joins[best].cost * (1 + Self.tie) {
        joins[best].isDoubtful = true
        joins[index].isDoubtful = true
      }
      byBefore[join.before] = byBefore[join.before] ?? index
      byAfter[join.after] = byAfter[join.after] ?? index
    }
  }
}

extension [Double] {
  /// The first place, of values in order, from which on something holds.
  fileprivate func partition(_ holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

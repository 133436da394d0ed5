/// Finds where a track goes over from one person to another.
///
/// Two things tell: the body is suddenly somewhere else, farther than anybody moves; or what the person wears changes at
/// once and for good.
struct TrackSplitting {
  /// A body that is so many times farther from where it should be than the tracker would ever allow is somebody else's.
  static let jump: Float = 2
  /// Colours are compared between so many sights before and as many after.
  static let window = 12
  /// They change from this difference on, black from white being 1.
  static let change: Float = 0.2

  private let store: ResultStore

  init(_ store: ResultStore) { self.store = store }

  /// The pieces of one person each, in order: most often one.
  func pieces(of track: TrackPiece) -> [TrackPiece] {
    let (jumps, changes) = (Set(jumps(in: track)), Set(changes(in: track)))
    var pieces: [TrackPiece] = []
    var current = TrackPiece(first: track.first, last: track.first, count: 0)
    // Once a link is cut it leads nowhere, so the walk holds the next sight before that.
    for sight in Array(store.sights(from: track.first)) {
      if current.count > 0, jumps.contains(sight) || changes.contains(sight) {
        store[current.last].next = SightRecord.none
        pieces.append(current)
        current = TrackPiece(
          first: sight, last: sight, count: 0,
          cut: TrackPiece.Cut(before: current.last, isJump: jumps.contains(sight)))
      }
      current.last = sight
      current.count += 1
    }
    return pieces + [current]
  }

  /// The sights at which the body is somewhere else.
  private func jumps(in track: TrackPiece) -> [Int] {
    var known: (motion: BodyMotion, scene: Int32)?
    var jumps: [Int] = []
    for sight in store.sights(from: track.first) {
      let (body, time, scene) = (
        store.body(of: sight), store.time(of: sight), store.scene(of: sight)
      )
      var motion = BodyMotion(body, at: time)
      // After a cut everybody is somewhere else.
      if let before = known, before.scene == scene {
        let distance = Association.distance(of: body, from: before.motion, at: time)
        if distance > Self.jump * Association.gate(after: time - before.motion.time) {
          jumps.append(sight)
        } else {
          motion = before.motion
          motion.update(body, at: time)
        }
      }
      known = (motion, scene)
    }
    return jumps
  }

  /// The sights at which the colours change.
  private func changes(in track: TrackPiece) -> [Int] {
    guard track.count >= 2 * Self.window else { return [] }
    var all = ColorMean()
    /// The greatest of changes that follow each other: where, how great, and everything before.
    typealias Change = (sight: Int, difference: Float, before: ColorMean)
    var (peaks, peak): ([Change], Change?) = ([], nil)
    var window: [(sight: Int, colors: ColorSignature?)] = []
    var (before, after, past) = (ColorMean(), ColorMean(), ColorMean())
    for sight in store.sights(from: track.first) {
      let colors = store.colors(of: sight)
      all.add(colors)
      window.append((sight, colors))
      after.add(colors)
      if window.count > Self.window {
        let middle = window[window.count - 1 - Self.window].colors
        after.add(middle, weight: -1)
        before.add(middle)
        past.add(middle)
      }
      guard window.count > 2 * Self.window else { continue }
      before.add(window.removeFirst().colors, weight: -1)
      let difference = before.difference(from: after) ?? 0
      if difference > Self.change {
        if difference > peak?.difference ?? 0 {
          peak = (window[Self.window].sight, difference, past)
        }
      } else if let found = peak {
        peaks.append(found)
        peak = nil
      }
    }
    if let peak { peaks.append(peak) }
    // Who is hidden for a while looks like the other for a while: only what is for good counts.
    var (cuts, since): ([Int], ColorMean) = ([], ColorMean())
    for peak in peaks {
      let (old, new) = (peak.before.without(since), all.without(peak.before))
      if old.difference(from: new) ?? 0 > Self.change {
        cuts.append(peak.sight)
        since = peak.before
      }
    }
    return cuts
  }
}

/// Smooths whole tracks in a ``ResultStore``, each stretch without a gap or cut for itself.
struct TrackSmoothing {
  private let store: ResultStore
  private let smoothing: Smoothing
  private let design: ZeroLagDesign?

  init(_ store: ResultStore, _ smoothing: Smoothing, _ design: ZeroLagDesign?) {
    (self.store, self.smoothing, self.design) = (store, smoothing, design)
  }

  /// Puts smoothed landmarks in place of the raw ones, which are kept beside them if the store does that.
  func smooth(_ track: TrackPiece) {
    var stretch: [Int] = []
    for sight in store.sights(from: track.first) {
      if store.keepsRaw { keepRaw(sight) }
      if let last = stretch.last, isInterrupted(last, sight) {
        smooth(stretch)
        stretch.removeAll(keepingCapacity: true)
      }
      stretch.append(sight)
    }
    smooth(stretch)
  }

  private func keepRaw(_ sight: Int) {
    let shift = SightFloats.rawLandmarks - SightFloats.landmarks
    for place in SightFloats.landmarks..<SightFloats.rawLandmarks {
      store[sight, float: place + shift] = store[sight, float: place]
    }
  }

  private func isInterrupted(_ before: Int, _ after: Int) -> Bool {
    store[after].frame - store[before].frame > 1
      || store.scene(of: before) != store.scene(of: after)
  }

  private func smooth(_ stretch: [Int]) {
    switch smoothing {
    case .off: break
    case .oneEuro: smoothByOneEuro(stretch)
    case .zeroLag: smoothWithoutLag(stretch)
    }
  }

  private func smoothByOneEuro(_ stretch: [Int]) {
    var filter = LandmarkFilter(LandmarkFilter.landmarks)
    var worldFilter = LandmarkFilter(LandmarkFilter.worldLandmarks)
    var last: Double?
    for sight in stretch {
      let time = store.time(of: sight)
      let elapsed = Float(last.map { time - $0 } ?? 0)
      last = time
      let size = store.size(of: sight)
      let raw: Landmarks<Normalized> = store.landmarks(of: sight, at: SightFloats.landmarks)
      let scale = store[sight].bodyRadius.map { 1 / (2 * $0) } ?? 1
      let smoothed = filter.filter(Array(raw.pixels(in: size)), after: elapsed, scale: scale)
      store.set(
        Landmarks(smoothed).normalized(in: size), of: sight, at: SightFloats.landmarks)
      let world: Landmarks<World> = store.landmarks(of: sight, at: SightFloats.worldLandmarks)
      store.set(
        Landmarks(worldFilter.filter(Array(world), after: elapsed, scale: 1)), of: sight,
        at: SightFloats.worldLandmarks)
    }
  }

  /// Places of both kinds of landmarks, outliers taken out; visibility too, which may jump and stays within 0...1.
  private func smoothWithoutLag(_ stretch: [Int]) {
    guard let design, stretch.count > 1 else { return }
    let segment = ZeroLagSegment(stretch.map { store.time(of: $0) }, design)
    for start in [SightFloats.landmarks, SightFloats.worldLandmarks] {
      for landmark in 0..<LandmarkName.count {
        for part in 0..<4 {
          let place = start + SightFloats.perLandmark * landmark + part
          let isPlace = part < 3
          let smoothed = segment.smoothed(
            stretch.map { Double(store[$0, float: place]) }, hasOutliers: isPlace)
          for (sight, value) in zip(stretch, smoothed) {
            store[sight, float: place] = Float(isPlace ? value : min(max(value, 0), 1))
          }
        }
      }
    }
  }
}

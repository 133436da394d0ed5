/// The usual rate of a clip's frames.
struct ClipRate {
  /// In Hz: one over the mean of those intervals that are near their median; nil of fewer than two frames.
  ///
  /// The median alone is off by up to a part in thirty where a file's clock has milliseconds.
  let rate: Double?

  init(_ store: ResultStore) {
    var intervals: [Double] = []
    intervals.reserveCapacity(store.frameCount)
    for frame in 1..<max(1, store.frameCount) {
      intervals.append(store[frame: frame].time - store[frame: frame - 1].time)
    }
    intervals.sort()
    guard !intervals.isEmpty else {
      rate = nil
      return
    }
    let median = intervals[intervals.count / 2]
    let usual = intervals.filter { (0.5 * median...1.5 * median).contains($0) }
    let mean = usual.reduce(0, +) / Double(usual.count)
    rate = mean > 0 ? 1 / mean : nil
  }
}

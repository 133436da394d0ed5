/// One uninterrupted stretch of a track, as smoothing without lag takes it: the same times for every coordinate.
package struct ZeroLagSegment: Sendable {
  private let grid: UniformGrid
  private let filter: ZeroLagFilter

  /// - Parameters:
  ///   - times: rising, in seconds; at least two.
  ///   - design: of the clip. Where the stretch's own rate is another, the filter is designed anew for it.
  package init(_ times: [Double], _ design: ZeroLagDesign) {
    grid = UniformGrid(times, usual: 1 / design.frameRate)
    let rate = 1 / grid.spacing
    let isUsual = abs(rate / design.frameRate - 1) <= UniformGrid.tolerance
    let own = isUsual ? design : ZeroLagDesign(cutoff: design.cutoffUsed, frameRate: rate)
    filter = ZeroLagFilter(frequency: own.designFrequency, rate: own.frameRate)
  }

  /// The values, smoothed.
  ///
  /// - Parameter hasOutliers: whether single values can be far off.
  package func smoothed(_ values: [Double], hasOutliers: Bool) -> [Double] {
    let clean = hasOutliers ? HampelFilter.cleaned(values) : values
    return grid.sampledBack(filter.filtered(grid.resampled(clean)))
  }
}

/// One person over time.
struct Track: Sendable {
  /// Tells tracks of a session apart; never used twice.
  typealias Key = Int

  let key: Key
  /// Where the person was seen last, and how that moved.
  private(set) var motion: BodyMotion
  /// Where the landmark model is to look next, in pixels of the picture.
  private(set) var region: RegionOfInterest
  /// When it was last beyond doubt that this is somebody, in seconds of the source.
  private(set) var vouched: Double
  /// Motion and region of that time.
  private var anchor: (motion: BodyMotion, region: RegionOfInterest)
  var colors: ColorSignature?
  /// Whether the person was in the last frame.
  var isSeen = true
  private var filter: PoseFilter
  private(set) var confirmation: Confirmation

  /// The track of a person who was seen for the first time.
  ///
  /// - Parameters:
  ///   - time: seconds of the source.
  ///   - isSure: whether one sight is enough.
  ///   - filter: what the person's landmarks are smoothed by.
  init(
    _ key: Key, _ estimate: PoseEstimate, colors: ColorSignature?, at time: Double,
    isSure: Bool, filter: PoseFilter
  ) {
    self.key = key
    self.colors = colors
    self.filter = filter
    motion = BodyMotion(BodyShape(estimate.landmarks), at: time)
    region = estimate.region
    vouched = time
    anchor = (motion, region)
    confirmation = Confirmation(at: time, sure: isSure)
  }

  /// Takes in a sight.
  ///
  /// - Returns: the sight with everything smoothed.
  mutating func see(
    _ estimate: PoseEstimate, colors: ColorSignature?, at time: Double, _ smoothing: Smoothing
  ) -> PoseEstimate {
    // Who is back is beyond doubt: the next loss must not lead to where the last one was.
    if !isSeen { vouch(at: time) }
    if motion.time != time {
      motion.update(BodyShape(estimate.landmarks), at: time)
      confirmation.saw()
    }
    let smoothed = filter.filter(estimate, at: time, smoothing)
    if let colors { self.colors?.update(colors) }
    self.colors = self.colors ?? colors
    region = smoothed.nextRegion ?? estimate.region
    isSeen = true
    if vouched == time { anchor = (motion, region) }
    return smoothed
  }

  /// It is beyond doubt that the sight of this time is somebody.
  mutating func vouch(at time: Double) { vouched = time }

  /// The person is out of sight. What was seen since there was doubt is forgotten.
  ///
  /// - Returns: the person's filters, as whoever follows one person only goes on with.
  @discardableResult
  mutating func lose() -> PoseFilter {
    defer { filter = PoseFilter() }
    isSeen = false
    (motion, region) = anchor
    return filter.afterLoss
  }

  /// The person is to be smoothed by these filters.
  mutating func inherit(_ filter: PoseFilter) { self.filter = filter }

  /// The frames have another size from now on.
  mutating func scale(by scale: FrameScale) {
    func scaled(_ region: RegionOfInterest) -> RegionOfInterest {
      RegionOfInterest(
        center: scale(region.center), side: scale(region.side), rotation: region.rotation)
    }
    motion.scale(by: scale)
    anchor.motion.scale(by: scale)
    (region, anchor.region) = (scaled(region), scaled(anchor.region))
    filter.scale(by: scale)
  }

  mutating func pass(to time: Double) { confirmation.pass(to: time) }

  mutating func filter(_ mask: Mask) -> Mask { filter.filter(mask) }

  /// Where to look for the person now: the region, moved as the body should have.
  func region(at time: Double) -> RegionOfInterest {
    let shift = motion.shift(to: time)
    var moved = region
    moved.center.x += shift.x
    moved.center.y += shift.y
    return moved
  }
}

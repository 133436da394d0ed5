import Images

/// What a session can look at in one frame: models, or in tests something made up.
protocol FrameViewer {
  /// The frame's size in pixels.
  var size: ImageSize { get }
  /// Whether there are scouts; without them BlazePose's detector has to do.
  var hasScouts: Bool { get }

  /// The landmark model's look at a region.
  mutating func estimate(_ region: RegionOfInterest, score: Float) throws -> PoseEstimate?
  /// Bodies that BlazePose's detector sees in the whole picture, best first.
  mutating func candidates(minScore: Float) throws -> [Candidate]
  /// Bodies that MoveNet sees in a view.
  mutating func bodies(in view: RegionOfInterest, isWhole: Bool) throws -> [Scouted]
  /// Boxes that NanoDet sees in a view.
  mutating func boxes(in view: RegionOfInterest, isWhole: Bool) throws -> [ScoutedBox]
  /// The body that MoveNet sees in a box.
  mutating func body(in box: ScoutedBox) throws -> Scouted?
  /// Bodies that MoveNet sees in one person's surroundings.
  mutating func bodies(near view: RegionOfInterest) throws -> [Scouted]
  /// What a person wears.
  func colors(of landmarks: Landmarks<Pixels>) -> ColorSignature?
}

/// One frame, seen by an engine's models.
struct EngineViewer: FrameViewer {
  private let image: Image
  private let engine: Engine
  private let estimator: LandmarkEstimator
  private var scouting: Scouting?
  private(set) var passes = PassCount()
  private(set) var timing = PoseTiming()

  var size: ImageSize { image.size }
  let hasScouts: Bool

  init(_ image: Image, options: PoseOptions, engine: Engine) throws {
    (self.image, self.engine) = (image, engine)
    estimator = try engine.estimator(options)
    let scouts = options.search == .quick ? nil : try engine.scouts()
    scouting = scouts.map { Scouting($0, in: Photo(image)) }
    hasScouts = scouts != nil
  }

  mutating func estimate(_ region: RegionOfInterest, score: Float) throws -> PoseEstimate? {
    passes.landmarks += 1
    return try timed(&timing.landmarks) {
      try estimator.estimate(in: image, scale: (1, 1), region: region, score: score)
    }
  }

  mutating func candidates(minScore: Float) throws -> [Candidate] {
    passes.detector += 1
    return try timed(&timing.detect) {
      try engine.detector().look(at: image, scale: (1, 1), minScore: minScore)
        .candidates(minScore: minScore)
    }
  }

  mutating func bodies(in view: RegionOfInterest, isWhole: Bool) throws -> [Scouted] {
    passes.scouts += 1
    return try timed(&timing.detect) { try scouting?.bodies(in: view, isWhole: isWhole) ?? [] }
  }

  mutating func boxes(in view: RegionOfInterest, isWhole: Bool) throws -> [ScoutedBox] {
    passes.scouts += 1
    return try timed(&timing.detect) { try scouting?.boxes(in: view, isWhole: isWhole) ?? [] }
  }

  mutating func body(in box: ScoutedBox) throws -> Scouted? {
    passes.scouts += 1
    return try timed(&timing.detect) { try scouting?.body(in: box) }
  }

  mutating func bodies(near view: RegionOfInterest) throws -> [Scouted] {
    passes.scouts += 1
    return try timed(&timing.detect) { try scouting?.bodies(near: view) ?? [] }
  }

  func colors(of landmarks: Landmarks<Pixels>) -> ColorSignature? {
    ColorSignature(landmarks, in: image)
  }
}

import Images
import Inference

/// One look at one still: detector, regions, landmarks, people.
struct StillSearch: Sendable {
  let options: PoseOptions
  let precision: Precision
  /// When the caller asked, so that waiting for an engine is part of the total.
  let asked = ContinuousClock.now

  /// What is in a picture whose pixels, or some of them, `open` brings.
  ///
  /// - Returns: the result, and the picture as far as it was decoded.
  func run(
    with engine: Engine, on open: () throws -> Photo
  ) throws -> (result: PoseResult, photo: Photo) {
    var timing = PoseTiming()
    var photo = try timed(&timing.decode, open)
    if options.search == .thorough {
      return (try everybody(in: &photo, with: engine, timing: timing), photo)
    }
    let candidates = try timed(&timing.detect) { try findCandidates(in: photo, with: engine) }
    try timed(&timing.decode) { try photo.refine(for: candidates.map(\.region)) }
    let people = try timed(&timing.landmarks) {
      try findPeople(among: candidates, in: photo, with: engine)
    }
    return (result(people, in: photo, timing), photo)
  }

  private func result(_ people: [Person], in photo: Photo, _ timing: PoseTiming) -> PoseResult {
    var timing = timing
    timing.total = ContinuousClock.now - asked
    return PoseResult(
      imageSize: photo.size, complexity: options.complexity, precision: precision, people: people,
      timing: timing)
  }

  private func everybody(
    in photo: inout Photo, with engine: Engine, timing: PoseTiming
  ) throws -> PoseResult {
    var timing = timing
    // People may be of any size: every pixel counts.
    try timed(&timing.decode) { try photo.refine(toSmallestSide: 0) }
    let search = ThoroughSearch(
      detector: try engine.detector(), estimator: try engine.estimator(options),
      image: photo.image, scale: photo.scale)
    let candidates = try timed(&timing.detect) { try search.candidates(in: photo.size) }
    let people = try timed(&timing.landmarks) {
      try search.findings(among: candidates, in: photo.size).prefix(options.maxPeople).map {
        Person($0.estimate, confidence: $0.confidence, in: photo.size)
      }
    }
    return result(people, in: photo, timing)
  }

  /// Where a body may be, in pixels of the original.
  private struct Candidate {
    var score: Float
    var region: RegionOfInterest
  }

  private func findCandidates(in photo: Photo, with engine: Engine) throws -> [Candidate] {
    let (x, y) = photo.scale
    return try engine.detector()
      .detections(in: photo.image, minScore: options.minDetectionConfidence)
      .prefix(options.maxPeople)
      .compactMap { detection in
        RegionOfInterest(detection).map {
          Candidate(score: detection.score, region: $0.scaled(x: 1 / x, y: 1 / y))
        }
      }
  }

  private func findPeople(
    among candidates: [Candidate], in photo: Photo, with engine: Engine
  ) throws -> [Person] {
    let estimator = try engine.estimator(options)
    let estimates = try candidates.compactMap { candidate in
      try estimator.estimate(
        in: photo.image, scale: photo.scale, region: candidate.region, score: candidate.score)
    }.filter { $0.presence > options.minTrackingConfidence }
    return Duplicates.removed(from: estimates).map { Person($0, in: photo.size) }
  }
}

/// Adds the time that `body` takes to `time`.
private func timed<Result>(
  _ time: inout Duration, _ body: () throws -> Result
) rethrows -> Result {
  let start = ContinuousClock.now
  defer { time += ContinuousClock.now - start }
  return try body()
}

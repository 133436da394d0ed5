import Images

@testable import Stance

/// Models that see a made-up scene's bodies just where they are.
struct MadeUpViewer: FrameViewer {
  let size: ImageSize
  let hasScouts: Bool
  /// Those who can be seen.
  let bodies: [MadeUpBody]
  private(set) var passes = PassCount()

  init(_ bodies: [MadeUpBody], size: ImageSize, hasScouts: Bool) {
    (self.bodies, self.size, self.hasScouts) = (bodies, size, hasScouts)
  }

  /// The landmark model shows whoever is nearest to the middle of a region, and where nobody is nobody: it has no memory
  /// of whom it was sent to.
  mutating func estimate(_ region: RegionOfInterest, score: Float) throws -> PoseEstimate? {
    passes.landmarks += 1
    let nearest = bodies.min { $0.distance(to: region.center) < $1.distance(to: region.center) }
    guard let nearest else { return nil }
    let isThere =
      nearest.distance(to: region.center) < 0.5 * region.bodySize
      && (0.5...2).contains(nearest.size / region.bodySize)
    return nearest.estimate(in: region, score: score, presence: isThere ? 1 : 0)
  }

  mutating func candidates(minScore: Float) throws -> [Candidate] {
    passes.detector += 1
    return bodies.map { Candidate(region: $0.region, score: 0.9) }
  }

  mutating func bodies(in view: RegionOfInterest, isWhole: Bool) throws -> [Scouted] {
    passes.scouts += 1
    return seen(in: view, fromSize: 0.12)
  }

  mutating func boxes(in view: RegionOfInterest, isWhole: Bool) throws -> [ScoutedBox] {
    passes.scouts += 1
    return seen(in: view, fromSize: 0.08).map { ScoutedBox(box: $0.body.box, score: 0.6) }
  }

  mutating func body(in box: ScoutedBox) throws -> Scouted? {
    passes.scouts += 1
    return seen(in: box.surroundings, fromSize: 0.12)
      .max { $0.body.box.overlap(with: box.box) < $1.body.box.overlap(with: box.box) }
  }

  mutating func bodies(near view: RegionOfInterest) throws -> [Scouted] {
    passes.scouts += 1
    return seen(in: view, fromSize: 0.12)
  }

  func colors(of landmarks: Landmarks<Pixels>) -> ColorSignature? {
    let middle = Point<Pixels>(
      x: (landmarks[.leftHip].x + landmarks[.rightHip].x) / 2, y: landmarks[.leftHip].y)
    return bodies.min { $0.distance(to: middle) < $1.distance(to: middle) }
      .map { ColorSignature(Array(repeating: $0.color, count: 8)) }
  }

  /// A scout sees who is large enough in its view.
  private func seen(in view: RegionOfInterest, fromSize least: Float) -> [Scouted] {
    bodies.filter { body in
      body.size >= least * view.side && abs(body.hips.x - view.center.x) < view.side / 2
        && abs(body.hips.y - view.center.y) < view.side / 2
    }.map { Scouted(body: $0.scouted) }
  }
}

extension PassCount {
  /// All that look for people.
  var looks: Int { detector + scouts }
}

import Stance

/// The motion of one person's figure, pose by pose, so that a long clip need not fit in memory.
struct FigureMotion: Sendable {
  let rest: RestFigure
  private var last: FigurePose

  /// The figure of one person of a clip, before its first frame: it stands as at the first sight.
  ///
  /// - Returns: nil where the person is never seen.
  init?(of id: Int, in clip: PoseClip) {
    var lengths = FigureLengths()
    var first: BodyPoints?
    for frame in clip.frames(with: id) {
      guard let person = clip.person(id, in: frame) else { continue }
      let body = BodyPoints(person.worldLandmarks)
      lengths.add(body)
      first = first ?? body
    }
    guard let first else { return nil }
    rest = RestFigure(lengths)
    last = FigurePose(first, on: rest)
  }

  /// The pose in the next frame; where there is no sight, the last one is held.
  ///
  /// Of a rotation's two quaternions the one nearer to the last pose's: programs go from one to the next by the short way.
  mutating func pose(in sight: Person?) -> FigurePose {
    guard let sight else { return last }
    var pose = FigurePose(BodyPoints(sight.worldLandmarks), on: rest)
    pose.turns = zip(pose.turns, last.turns).map { $0.dot($1) < 0 ? $0.negated : $0 }
    last = pose
    return pose
  }
}

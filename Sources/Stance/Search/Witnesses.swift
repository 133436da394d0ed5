import Glibc
import Images

/// One body as the landmark model and the scouts see it.
struct Witnesses {
  /// The landmark model's look.
  var estimate: PoseEstimate
  /// What the scouts saw there.
  var scouted: Scouted
  /// Whether the scouts looked at the whole picture turned.
  var isOfTurnedView = false

  /// What speaks for a person, 0...1: that models of three kinds agree.
  ///
  /// The form is that of the trial (docs/accuracy.md); a false find is seldom seen by all three, and never in one place.
  func evidence(in size: ImageSize) -> Float {
    support(in: size) * estimate.presence
      * pow(scouted.body.agreement(with: estimate), 1.5) * scouted.promise
  }

  /// Another look stays if it agrees with the scout's body no worse than the first by more than this.
  static let tolerance: Float = 0.02

  /// Takes another look instead, if it agrees as well.
  mutating func prefer(_ other: PoseEstimate) {
    let body = scouted.body
    if body.agreement(with: other) >= body.agreement(with: estimate) - Self.tolerance {
      estimate = other
    }
  }

  /// Takes what a scout sees more closely instead, if there is more evidence then.
  mutating func prefer(_ close: ScoutedBody, in size: ImageSize) {
    var other = self
    other.scouted.body = close
    if other.evidence(in: size) > evidence(in: size) { self = other }
  }

  /// How much the heatmap supports the joints, weighted by the scout's confidence; joints outside the picture count as
  /// none.
  private func support(in size: ImageSize) -> Float {
    var (sum, weights): (Float, Float) = (0, 0)
    for (name, joint) in zip(ScoutedBody.names, scouted.body.joints) {
      let landmark = estimate.landmarks[name]
      weights += joint.score
      if landmark.isInside(size) { sum += joint.score * landmark.support }
    }
    return weights > 0 ? sum / weights : 0
  }
}

extension Finding {
  /// What the landmark model and the scouts found together.
  init(scouted estimate: PoseEstimate, by scouted: Scouted, in size: ImageSize) {
    self.init(
      estimate, evidence: Witnesses(estimate: estimate, scouted: scouted).evidence(in: size),
      even: ScoutedSearch.evenEvidence, slope: ScoutedSearch.slope)
  }
}

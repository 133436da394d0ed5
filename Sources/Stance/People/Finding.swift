import Glibc
import Images

/// A person that was found, and how sure that is.
struct Finding {
  /// Landmarks in pixels of the original.
  var estimate: PoseEstimate
  /// The probability, 0...1, that this is a person, rightly placed (OKS at least 0.5); ranks people.
  var confidence: Float

  /// The probability is a logistic function of the evidence's logarithm, fitted to the open annotated photos
  /// (docs/accuracy.md).
  ///
  /// - Parameters:
  ///   - evidence: 0...1, what speaks for the person.
  ///   - even: the evidence at which it is as likely a person as not.
  ///   - slope: how fast more evidence takes the doubt away.
  init(_ estimate: PoseEstimate, evidence: Float, even: Float, slope: Float = 3.7) {
    self.estimate = estimate
    confidence = 1 / (1 + pow(even / evidence, slope))
  }
}

extension Finding {
  /// What one look at a picture of `size` found.
  init(byOneLook estimate: PoseEstimate, in size: ImageSize) {
    self.init(
      estimate, evidence: estimate.evidence(in: size), even: PeopleSearch.evenEvidence)
  }
}

extension PoseEstimate {
  /// What one look says for a person, 0...1.
  func evidence(in size: ImageSize) -> Float {
    support(in: size) * presence * score.squareRoot()
  }

  /// How much the heatmap supports the main joints, on average; joints outside the picture count as none.
  private func support(in size: ImageSize) -> Float {
    let joints = Duplicates.joints
    return joints.reduce(0) { sum, joint in
      let landmark = landmarks[joint]
      return landmark.isInside(size) ? sum + landmark.support : sum
    } / Float(joints.count)
  }
}

extension Landmark where Frame == Pixels {
  /// Whether the point lies inside a picture.
  func isInside(_ size: ImageSize) -> Bool {
    x >= 0 && y >= 0 && x < Float(size.width) && y < Float(size.height)
  }
}

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
  init(_ estimate: PoseEstimate, evidence: Float, even: Float) {
    self.estimate = estimate
    confidence = 1 / (1 + pow(even / evidence, 3.7))
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
      let inside =
        landmark.x >= 0 && landmark.y >= 0 && landmark.x < Float(size.width)
        && landmark.y < Float(size.height)
      return inside ? sum + landmark.support : sum
    } / Float(joints.count)
  }
}

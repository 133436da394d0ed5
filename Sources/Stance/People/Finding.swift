import Images

/// A person that was found, and how sure that is.
struct Finding {
  /// Landmarks in pixels of the original.
  var estimate: PoseEstimate
  /// 0...1; ranks people.
  var confidence: Float
}

extension PoseEstimate {
  /// How sure one look is that this is a person, rightly placed: 0...1.
  func confidence(in size: ImageSize) -> Float {
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

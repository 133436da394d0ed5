/// Results of a mirrored crop, turned back.
enum Mirror {
  /// Where each of the model's 39 landmarks is in the mirror: left and right exchanged.
  private static let partners: [Int] = {
    let names = LandmarkName.allCases
    return (0..<LandmarkDecoder.modelCount).map { index in
      guard index < names.count else { return index }
      let word = names[index].rawValue
      let other =
        word.hasPrefix("left")
        ? "right" + word.dropFirst(4)
        : word.hasPrefix("right")
          ? "left" + word.dropFirst(5)
          : word == "mouthLeft" ? "mouthRight" : word == "mouthRight" ? "mouthLeft" : word
      return LandmarkName(rawValue: other)?.index ?? index
    }
  }()

  /// The same landmarks and world landmarks as if the crop had not been mirrored.
  static func back(
    _ landmarks: [Landmark<Crop>], _ world: [Landmark<World>]
  ) -> ([Landmark<Crop>], [Landmark<World>]) {
    (
      landmarks.indices.map { index in
        var landmark = landmarks[partners[index]]
        landmark.x = 1 - landmark.x
        return landmark
      },
      world.indices.map { index in
        var landmark = world[partners[index]]
        landmark.x = -landmark.x
        return landmark
      }
    )
  }
}

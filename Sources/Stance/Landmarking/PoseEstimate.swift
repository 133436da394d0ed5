/// What the landmark model says of one region, in the picture's coordinates.
package struct PoseEstimate: Sendable, Hashable {
  /// Where the model looked.
  package var region: RegionOfInterest
  /// The score, 0...1, of what proposed the body: the detector's or a scout's.
  package var score: Float
  /// The pose flag: the model's probability, 0...1, that there is a person.
  package var presence: Float
  /// 33 landmarks in pixels of the picture.
  package var landmarks: Landmarks<Pixels>
  /// 33 landmarks in metres.
  package var worldLandmarks: Landmarks<World>
  /// The two auxiliary landmarks, from which the next region follows: the middle of the hips and a point on the
  /// circle round the body.
  package var auxiliary: [Landmark<Pixels>]
  /// Segmentation logits of the crop, 256 × 256, row-major; empty when the network does not give them.
  package var segmentation: [Float]
}

extension PoseEstimate {
  /// Whether a box, in pixels of the picture, is round this body.
  func explains(_ box: PixelBox) -> Bool {
    let mine = PixelBox(round: landmarks)
    return mine.overlap(with: box) > 0.3
      || mine.sharedArea(with: box) > 0.6 * min(mine.area, box.area)
  }
}

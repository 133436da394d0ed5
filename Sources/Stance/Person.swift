public import Images

/// One person found in a picture.
public struct Person: Sendable, Hashable {
  /// Who it is among the people of a video: from 1 in order of appearance, never used twice; nil in a still.
  public var id: Int?
  /// The score, 0...1, of what proposed the person: the detector's, or where it saw nobody the scout's; nil when nothing
  /// had to, since the person was followed from the frame before.
  public var score: Float?
  /// The landmark model's pose flag: its probability, 0...1, that a person is there.
  public var presence: Float
  /// The probability, 0...1, that this is a person, rightly placed: ranks people. How it was calibrated says
  /// docs/accuracy.md.
  public var confidence: Float
  /// Round the landmarks that are probably visible (all of them, if none is), in pixels of the upright picture.
  public var box: PixelBox
  /// 33 landmarks in parts of the picture.
  public var landmarks: Landmarks<Normalized>
  /// 33 landmarks in metres, origin in the middle of the hips.
  public var worldLandmarks: Landmarks<World>
  /// Where this person is, in the picture's size; only when segmentation was asked for.
  public var mask: Mask?
  /// The landmarks as the model gave them; only when ``TrackingOptions/keepsRaw`` asks for them.
  public var raw: RawLandmarks?
  /// Whether this sight was filled in between others by a ``SecondPass``: nobody looked. Its landmarks are not
  /// ``Landmark/seen``.
  public var isFilled = false
  /// Whether a ``SecondPass`` is in doubt that this is the one who had the id before.
  public var isUncertain = false
  /// What a second pass will want to know.
  package var clues: SightClues?

  /// A person of the given parts.
  public init(
    id: Int? = nil, score: Float?, presence: Float, confidence: Float, box: PixelBox,
    landmarks: Landmarks<Normalized>,
    worldLandmarks: Landmarks<World>, mask: Mask? = nil
  ) {
    self.id = id
    self.score = score
    self.presence = presence
    self.confidence = confidence
    self.box = box
    self.landmarks = landmarks
    self.worldLandmarks = worldLandmarks
    self.mask = mask
  }
}

/// A person's landmarks as the model gave them, unsmoothed.
public struct RawLandmarks: Sendable, Hashable {
  /// 33 landmarks in parts of the picture.
  public var landmarks: Landmarks<Normalized>
  /// 33 landmarks in metres, origin in the middle of the hips.
  public var worldLandmarks: Landmarks<World>

  /// Landmarks of one person.
  public init(landmarks: Landmarks<Normalized>, worldLandmarks: Landmarks<World>) {
    self.landmarks = landmarks
    self.worldLandmarks = worldLandmarks
  }
}

/// An upright rectangle in pixels of the upright picture: origin top left, x right, y down.
public struct PixelBox: Sendable, Hashable, CustomStringConvertible {
  /// The left edge.
  public var x: Float
  /// The top edge.
  public var y: Float
  /// To the right from `x`.
  public var width: Float
  /// Down from `y`.
  public var height: Float

  /// A rectangle of the given edges.
  public init(x: Float, y: Float, width: Float, height: Float) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// "x,y,width,height".
  public var description: String { "\(x),\(y),\(width),\(height)" }
}

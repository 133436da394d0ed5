import Images

/// The people in one frame of a video.
public struct TrackedFrame: Sendable {
  /// The frame's number in the source, from 0.
  public var index: Int
  /// The frame's time in seconds of the source.
  public var time: Double
  /// Who was seen, each with an id, in order of the ids; model and timing.
  public var result: PoseResult
  /// Ids of people who are remembered but were not seen, in order.
  public var lost: [Int]
  /// What the frame took.
  public var passes: PassCount
  /// Whether nothing says that bodies go on where they were: after a cut, or a gap in time. Kept from the tracker for a
  /// second pass alone.
  package var isCut = false

  /// A frame of the given parts.
  public init(
    index: Int, time: Double, result: PoseResult, lost: [Int], passes: PassCount = PassCount()
  ) {
    self.index = index
    self.time = time
    self.result = result
    self.lost = lost
    self.passes = passes
  }

  /// Who was seen, each with an id, in order of the ids.
  public var people: [Person] { result.people }
}

/// How many passes of the models a frame took.
public struct PassCount: Sendable, Hashable {
  /// Of the landmark model.
  public var landmarks: Int
  /// Of BlazePose's detector.
  public var detector: Int
  /// Of the scouts, MoveNet and NanoDet.
  public var scouts: Int

  /// So many of each.
  public init(landmarks: Int = 0, detector: Int = 0, scouts: Int = 0) {
    self.landmarks = landmarks
    self.detector = detector
    self.scouts = scouts
  }
}

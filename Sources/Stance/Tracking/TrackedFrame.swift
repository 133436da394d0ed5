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
  package var passes = PassCount()

  /// A frame of the given parts.
  public init(index: Int, time: Double, result: PoseResult, lost: [Int]) {
    self.index = index
    self.time = time
    self.result = result
    self.lost = lost
  }

  /// Who was seen, each with an id, in order of the ids.
  public var people: [Person] { result.people }
}

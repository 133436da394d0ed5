/// How a person is held in one frame: by rules, and by labelled poses.
public struct PostureReading: Sendable, Hashable {
  /// By rules on angles.
  public var posture: Posture
  /// The labelled pose that this one is like; nil where it is like none, or too little was seen.
  ///
  /// Votes are smoothed over 0.15 s; a label is entered at 0.6 of them and left at 0.4.
  public var label: String?
  /// The label's share of the votes, 0...1, smoothed; nil without a label.
  public var confidence: Double?
  /// The mean difference to the nearest samples, where a body's size is 100; nil where too little was seen.
  public var distance: Double?
}

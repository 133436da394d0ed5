import Images

/// A body that was seen in a frame.
struct Sight {
  var estimate: PoseEstimate
  var colors: ColorSignature?
  /// The detector's or scout's score, when that found it.
  var score: Float?
  /// How well a scout agrees, 0...1; 1 if none was asked.
  var agreement: Float = 1
  /// Whether this is enough for somebody new, not only for somebody who is back.
  var isSure = true
}

/// A person in a frame of a session.
struct TrackedPerson: Sendable {
  let key: Track.Key
  /// As smoothed, in pixels of the picture.
  var estimate: PoseEstimate
  /// As the model gave it.
  var raw: PoseEstimate
  /// What the person wears, as seen in this frame.
  var colors: ColorSignature?
  /// The score of what found the person in this frame; nil when the track led to him.
  var score: Float?
  /// Where the person is; only when segmentation was asked for.
  var mask: Mask?
}

/// What a session says of one frame.
struct SessionFrame: Sendable {
  /// Everybody in the frame, whether sure to be somebody or not.
  var people: [TrackedPerson]
  /// Tracks that are surely of people.
  var confirmed: [Track.Key]
  /// Tracks of which that is still open.
  var open: [Track.Key]
  /// Tracks of people who are out of sight.
  var lost: [Track.Key]
  /// Whether nothing says that bodies go on where they were: after a cut, or a gap in time.
  var isCut = false
}

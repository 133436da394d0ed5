public import Images
public import Inference

/// Everything that one detection found, and what it took.
public struct PoseResult: Sendable {
  /// The upright original's size; landmarks and boxes refer to it.
  public var imageSize: ImageSize
  /// The landmark model that was used.
  public var complexity: Complexity
  /// The search that was made.
  public var search: SearchMode
  /// The arithmetic that was used.
  public var precision: Precision
  /// Best first, by a quick search in the detector's order; empty when nobody was found.
  public var people: [Person]
  /// How many people were found: more than there are ``people`` when there were more than ``PoseOptions/maxPeople``.
  /// After a quick search those beyond are the detector's candidates, not judged.
  public var peopleFound: Int
  /// How long each part took.
  public var timing: PoseTiming

  /// A result of the given parts.
  public init(
    imageSize: ImageSize, complexity: Complexity, search: SearchMode, precision: Precision,
    people: [Person], peopleFound: Int? = nil, timing: PoseTiming
  ) {
    self.imageSize = imageSize
    self.complexity = complexity
    self.search = search
    self.precision = precision
    self.people = people
    self.peopleFound = peopleFound ?? people.count
    self.timing = timing
  }
}

/// The time that the parts of one detection took.
public struct PoseTiming: Sendable, Hashable {
  /// From bytes to pixels; next to nothing when pixels were given.
  public var decode: Duration
  /// From pixels to regions of interest.
  public var detect: Duration
  /// From regions to landmarks, all people together.
  public var landmarks: Duration
  /// From call to answer, waiting for a free engine included; an answer over HTTP tells of that wait elsewhere.
  public var total: Duration

  /// A timing of the given parts.
  public init(
    decode: Duration = .zero, detect: Duration = .zero, landmarks: Duration = .zero,
    total: Duration = .zero
  ) {
    self.decode = decode
    self.detect = detect
    self.landmarks = landmarks
    self.total = total
  }
}

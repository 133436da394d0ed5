/// How much work the landmark model does for its exactness.
public enum Complexity: Int, Sendable, Hashable, CaseIterable {
  case lite = 0
  case full = 1
  case heavy = 2

  /// The model's name: "lite", "full" or "heavy".
  public var name: String {
    switch self {
    case .lite: "lite"
    case .full: "full"
    case .heavy: "heavy"
    }
  }
}

/// What to look for in a picture: the parameters of one detection.
public struct PoseOptions: Sendable, Hashable {
  /// The landmark model. Full by default.
  public var complexity: Complexity
  /// At most so many people are returned, best first; by a quick search in the detector's order. 20 by default.
  public var maxPeople: Int
  /// The detector's score, 0...1, from which a detection counts in a quick search. 0.5 by default.
  public var minDetectionConfidence: Float
  /// The landmark model's pose flag, 0...1, above which a person counts in a quick search. 0.5 by default.
  public var minTrackingConfidence: Float
  /// How much is done to find everybody. Automatic by default: see docs/accuracy.md for what each finds and takes.
  public var search: SearchMode
  /// Where to look, in pixels of the upright picture: a person counts whose hips' middle is in one of these. Empty, the
  /// default, is everywhere; at most ``maxRegions``.
  public var regions: [PixelBox]
  /// Whether each person gets a ``Person/mask``. Off by default: it costs time.
  public var segmentation: Bool

  /// The confidences' defaults are MediaPipe's.
  public init(
    complexity: Complexity = .full, maxPeople: Int = 20, minDetectionConfidence: Float = 0.5,
    minTrackingConfidence: Float = 0.5, search: SearchMode = .auto,
    regions: [PixelBox] = [], segmentation: Bool = false
  ) {
    self.complexity = complexity
    self.maxPeople = maxPeople
    self.minDetectionConfidence = minDetectionConfidence
    self.minTrackingConfidence = minTrackingConfidence
    self.search = search
    self.regions = regions
    self.segmentation = segmentation
  }
}

extension PoseOptions {
  /// So many regions may be given: each costs as much as a picture.
  public static let maxRegions = 16

  /// - Throws: `PoseError` with `.badOption` when a number is outside its range.
  package func validate() throws(PoseError) {
    guard maxPeople >= 1 else {
      throw PoseError(.badOption, "maxPeople is \(maxPeople); it must be at least 1")
    }
    for (name, value) in [
      ("minDetectionConfidence", minDetectionConfidence),
      ("minTrackingConfidence", minTrackingConfidence),
    ] where !(0...1).contains(value) {
      throw PoseError(.badOption, "\(name) is \(value); it must be from 0 to 1")
    }
    guard regions.count <= Self.maxRegions else {
      throw PoseError(
        .badOption, "there are \(regions.count) regions; there may be at most \(Self.maxRegions)")
    }
    for region in regions {
      let isFinite = [region.x, region.y, region.width, region.height].allSatisfy(\.isFinite)
      guard isFinite, region.width > 0, region.height > 0 else {
        throw PoseError(
          .badOption, "the region \(region) is no rectangle: x,y,width,height in pixels")
      }
    }
  }
}

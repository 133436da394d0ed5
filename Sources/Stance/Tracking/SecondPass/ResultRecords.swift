/// A frame of the first pass as it lies in a ``ResultStore``; its people follow each other by number.
struct FrameRecord: BitwiseCopyable {
  var index: Int
  var time: Double
  var width, height: Int32
  /// The first of its sights, or ``SightRecord/none``.
  var firstSight: Int32
  /// How many cuts and gaps in time were before it, or at it.
  var scene: Int32
  var landmarkPasses, detectorPasses, scoutPasses: Int32
  /// Seconds.
  var decode, detect, landmarks, total: Double
}

/// One person in one frame as it lies in a ``ResultStore``, before the floats.
struct SightRecord: BitwiseCopyable {
  /// No sight.
  static let none: Int32 = -1

  var frame: Int32
  var id: Int32
  /// The same person's next sight, or ``none``.
  var next: Int32 = none
  /// The next sight in the same frame, or ``none``.
  var nextInFrame: Int32 = none
  var isFilled = false
  var isUncertain = false
  var score: Float?
  var presence, confidence: Float
  /// In pixels; nil where it is not known.
  var bodyRadius: Float?
}

/// The floats behind a sight's record.
enum SightFloats {
  /// x, y, z, visibility, presence, support, as they lie in a ``Landmark``.
  static let perLandmark = MemoryLayout<Landmark<Pixels>>.stride / MemoryLayout<Float>.stride
  private static let perBody = perLandmark * LandmarkName.count
  /// In bytes.
  static let bodySize = perBody * MemoryLayout<Float>.stride
  /// Three a place.
  static let colors = 0
  static let landmarks = 3 * ColorSignature.placeCount
  static let worldLandmarks = landmarks + perBody
  static let rawLandmarks = worldLandmarks + perBody
  static let rawWorldLandmarks = rawLandmarks + perBody

  static func count(withRaw: Bool) -> Int {
    withRaw ? rawWorldLandmarks + perBody : rawLandmarks
  }
}

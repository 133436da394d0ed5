import Stance

/// The first line of results as it lies in JSON.
struct HeaderReading: Decodable {
  private struct Source: Decodable {
    var file: String
    var width: Int
    var height: Int
    var codec: String?
    var frameRate: Double?
    var duration: Double?
    var frames: Int?
  }

  private struct Options: Decodable {
    var complexity: Word<Complexity>
    var maxPeople: Int
    var minDetectionConfidence: Float
    var minTrackingConfidence: Float
    var search: Word<SearchMode>
    var region: [BoxReading]
    var segmentation: Bool
    var precision: Word<Precision>
    var memory: Double
    var follow: Word<TrackingOptions.Follow>?
    var start: Double?
    var duration: Double?
    var every: Int
    var slowMotion: Double?
    var raw: Bool?
  }

  private struct Smoothed: Decodable {
    var name: Word<Smoothing>
    var cutoff: Double?
    var cutoffUsed: Double?
    var designFrequency: Double?
    var frameRate: Double?

    var zeroLag: ZeroLagDesign? {
      guard let cutoff, let cutoffUsed, let designFrequency, let frameRate else { return nil }
      return ZeroLagDesign(
        cutoff: cutoff, cutoffUsed: cutoffUsed, designFrequency: designFrequency,
        frameRate: frameRate)
    }
  }

  private var source: Source
  private var options: Options
  private var passes: Int?
  private var smoothing: Smoothed

  var header: ResultsHeader {
    var tracking = TrackingOptions(
      smoothing: smoothing.name.value, memory: options.memory, follow: options.follow?.value,
      passes: passes, keepsRaw: options.raw ?? false)
    if let cutoff = smoothing.cutoff { tracking.cutoff = cutoff }
    return ResultsHeader(
      source: ResultsHeader.Source(
        file: source.file, size: ImageSize(width: source.width, height: source.height),
        codec: source.codec, frameRate: source.frameRate, duration: source.duration,
        frames: source.frames),
      selection: ResultsHeader.Selection(
        start: options.start, duration: options.duration, every: options.every,
        slowMotion: options.slowMotion ?? 1),
      pose: PoseOptions(
        complexity: options.complexity.value, maxPeople: options.maxPeople,
        minDetectionConfidence: options.minDetectionConfidence,
        minTrackingConfidence: options.minTrackingConfidence, search: options.search.value,
        regions: options.region.map(\.box), segmentation: options.segmentation),
      tracking: tracking, zeroLag: smoothing.zeroLag, precision: options.precision.value)
  }
}

/// A frame's line as it lies in JSON.
struct FrameReading: Decodable {
  private struct Size: Decodable {
    var width: Int
    var height: Int
  }

  private struct Model: Decodable {
    var complexity: Word<Complexity>
    var precision: Word<Precision>
    var search: Word<SearchMode>
  }

  private struct Timing: Decodable {
    var decode: Double
    var detect: Double
    var landmarks: Double
    var total: Double
  }

  private struct Passes: Decodable {
    var landmarks: Int
    var detector: Int
    var scouts: Int
  }

  private var frame: Int
  private var time: Double
  private var image: Size
  private var model: Model
  private var people: [PersonReading]
  private var lost: [Int]
  private var passes: Passes?
  private var peopleFound: Int?
  private var timing: Timing?

  func tracked() throws(PoseFormatError) -> TrackedFrame {
    var read: [Person] = []
    for person in people { read.append(try person.person()) }
    return TrackedFrame(
      index: frame, time: time,
      result: PoseResult(
        imageSize: ImageSize(width: image.width, height: image.height),
        complexity: model.complexity.value, search: model.search.value,
        precision: model.precision.value, people: read, peopleFound: peopleFound,
        timing: timing.map {
          PoseTiming(
            decode: .milliseconds($0.decode), detect: .milliseconds($0.detect),
            landmarks: .milliseconds($0.landmarks), total: .milliseconds($0.total))
        } ?? PoseTiming()),
      lost: lost,
      passes: passes.map {
        PassCount(landmarks: $0.landmarks, detector: $0.detector, scouts: $0.scouts)
      } ?? PassCount())
  }
}

private struct BoxReading: Decodable {
  var x: Float
  var y: Float
  var width: Float
  var height: Float

  var box: PixelBox { PixelBox(x: x, y: y, width: width, height: height) }
}

private struct PersonReading: Decodable {
  var id: Int?
  var score: Float?
  var confidence: Float
  var presence: Float
  var box: BoxReading
  var landmarks: [LandmarkReading]
  var worldLandmarks: [LandmarkReading]
  var rawLandmarks: [LandmarkReading]?
  var rawWorldLandmarks: [LandmarkReading]?
  var filled: Bool?
  var uncertain: Bool?

  func person() throws(PoseFormatError) -> Person {
    var person = Person(
      id: id, score: score, presence: presence, confidence: confidence, box: box.box,
      landmarks: try LandmarkReading.all(landmarks),
      worldLandmarks: try LandmarkReading.all(worldLandmarks))
    (person.isFilled, person.isUncertain) = (filled ?? false, uncertain ?? false)
    if let rawLandmarks, let rawWorldLandmarks {
      person.raw = RawLandmarks(
        landmarks: try LandmarkReading.all(rawLandmarks),
        worldLandmarks: try LandmarkReading.all(rawWorldLandmarks))
    }
    return person
  }
}

private struct LandmarkReading: Decodable {
  var name: String
  var x: Float
  var y: Float
  var z: Float
  var visibility: Float
  var presence: Float
  var seen: Bool?

  /// 33 in MediaPipe's order.
  static func all<Frame>(_ list: [LandmarkReading]) throws(PoseFormatError) -> Landmarks<Frame> {
    guard list.map(\.name) == LandmarkName.allCases.map(\.rawValue) else {
      throw PoseFormatError(
        code: .unreadable,
        message: "no line of results: a person needs the 33 landmarks in MediaPipe's order")
    }
    return Landmarks(
      list.map {
        Landmark(
          x: $0.x, y: $0.y, z: $0.z, visibility: $0.visibility, presence: $0.presence,
          support: $0.seen ?? true ? 1 : 0)
      })
  }
}

/// A value that is written as one word or number, and refused when it is none of the known.
private struct Word<Value: RawRepresentable>: Decodable where Value.RawValue: Decodable {
  var value: Value

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let raw = try container.decode(Value.RawValue.self)
    guard let value = Value(rawValue: raw) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(raw) is unknown")
    }
    self.value = value
  }
}

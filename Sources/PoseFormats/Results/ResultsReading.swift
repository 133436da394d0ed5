import Stance

/// A line as it lies in JSON, of whichever kind it is.
struct LineReading: Decodable {
  private enum Key: String, CodingKey { case stance, frame, image, end, error }

  private struct Failure: Decodable { var detail: String? }

  let line: ResultsLine

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    if let version = try keys.decodeIfPresent(String.self, forKey: .stance) {
      guard version == ResultsHeader.version else {
        throw PoseFormatError(
          code: .unreadable,
          message: "the results are \"\(version)\"; only \"\(ResultsHeader.version)\" can be read")
      }
      line = .header(try HeaderReading(from: decoder).header)
    } else if let frames = try keys.decodeIfPresent(Int.self, forKey: .end) {
      line = .end(frames: frames)
    } else if let failure = try keys.decodeIfPresent(Failure.self, forKey: .error) {
      line = .failure(failure.detail ?? "an error")
    } else if !keys.contains(.frame), keys.contains(.image) {
      line = try PhotoReading(from: decoder).line
    } else {
      line = .frame(try FrameReading(from: decoder).tracked())
    }
  }
}

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
  private enum Key: String, CodingKey { case frame, time, lost, passes }

  private struct Passes: Decodable {
    var landmarks: Int
    var detector: Int
    var scouts: Int
  }

  private let frame: Int
  private let time: Double
  private let lost: [Int]
  private let passes: Passes?
  private let result: ResultReading

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    frame = try keys.decode(Int.self, forKey: .frame)
    time = try keys.decode(Double.self, forKey: .time)
    lost = try keys.decode([Int].self, forKey: .lost)
    passes = try keys.decodeIfPresent(Passes.self, forKey: .passes)
    result = try ResultReading(from: decoder)
  }

  func tracked() throws(PoseFormatError) -> TrackedFrame {
    TrackedFrame(
      index: frame, time: time, result: try result.result(), lost: lost,
      passes: passes.map {
        PassCount(landmarks: $0.landmarks, detector: $0.detector, scouts: $0.scouts)
      } ?? PassCount())
  }
}

/// A photo's line as it lies in JSON.
struct PhotoReading: Decodable {
  private enum Key: String, CodingKey { case file }

  let line: ResultsLine

  init(from decoder: any Decoder) throws {
    let file = try decoder.container(keyedBy: Key.self).decodeIfPresent(String.self, forKey: .file)
    line = .photo(try ResultReading(from: decoder).result(), file: file)
  }
}

/// What a frame's line and a photo's have in common.
private struct ResultReading: Decodable {
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

  private var image: Size
  private var model: Model
  private var people: [PersonReading]
  private var peopleFound: Int?
  private var timing: Timing?

  func result() throws(PoseFormatError) -> PoseResult {
    guard image.width >= 1, image.height >= 1, max(image.width, image.height) <= Int32.max else {
      throw PoseFormatError(
        code: .unreadable,
        message: "no line of results: no picture has \(image.width)x\(image.height) pixels")
    }
    var read: [Person] = []
    for person in people { read.append(try person.person()) }
    return PoseResult(
      imageSize: ImageSize(width: image.width, height: image.height),
      complexity: model.complexity.value, search: model.search.value,
      precision: model.precision.value, people: read, peopleFound: peopleFound,
      timing: timing.map {
        PoseTiming(
          decode: Self.milliseconds($0.decode), detect: Self.milliseconds($0.detect),
          landmarks: Self.milliseconds($0.landmarks), total: Self.milliseconds($0.total))
      } ?? PoseTiming())
  }
}

extension ResultReading {
  /// At most thirty years: `Duration.milliseconds` traps far above.
  private static func milliseconds(_ number: Double) -> Duration {
    .milliseconds(min(max(0, number), 1e12))
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

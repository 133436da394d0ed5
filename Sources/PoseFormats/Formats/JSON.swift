import PoseMotion
import Stance

extension PoseFormat {
  /// One JSON object.
  public static let json = PoseFormat(
    name: "json", fileExtensions: ["json"], mediaType: "application/json",
    summary: "One JSON object a photo", division: .filePerFrame(suffix: ".json"),
    contents: .photos, encoding: .streamed { _ in JSONEncoder() })

  /// One JSON object a line (https://jsonlines.org): of many photos one stream, and of a clip the file of its results.
  public static let jsonLines = PoseFormat(
    name: "jsonl", fileExtensions: ["jsonl", "ndjson"], mediaType: "application/jsonl",
    summary: "Stance's own results, one JSON object a line",
    encoding: .streamed { JSONLinesEncoder(header: $0.header) })
}

private struct JSONEncoder: PoseEncoder {
  func encode(_ frame: ExportFrame) throws -> [UInt8] {
    try JSONObject(frame.result, file: frame.file).bytes
  }
}

private struct JSONLinesEncoder: PoseEncoder {
  let header: ResultsHeader?

  func begin() throws -> [UInt8] { try header.map { try ResultsLine.header($0).encoded() } ?? [] }

  func encode(_ frame: ExportFrame) throws -> [UInt8] {
    switch frame {
    case .frame(let frame): try ResultsLine.frame(frame).encoded()
    case .photo(let result, let file, _):
      try JSONObject(result, file: file).bytes + [UInt8(ascii: "\n")]
    }
  }
}

/// A result as the JSON object that every command, route and export starts from.
struct JSONObject {
  private var writer: JSONWriter

  var bytes: [UInt8] { writer.bytes }

  /// A still's result.
  ///
  /// - Parameter motion: the angles of its people, if they were made.
  init(
    _ result: PoseResult, file: String?, _ motion: MotionFrame? = nil
  ) throws(PoseFormatError) {
    try self.init(result, motion) { json in
      if let file { json.member("file", file) }
    }
  }

  /// A video frame's result.
  ///
  /// - Parameter motion: the angles and counts of the frame's people, if they were made.
  init(_ frame: TrackedFrame, _ motion: MotionFrame? = nil) throws(PoseFormatError) {
    try self.init(frame.result, motion) { (json) throws(PoseFormatError) in
      json.member("frame", frame.index)
      try json.member("time", frame.time)
    } andLast: { json in
      json.key("lost")
      json.array { json in
        for id in frame.lost { json.value(id) }
      }
      json.key("passes")
      json.object { json in
        json.member("landmarks", frame.passes.landmarks)
        json.member("detector", frame.passes.detector)
        json.member("scouts", frame.passes.scouts)
      }
    }
  }

  /// - Parameters:
  ///   - first: writes what stands before the result's own members.
  ///   - last: writes what stands after the people.
  private init(
    _ result: PoseResult, _ motion: MotionFrame? = nil,
    first: (inout JSONWriter) throws(PoseFormatError) -> Void,
    andLast last: (inout JSONWriter) -> Void = { _ in }
  ) throws(PoseFormatError) {
    // A landmark takes about 125 bytes, twice 33 of them a person.
    writer = JSONWriter(capacity: 512 + 9216 * result.people.count)
    try writer.object { (json) throws(PoseFormatError) in
      try first(&json)
      json.key("image")
      json.object {
        $0.member("width", result.imageSize.width)
        $0.member("height", result.imageSize.height)
      }
      json.key("model")
      json.object {
        $0.member("complexity", result.complexity.rawValue)
        $0.member("name", result.complexity.name)
        $0.member("precision", result.precision.rawValue)
        $0.member("search", result.search.rawValue)
      }
      json.key("people")
      try json.array { (json) throws(PoseFormatError) in
        for (place, person) in result.people.enumerated() {
          let people = motion?.people ?? []
          try Self.write(
            person, people.indices.contains(place) ? people[place] : nil, to: &json)
        }
      }
      last(&json)
      json.member("peopleFound", result.peopleFound)
      json.key("timing")
      json.object { Self.write(result.timing, to: &$0) }
    }
  }

  private static func write(
    _ person: Person, _ motion: PersonMotion?, to json: inout JSONWriter
  ) throws(PoseFormatError) {
    try json.object { (json) throws(PoseFormatError) in
      if let id = person.id { json.member("id", id) }
      if person.isFilled { json.member("filled", true) }
      if person.isUncertain { json.member("uncertain", true) }
      if let score = person.score { try json.member("score", score) }
      try json.member("confidence", person.confidence)
      try json.member("presence", person.presence)
      json.key("box")
      try json.object { (json) throws(PoseFormatError) in
        try json.member("x", person.box.x)
        try json.member("y", person.box.y)
        try json.member("width", person.box.width)
        try json.member("height", person.box.height)
      }
      json.key("landmarks")
      try write(person.landmarks, to: &json)
      json.key("worldLandmarks")
      try write(person.worldLandmarks, to: &json) { _, _ in }
      if let raw = person.raw {
        json.key("rawLandmarks")
        try write(raw.landmarks, to: &json)
        json.key("rawWorldLandmarks")
        try write(raw.worldLandmarks, to: &json) { _, _ in }
      }
      if let motion { try json.members(of: motion) }
    }
  }

  /// Landmarks with what only those of the picture have.
  private static func write(
    _ landmarks: Landmarks<Normalized>, to json: inout JSONWriter
  ) throws(PoseFormatError) {
    try write(landmarks, to: &json) {
      $1.member("inFrame", $0.inFrame)
      $1.member("seen", $0.seen)
    }
  }

  /// - Parameter addition: writes what only this frame's landmarks have.
  private static func write<Frame>(
    _ landmarks: Landmarks<Frame>, to json: inout JSONWriter,
    addition: (Landmark<Frame>, inout JSONWriter) -> Void
  ) throws(PoseFormatError) {
    try json.array { (json) throws(PoseFormatError) in
      for name in LandmarkName.allCases {
        let landmark = landmarks[name]
        try json.object { (json) throws(PoseFormatError) in
          json.member("name", name.rawValue)
          try json.member("x", landmark.x)
          try json.member("y", landmark.y)
          try json.member("z", landmark.z)
          try json.member("visibility", landmark.visibility)
          try json.member("presence", landmark.presence)
          addition(landmark, &json)
        }
      }
    }
  }

  private static func write(_ timing: PoseTiming, to json: inout JSONWriter) {
    json.member("decode", milliseconds: timing.decode)
    json.member("detect", milliseconds: timing.detect)
    json.member("landmarks", milliseconds: timing.landmarks)
    json.member("total", milliseconds: timing.total)
  }
}

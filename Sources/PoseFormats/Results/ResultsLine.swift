import FoundationEssentials
public import PoseMotion
public import Stance

/// A line of a file of results: of a clip, as `stance video --json` writes it, first what was looked at and how, then a frame
/// each; of photos, as `stance detect --json` writes it, a photo each.
///
///     for line in text.split(separator: "\n") {
///       if case .frame(let frame) = try ResultsLine(line.utf8) { print(frame.time, frame.people.count) }
///     }
///
/// What is written reads back without loss: the same line again. Of a landmark's `support` that is whether it was seen.
public enum ResultsLine: Sendable {
  /// The first line.
  case header(ResultsHeader)
  /// The people in one frame.
  case frame(TrackedFrame)
  /// The people in a photo, and its name, if it has one.
  case photo(PoseResult, file: String?)
  /// The last line of a clip's results over HTTP: so many frames, and nothing is missing.
  case end(frames: Int)
  /// The last line where something went wrong, and what.
  case failure(String)

  /// Reads one line of JSON; a line break at its end may be there or not.
  ///
  /// - Throws: `PoseFormatError` with `.unreadable` when it is none of these.
  public init(_ bytes: some Sequence<UInt8>) throws {
    do {
      self = try JSONDecoder().decode(LineReading.self, from: Data(bytes)).line
    } catch let error as DecodingError {
      throw PoseFormatError(code: .unreadable, message: "no line of results: \(error.reason)")
    }
  }

  /// A frame's line with the angles and counts of its people, which reading passes over: they come from the landmarks.
  ///
  /// - Throws: `PoseFormatError` when a number is not finite.
  public static func encoded(_ frame: TrackedFrame, with motion: MotionFrame) throws -> [UInt8] {
    try JSONObject(frame, motion).bytes + [UInt8(ascii: "\n")]
  }

  /// A frame's line with what the analyser makes of its people; the plain one where that is nothing.
  ///
  /// - Throws: `PoseFormatError` when a number is not finite.
  public static func encoded(
    _ frame: TrackedFrame, by analyser: inout MotionAnalyser
  ) throws -> [UInt8] {
    guard !analyser.options.isEmpty else { return try ResultsLine.frame(frame).encoded() }
    return try encoded(frame, with: analyser.add(frame))
  }

  /// A photo's line with the angles and postures of its people; the plain one where none are asked for.
  ///
  /// - Throws: `PoseFormatError` when a number is not finite.
  public static func encoded(
    _ result: PoseResult, file: String?, measuring options: MotionOptions
  ) throws -> [UInt8] {
    let isPlain = options.angles.isEmpty && options.postures == nil
    let motion = isPlain ? nil : MotionAnalyser.still(result, options)
    return try JSONObject(result, file: file, motion).bytes + [UInt8(ascii: "\n")]
  }

  /// The line with its line break.
  ///
  /// - Throws: `PoseFormatError` when a number is not finite.
  public func encoded() throws -> [UInt8] {
    switch self {
    case .header(let header): try header.json + [UInt8(ascii: "\n")]
    case .frame(let frame): try JSONObject(frame).bytes + [UInt8(ascii: "\n")]
    case .end(let frames): Array("{\"end\":\(frames)}\n".utf8)
    case .failure(let detail): Self.failureLine(detail)
    case .photo(let result, let file): try PoseFormat.jsonLines.encode(result, file: file)
    }
  }
}

extension ResultsLine {
  private static func failureLine(_ detail: String) -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.object { json in
      json.key("error")
      json.object { $0.member("detail", detail) }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}

extension DecodingError {
  /// What is wrong, and where.
  fileprivate var reason: String {
    func place(_ context: Context) -> String {
      let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      return path.isEmpty ? "" : " at \(path.joined(separator: "."))"
    }
    return switch self {
    case .keyNotFound(let key, let context): "\"\(key.stringValue)\" is missing\(place(context))"
    case .valueNotFound(_, let context): "a value is missing\(place(context))"
    case .typeMismatch(_, let context): "a value of another type was expected\(place(context))"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "it is not JSON" : "\(context.debugDescription)\(place(context))"
    @unknown default: "\(self)"
    }
  }
}

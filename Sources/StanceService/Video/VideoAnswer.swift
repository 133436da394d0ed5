import PoseFormats
import PoseMotion
import PoseVideo
import Stance
import Telemetry
import Video

/// Takes a piece of an answer, and waits for room for it; false when nobody wants more. Called from one thread or another.
typealias VideoTaker = @Sendable ([UInt8]) -> Bool

/// Makes the answer to a video while that is gone through, on the thread that does so: its pieces go to a ``VideoTaker``.
///
/// Nothing is given before there is a first result, so that what is found until then has a status of its own.
protocol VideoAnswer: AnyObject {
  /// What is made of the frames; nothing by default.
  func outputs(of reader: VideoReader) throws -> sending [any ClipOutput]
  func begin(_ header: ResultsHeader) throws
  func add(_ frame: TrackedFrame) throws
  /// That was the last frame, and all outputs are whole.
  ///
  /// - Parameter remarks: what is not as it was asked for, for a person.
  func end(frames: Int, remarks: [String]) throws
  /// What tells of a failure after the beginning; nil: only a broken connection can.
  func lastWords(of problem: Problem) -> [UInt8]?
}

extension VideoAnswer {
  func outputs(of reader: VideoReader) throws -> sending [any ClipOutput] { [] }
  func lastWords(of problem: Problem) -> [UInt8]? { nil }
}

/// Nobody takes the answer any more.
struct NobodyListens: Error {}

/// JSON Lines: what was looked at and how, a frame each, and at last how many there were, or what went wrong.
final class JSONLinesAnswer: VideoAnswer {
  private let take: VideoTaker
  private var analyser: MotionAnalyser
  private var head: [UInt8] = []

  /// - Parameter motion: what each person is told of beside landmarks.
  init(_ motion: MotionOptions, _ take: @escaping VideoTaker) {
    analyser = MotionAnalyser(motion)
    self.take = take
  }

  func begin(_ header: ResultsHeader) throws { head = try ResultsLine.header(header).encoded() }

  func add(_ frame: TrackedFrame) throws {
    try put(ResultsLine.encoded(frame, by: &analyser))
  }

  func end(frames: Int, remarks: [String]) throws {
    var members: [(name: String, value: JSONValue)] = [(name: "end", value: .integer(frames))]
    if !remarks.isEmpty {
      members.append((name: "remarks", value: .array(remarks.map { .text($0) })))
    }
    try put(Self.line(.object(members)))
  }

  func lastWords(of problem: Problem) -> [UInt8]? { Self.line(["error": problem.json]) }

  private func put(_ line: [UInt8]) throws {
    defer { head = [] }
    guard take(head + line) else { throw NobodyListens() }
  }

  private static func line(_ value: JSONValue) -> [UInt8] { Array((value.description + "\n").utf8) }
}

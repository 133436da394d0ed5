package import Files
import Stance

/// Kept results, read frame by frame: what `stance video --json` and `stance detect --json` write.
///
///     var reader = try ResultsReader("dance.jsonl")
///     while let frame = try reader.next() { print(frame.time ?? 0, frame.people.count) }
///
/// Memory holds one line, however many there are. Of a file that is cut off all whole lines are given before the error.
public struct ResultsReader: ~Copyable {
  /// The bytes that a line may have: 8 MiB, which is 400 people with their raw landmarks. To read it takes 25 times as many.
  public static let lineLimit = 8 << 20

  /// The first line of a clip's results; nil of photos' results.
  public let header: ResultsHeader?

  private var lines: LineReader
  private var number = 0
  private var photoCount = 0
  private var frameCount = 0
  private var lastTime = -Double.infinity
  private var lastIndex = -1
  /// Whether there was a line that says that nothing is missing.
  private var hasEnded = false
  /// The first line of photos' results, which is one of them already.
  private var pending: ResultsLine?
  private var failure: (any Error)?

  /// Opens results and reads their first line.
  ///
  /// - Throws: `FileError` when the file can't be read; `PoseFormatError` with `.unreadable` when it has no results.
  public init(_ path: String) throws {
    try self.init(try OpenFile(reading: path))
  }

  /// Reads the first line of an open file.
  ///
  /// - Parameters:
  ///   - lineLimit: the bytes that a line may have.
  ///   - isCancelled: asked ten times a second while nothing comes: whether to end as if that were all.
  package init(
    _ file: OpenFile, lineLimit: Int = lineLimit, isCancelled: @escaping () -> Bool = { false }
  ) throws {
    lines = LineReader(file, limit: lineLimit, isCancelled: isCancelled)
    var header: ResultsHeader?
    var pending: ResultsLine?
    switch try Self.line(&lines, &number) {
    case .header(let read): header = read
    case .photo(let result, let file): pending = .photo(result, file: file)
    case .failure(let detail):
      throw PoseFormatError(code: .unreadable, message: "it holds an error alone: \(detail)")
    case .frame, .end:
      throw PoseFormatError(
        code: .unreadable,
        message:
          "line 1 is no first line; a clip's results begin with {\"stance\": \"\(ResultsHeader.version)\""
      )
    case nil:
      throw PoseFormatError(code: .unreadable, message: "it is empty; lines of JSON are wanted")
    }
    (self.header, self.pending) = (header, pending)
  }

  /// The next frame, or photo; nil after the last.
  ///
  /// - Throws: `PoseFormatError` with `.unreadable` at a line that is cut off, too long or no result, whose number or time is
  ///   not after the last one's, or that has somebody twice; `FileError` when reading fails. The same again on every later
  ///   call.
  public mutating func next() throws -> ExportFrame? {
    if let failure { throw failure }
    do { return try read() } catch {
      failure = error
      throw error
    }
  }

  private mutating func read() throws -> ExportFrame? {
    guard let line = try pending.take() ?? Self.line(&lines, &number) else { return nil }
    guard !hasEnded else { throw unreadable("more follows the line that says that this is all") }
    switch line {
    case .frame(let frame):
      guard header != nil else { throw unreadable("a clip's frame among photos") }
      try check(frame)
      (lastIndex, lastTime) = (frame.index, frame.time)
      frameCount += 1
      return .frame(frame)
    case .photo(let result, let file):
      guard header == nil else { throw unreadable("a photo among a clip's frames") }
      defer { photoCount += 1 }
      return .photo(result, file: file, number: photoCount)
    case .header: throw unreadable("results of another clip begin")
    case .failure(let detail): throw unreadable("the results end with an error: \(detail)")
    case .end(let frames):
      guard frames == frameCount else {
        throw unreadable("the results end after \(frameCount) frames; there were \(frames)")
      }
      hasEnded = true
      return try read()
    }
  }

  /// Files and pictures are named by the frame's number, and tables have a place for an id once.
  private func check(_ frame: TrackedFrame) throws(PoseFormatError) {
    guard frame.time > lastTime else {
      throw unreadable("its time, \(frame.time) s, is not after the last frame's, \(lastTime) s")
    }
    guard frame.index > lastIndex else {
      throw unreadable(
        lastIndex < 0
          ? "frame \(frame.index); they are counted from 0"
          : "frame \(frame.index) comes after frame \(lastIndex)")
    }
    var ids: Set<Int> = []
    for case let id? in frame.people.map(\.id) where !ids.insert(id).inserted {
      throw unreadable("the id \(id) is there twice")
    }
  }

  private func unreadable(_ reason: String) -> PoseFormatError {
    PoseFormatError(code: .unreadable, message: "line \(number): \(reason)")
  }

  /// The next line that is not empty.
  private static func line(_ lines: inout LineReader, _ number: inout Int) throws -> ResultsLine? {
    while let (bytes, isWhole) = try nextLine(&lines, number) {
      number += 1
      if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
      do { return try ResultsLine(bytes) } catch let error as PoseFormatError {
        throw PoseFormatError(
          code: .unreadable,
          message: isWhole
            ? "line \(number): \(error.message)" : "line \(number), the last one, is cut off")
      }
    }
    return nil
  }

  private static func nextLine(
    _ lines: inout LineReader, _ number: Int
  ) throws -> (bytes: ArraySlice<UInt8>, isWhole: Bool)? {
    do { return try lines.next() } catch {
      guard case .tooLarge(let limit) = error.reason else { throw error }
      throw PoseFormatError(
        code: .unreadable, message: "line \(number + 1) has more than \(limit) bytes")
    }
  }
}

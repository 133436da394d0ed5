package import Files
package import Images
package import PoseRendering
package import Stance
package import Video

/// Where the pictures of a clip go: an MP4 on the disk, or on its way to somebody.
package protocol ClipWriter: Sendable {
  /// The file; nil where there is none.
  var file: String? { get }
  /// Takes the next picture, `ticks` after the video's beginning.
  func write(_ image: Image, ticks: Int64) throws
  /// That was the last one.
  ///
  /// - Returns: what is not as it was asked for, for a person.
  func finish() throws -> [String]
  /// Ends it where it is.
  ///
  /// - Returns: where it lies, nil where nothing does.
  func abandon() -> String?
}

extension VideoWriter: ClipWriter {
  package var file: String? { path }
  package func finish() throws -> [String] { try finish(lastFrameDuration: nil) }
}

extension VideoStreamWriter: ClipWriter {
  package var file: String? { nil }
  package func abandon() -> String? {
    do { try cut() } catch {
      // Said already, or nobody takes it.
      stop()
    }
    return nil
  }
}

/// A clip as an MP4 with the source's times: with the people drawn, or its masks in grey.
package struct EncodedClip: ClipOutput {
  private let writer: any ClipWriter
  /// The ticks of the source at which the output's time begins.
  private let origin: Int64
  /// Nil for masks.
  private var renderer: ClipRenderer?
  private var last: VideoError.Place?

  /// The clip with the people drawn, and with its sound.
  ///
  /// - Throws: `OutputFailure` when `path` can't be written, or is what is read.
  package init(
    drawnBy renderer: ClipRenderer, to path: String, of reader: VideoReader
  ) throws(OutputFailure) {
    try self.init(renderer, path, reader)
  }

  /// The clip's masks, white where people are, without sound.
  ///
  /// - Throws: `OutputFailure` when `path` can't be written, or is what is read.
  package init(masksTo path: String, of reader: VideoReader) throws(OutputFailure) {
    try self.init(nil, path, reader)
  }

  /// The same in fragments to who takes them: the clip with the people drawn, and with its sound, or its masks, without.
  ///
  /// - Parameters:
  ///   - renderer: nil for masks.
  ///   - take: as `VideoStreamWriter` says.
  /// - Throws: `VideoError` when no encoder can be started.
  package init(
    drawnBy renderer: ClipRenderer?, of reader: VideoReader,
    to take: @escaping @Sendable ([UInt8]) -> Bool
  ) throws {
    writer = try VideoStreamWriter(like: reader, withSound: renderer != nil, to: take)
    origin = reader.origin
    self.renderer = renderer
  }

  private init(
    _ renderer: ClipRenderer?, _ path: String, _ reader: VideoReader
  ) throws(OutputFailure) {
    do { writer = try VideoWriter(to: path, like: reader, withSound: renderer != nil) } catch {
      throw OutputFailure(path, "\(error)")
    }
    origin = reader.origin
    self.renderer = renderer
  }

  package mutating func add(_ frame: VideoFrame, _ people: TrackedFrame) throws {
    let picture = try picture(of: frame, people)
    let (ticks, isOutside) = frame.ticks.subtractingReportingOverflow(origin)
    // No video goes on for so long: the writer says so.
    do { try writer.write(picture, ticks: isOutside ? .max : ticks) } catch {
      throw told(error)
    }
    last = VideoError.Place(index: frame.index, time: frame.time)
  }

  private mutating func picture(of frame: VideoFrame, _ people: TrackedFrame) throws -> Image {
    guard renderer != nil else { return Image(people.result.maskOfAll) }
    var image = frame.image
    try renderer?.draw(people, on: &image)
    return image
  }

  package func finish() throws -> [String] {
    do {
      let remarks = try writer.finish()
      return writer.file.map { file in remarks.map { "\(file): \($0)" } } ?? remarks
    } catch {
      throw told(error)
    }
  }

  package func abandon() -> ClipRemains? {
    guard let path = writer.abandon(), let last else { return nil }
    return ClipRemains(path: path, lastFrame: last)
  }

  /// With the file that can't be written, if it is one.
  private func told(_ error: any Error) -> any Error {
    writer.file.map { OutputFailure($0, "\(error)") } ?? error
  }
}

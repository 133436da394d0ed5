package import Files
import Images
package import PoseRendering
package import Stance
package import Video

/// A clip as an MP4 with the source's times: with the people drawn, or its masks in grey.
package struct EncodedClip: ClipOutput {
  private let writer: VideoWriter
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
      throw OutputFailure(writer.path, "\(error)")
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
    do { return try writer.finish().map { "\(writer.path): \($0)" } } catch {
      throw OutputFailure(writer.path, "\(error)")
    }
  }

  package func abandon() -> ClipRemains? {
    guard let path = writer.abandon(), let last else { return nil }
    return ClipRemains(path: path, lastFrame: last)
  }
}

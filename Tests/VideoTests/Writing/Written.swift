import Foundation
import Images
import Processes
import TestSupport
import Testing
import Video

/// Videos that are written for a test, in a folder that is deleted with the last reference.
final class Written: Sendable {
  let folder: TemporaryFolder
  /// Where the video is to be.
  let path: String

  init(_ name: String = "out.mp4") throws {
    folder = try TemporaryFolder()
    path = folder.path + "/" + name
  }

  var partialPath: String { folder.path + "/out.partial.mp4" }

  /// What lies in the folder.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  /// Reads a video and writes all of it, as it is.
  @discardableResult
  func copy(_ source: String, _ options: VideoReadingOptions = VideoReadingOptions()) throws
    -> [String]
  {
    let reader = try VideoReader(.path(source), options: options)
    let writer = try VideoWriter(to: path, like: reader)
    while let frame = try reader.next() {
      try writer.write(frame.image, ticks: frame.ticks - reader.origin)
    }
    return try writer.finish()
  }

  /// Small frames at these times.
  static func write(
    _ ticks: some Sequence<Int64>, to writer: VideoWriter,
    size: ImageSize = ImageSize(width: 64, height: 48)
  ) throws {
    for (number, time) in ticks.enumerated() {
      try writer.write(image(number, size), ticks: time)
    }
  }

  /// A picture that changes with its number.
  static func image(_ number: Int, _ size: ImageSize = ImageSize(width: 64, height: 48)) -> Image {
    let pixels = [UInt8](
      repeating: UInt8(truncatingIfNeeded: 40 + 5 * number), count: 4 * size.pixelCount)
    return Image(size: size, bgrx: pixels)
  }
}

extension FFprobe {
  /// What it says of a file: a line "key=value" each, of the first stream of this kind ("v" or "a") and of the file.
  static func entries(_ path: String, _ stream: String, _ names: String) throws -> [String: String]
  {
    let result = try ChildProcess.run(
      Command(
        "ffprobe",
        [
          "-v", "error", "-select_streams", "\(stream):0", "-show_entries", names, "-of",
          "default=noprint_wrappers=1", path,
        ]),
      outputLimit: 1 << 20, timeout: .seconds(60))
    let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
    return Dictionary(
      lines.map { line in
        let parts = line.split(separator: "=", maxSplits: 1)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether ffmpeg decodes all of a file without a complaint.
  static func decodesCleanly(_ path: String) throws -> Bool {
    let result = try ChildProcess.run(
      Command("ffmpeg", ["-v", "error", "-nostdin", "-i", path, "-f", "null", "-"]),
      outputLimit: 1 << 20, timeout: .seconds(60))
    return result.succeeded && result.errors.isEmpty
  }
}

import Foundation
import Processes
import TestSupport
import Testing

/// A clip that ffmpeg makes for a test, deleted with the last reference.
final class MadeClip: Sendable {
  /// Where it lies.
  let path: String
  private let folder: TemporaryFolder

  /// Runs ffmpeg with these arguments and the clip's path.
  init(_ name: String, _ arguments: [String]) throws {
    folder = try TemporaryFolder()
    path = folder.path + "/" + name
    let result = try ChildProcess.run(
      Command("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments + [path]), outputLimit: 0,
      timeout: .seconds(60))
    guard result.succeeded else { throw Failure(description: result.errors) }
  }

  /// A clip of these bytes.
  init(_ name: String, bytes: [UInt8]) throws {
    folder = try TemporaryFolder()
    path = folder.path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// All of its bytes.
  var bytes: [UInt8] {
    get throws { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }
  }

  /// ffmpeg's arguments for a test picture that moves, 160x120 and 25 frames/s unless said otherwise.
  static func pattern(
    size: String = "160x120", rate: Int = 25, seconds: Double = 0.8
  ) -> [String] {
    ["-f", "lavfi", "-i", "testsrc2=size=\(size):rate=\(rate):duration=\(seconds)"]
  }

  /// Sound as a second input.
  static let sound = ["-f", "lavfi", "-i", "sine=duration=0.8"]

  /// A still of four colours: red, green, blue and white, from the top left in reading order.
  static let quarters = [
    "-f", "lavfi", "-i",
    "color=red:size=160x120:rate=10:duration=0.5,drawbox=80:0:80:60:lime:fill"
      + ",drawbox=0:60:80:60:blue:fill,drawbox=80:60:80:60:white:fill",
  ]

  static let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]

  /// 20 frames of H.264 with frames in another order than they are shown, and sound, in MP4 with its index in front.
  static let plain: Result<MadeClip, any Error> = Result {
    // Nothing lets go of a constant: its folder is deleted when the process ends.
    atexit {
      guard case .success(let clip) = MadeClip.plain else { return }
      try? FileManager.default.removeItem(atPath: clip.folder.path)
    }
    return try MadeClip(
      "plain.mp4",
      pattern() + sound + [
        "-c:v", "libx264", "-bf", "2", "-g", "10", "-pix_fmt", "yuv420p", "-movflags", "+faststart",
      ])
  }

  /// The same packets in another kind of file.
  static func plain(as name: String) throws -> MadeClip {
    try MadeClip(name, ["-i", plain.get().path, "-c", "copy"])
  }

  /// The same frames by another codec.
  static func plain(as name: String, codec: [String]) throws -> MadeClip {
    try MadeClip(name, ["-i", plain.get().path] + codec)
  }
}

/// What this machine's ffmpeg can make and read.
enum FFmpegHas {
  static func encoder(_ name: String) -> Bool {
    help("encoder=\(name)").contains("Encoder \(name)")
  }
  static func filter(_ name: String) -> Bool { help("filter=\(name)").contains("Filter \(name)") }

  private static func help(_ topic: String) -> String {
    let result = try? ChildProcess.run(
      Command("ffmpeg", ["-hide_banner", "-h", topic]), outputLimit: 1 << 20, timeout: .seconds(60))
    return result.map { String(decoding: $0.output, as: UTF8.self) } ?? ""
  }
}

/// What ffprobe says of a clip's first video stream.
enum FFprobe {
  /// The time of each frame, in ticks, in the order in which they are shown. A frame is a packet here: decoding takes longer.
  static func ticks(_ path: String) throws -> [Int64] { try ticks(path, "packet").sorted() }

  /// The same of the frames that come out of decoding.
  static func decodedTicks(_ path: String) throws -> [Int64] { try ticks(path, "frame") }

  private static func ticks(_ path: String, _ section: String) throws -> [Int64] {
    let result = try ChildProcess.run(
      Command(
        "ffprobe",
        [
          "-v", "error", "-select_streams", "V:0", "-show_entries", "\(section)=pts", "-of",
          "csv=print_section=0", path,
        ]),
      outputLimit: 1 << 20, timeout: .seconds(60))
    return String(decoding: result.output, as: UTF8.self)
      .split(whereSeparator: { ",\n".contains($0) }).compactMap { Int64($0) }
  }
}

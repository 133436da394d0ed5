import Foundation
import Glibc
import PoseFormats
import Processes
import Stance
import TestSupport

@testable import StanceService

/// Clips for requests, made by ffmpeg once.
enum VideoClips {
  /// 20 frames of 160x120 at 25 a second with sound, H.264 in MP4 with its index in front.
  static let plain = make(
    "plain.mp4", pattern("160x120", 0.8) + ["-f", "lavfi", "-i", "sine=duration=0.8"] + h264)
  /// 250 frames of 32x24, the last of them after 10 s.
  static let long = make("long.mp4", pattern("32x24", 10) + h264)
  /// 1500 frames of 32x24, the last of them after a minute.
  static let minute = make("minute.mp4", pattern("32x24", 60) + h264)
  /// 5 frames of more than a megapixel.
  static let large = make("large.mp4", pattern("1280x1024", 0.2) + h264)
  /// 50 frames; its header tells no duration.
  static let endless = make(
    "endless.mkv", pattern("160x120", 2) + h264 + ["-f", "matroska", "-live", "1"])
  static let gif = make("pattern.gif", pattern("64x48", 0.4))

  static let canMake: Bool = {
    if case .success = plain { true } else { false }
  }()

  private static let h264 = [
    "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p",
  ]

  private static func pattern(_ size: String, _ seconds: Double) -> [String] {
    ["-f", "lavfi", "-i", "testsrc2=size=\(size):rate=25:duration=\(seconds)"]
  }

  private static func make(_ name: String, _ arguments: [String]) -> Result<[UInt8], any Error> {
    Result {
      let folder = try TemporaryFolder()
      let path = folder.path + "/" + name
      let fast = name.hasSuffix("mp4") ? ["-movflags", "+faststart"] : []
      let result = try ChildProcess.run(
        Command("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments + fast + [path]),
        outputLimit: 0, timeout: .seconds(60))
      guard result.succeeded else { throw TestFailure(text: result.errors) }
      return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }

  /// What ffprobe says of a video: of each stream its codec and how many frames or packets there are.
  static func streams(of video: [UInt8]) throws -> [String] {
    let folder = try TemporaryFolder()
    let path = folder.path + "/answer.mp4"
    try Data(video).write(to: URL(fileURLWithPath: path))
    let result = try ChildProcess.run(
      Command(
        "ffprobe",
        [
          "-v", "error", "-count_frames", "-show_entries",
          "stream=codec_name,width,height,nb_read_frames", "-of", "csv=print_section=0", path,
        ]), outputLimit: 1 << 20, timeout: .seconds(60))
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The programs that this process has started and that still run, or are not reaped yet.
  static func children(named name: String = "ffmpeg") -> Int {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.count { process in
      guard Int(process) != nil,
        let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
      else { return false }
      let parent = stat[end...].split(separator: " ").dropFirst(2).first.flatMap { Int($0) }
      return parent == Int(getpid()) && stat.contains("(\(name))")
    }
  }
}

extension TestRequest {
  /// A video as the body.
  static func video(
    _ bytes: [UInt8], _ query: String = "", _ headers: [(String, String)] = []
  ) -> TestRequest {
    TestRequest(
      method: "POST", target: "/v1/video" + query,
      headers: [("Content-Type", "video/mp4")] + headers, body: bytes)
  }
}

extension TestAnswer {
  /// The body without its chunks' sizes, and whether its last chunk came.
  var stream: (bytes: [UInt8], isWhole: Bool) {
    guard self["transfer-encoding"] == "chunked" else { return (body, true) }
    var (rest, bytes) = (body[...], [UInt8]())
    while let end = rest.firstIndex(of: UInt8(ascii: "\r")) {
      guard let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16) else { break }
      if size == 0 { return (bytes, true) }
      let chunk = rest[end...].dropFirst(2).prefix(size)
      bytes += chunk
      rest = rest[chunk.endIndex...].dropFirst(2)
    }
    return (bytes, false)
  }

  /// The lines of JSON Lines.
  var lines: [[UInt8]] { stream.bytes.split(separator: UInt8(ascii: "\n")).map(Array.init) }

  /// The results among them.
  var frames: [TrackedFrame] {
    get throws {
      try lines.dropLast().compactMap {
        if case .frame(let frame) = try ResultsLine($0) { frame } else { nil }
      }
    }
  }

  /// What the first line says.
  var header: ResultsHeader? {
    get throws {
      guard let line = lines.first, case .header(let header) = try ResultsLine(line) else {
        return nil
      }
      return header
    }
  }

  /// The last line.
  var last: [String: Any] {
    get throws {
      try JSONSerialization.jsonObject(with: Data(lines.last ?? [])) as? [String: Any] ?? [:]
    }
  }

  /// The code of the problem in the last line.
  var lastCode: String? {
    get throws { try (last["error"] as? [String: Any])?["code"] as? String }
  }
}

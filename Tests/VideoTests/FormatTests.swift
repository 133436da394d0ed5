import Foundation
import Images
import TestSupport
import Testing
import Video

@Suite("Kinds of video files")
struct FormatTests {
  @Test(
    "The same packets give the same frames from each kind of file, with that file's times",
    arguments: ["plain.mov", "plain.mkv", "plain.ts", "plain.mp4"])
  func containers(name: String) throws {
    let clip = try MadeClip.plain(as: name)
    let read = try ReadVideo(clip.path)
    #expect(read.error == nil)
    #expect(read.ticks == (try FFprobe.ticks(clip.path)))
    #expect(read.indices == Array(0..<20))
    let original = try ReadVideo(MadeClip.plain.get().path)
    #expect(read.frames.map(\.image) == original.frames.map(\.image))
  }

  @Test("Times are those of the file, in seconds and in ticks; the header's facts are told")
  func times() throws {
    let path = try MadeClip.plain.get().path
    let read = try ReadVideo(path)
    #expect(read.times == (0..<20).map { Double($0) * 512 / 12800 })
    #expect(read.info.timeBase == TimeBase(1, 12800) && read.info.zero == 0)
    #expect(read.info.source == path && read.info.codec == "h264" && !read.info.isHDR)
    #expect(read.info.size == ImageSize(width: 160, height: 120))
    #expect(read.info.frameRate == 25 && read.info.frameCount == 20 && read.info.start == 0)
    #expect(abs((read.info.duration ?? 0) - 0.8) < 0.05)
  }

  @Test("MPEG-TS begins at time 0, with the earliest of its streams; its ticks are the file's own")
  func transportStream() throws {
    let clip = try MadeClip(
      "later.ts", ["-i", MadeClip.plain.get().path, "-c", "copy", "-muxdelay", "9"])
    let read = try ReadVideo(clip.path)
    #expect(read.ticks == (try FFprobe.ticks(clip.path)))
    #expect(read.ticks[0] > 90_000 && read.info.zero > 90_000)
    #expect(read.times[0] >= 0 && read.times[0] < 0.1)
    #expect(abs(read.info.start - read.times[0]) < 1e-9)
    #expect(abs(read.times[19] - read.times[0] - 19 * 0.04) < 1e-9)
  }

  struct Codec: Sendable, CustomTestStringConvertible {
    var name: String
    var words: [String]
    var file: String
    var testDescription: String { file }
    static let all = [
      Codec(
        name: "libvpx-vp9", words: ["-c:v", "libvpx-vp9", "-deadline", "realtime"], file: "vp9.webm"
      ),
      Codec(name: "libvpx", words: ["-c:v", "libvpx", "-deadline", "realtime"], file: "vp8.webm"),
      Codec(name: "libsvtav1", words: ["-c:v", "libsvtav1", "-preset", "10"], file: "av1.mp4"),
      Codec(name: "mpeg4", words: ["-c:v", "mpeg4", "-q:v", "2"], file: "mpeg4.avi"),
      Codec(name: "mjpeg", words: ["-c:v", "mjpeg", "-q:v", "2"], file: "mjpeg.avi"),
      Codec(name: "mjpeg", words: ["-c:v", "mjpeg", "-q:v", "2"], file: "mjpeg.mov"),
      Codec(name: "gif", words: ["-an", "-c:v", "gif"], file: "gif.gif"),
      Codec(
        name: "libx265",
        words: ["-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none"],
        file: "hevc10.mp4"),
    ].filter { FFmpegHas.encoder($0.name) }
  }

  @Test("Each codec gives all frames, in order, much as they were", arguments: Codec.all)
  func codecs(codec: Codec) throws {
    let clip = try MadeClip.plain(as: codec.file, codec: codec.words)
    let read = try ReadVideo(clip.path)
    #expect(read.error == nil)
    #expect(read.ticks == (try FFprobe.ticks(clip.path)))
    #expect(read.frames.count == 20)
    let original = try ReadVideo(MadeClip.plain.get().path)
    for (frame, other) in zip(read.frames, original.frames) {
      #expect(frame.image.difference(from: other.image) < 16, "\(frame.index)")
    }
  }

  @Test("A variable rate keeps each frame's own time")
  func variableRate() throws {
    let clip = try MadeClip(
      "vfr.mp4",
      MadeClip.pattern(rate: 30) + [
        "-vf",
        "select=not(eq(mod(n\\,7)\\,3))*not(between(n\\,12\\,15)),settb=1/90000,setpts=PTS+mod(N\\,3)*211",
        "-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-video_track_timescale", "90000",
      ] + MadeClip.h264)
    let read = try ReadVideo(clip.path)
    let ticks = try FFprobe.ticks(clip.path)
    #expect(read.error == nil && read.ticks == ticks && ticks.count == 17)
    #expect(Set(zip(ticks, ticks.dropFirst()).map { $1 - $0 }).count > 3)
    #expect(read.times == ticks.map { Double($0) / 90_000 })
  }

  @Test(
    "A file that was trimmed without decoding gives what is shown of it, without an error",
    arguments: ["trimmed.mp4", "trimmed.mkv"])
  func trimmed(name: String) throws {
    let long = try MadeClip(
      "long.mp4",
      MadeClip.pattern(size: "64x48", seconds: 3) + [
        "-c:v", "libx264", "-x264-params", "open-gop=1:keyint=20:bframes=3", "-pix_fmt", "yuv420p",
      ])
    let clip = try MadeClip(name, ["-ss", "1.1", "-i", long.path, "-t", "1.3", "-c", "copy"])
    let read = try ReadVideo(clip.path)
    #expect(read.error == nil, "\(String(describing: read.error))")
    #expect(read.ticks.count > 20)
    #expect(read.ticks == (try FFprobe.decodedTicks(clip.path)))
  }

  @Test("One frame is a video")
  func oneFrame() throws {
    let clip = try MadeClip("one.mp4", MadeClip.pattern() + ["-frames:v", "1"] + MadeClip.h264)
    let read = try ReadVideo(clip.path)
    #expect(read.error == nil && read.times == [0])
  }

  @Test(
    "Real clips: times to the tick as ffprobe's, and nothing is wrong with them",
    .enabled(if: TestData.isPresent, Comment(rawValue: TestData.missing)),
    arguments: [
      "motion/p2s_two_cam02.mp4", "motion/p2s_two_cam03.mp4", "motion/p2s_walk_vp9_aac.mp4",
      "video/mmpose_street.mp4", "video/openpose_street.avi", "video/tfjs_squats.mp4",
    ])
  func realClips(name: String) throws {
    let path = TestData.path(name)
    let ticks = try FFprobe.ticks(path)
    // All are decoded; fewer large frames are taken over.
    let every = name.hasPrefix("motion") ? 7 : 1
    let reader = try VideoReader(.path(path), options: VideoReadingOptions(every: every))
    var read: [Int64] = []
    while let frame = try reader.next() {
      #expect(frame.index == every * read.count)
      read.append(frame.ticks)
    }
    #expect(read == stride(from: 0, to: ticks.count, by: every).map { ticks[$0] })
    #expect(!ticks.isEmpty)
  }
}

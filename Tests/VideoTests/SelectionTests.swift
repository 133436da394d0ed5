import Testing
import Video

@Suite("Which frames are read")
struct SelectionTests {
  /// Compares what is read with these options with the wanted ones of all frames.
  private func check(
    _ path: String, among all: ReadVideo? = nil, _ options: VideoReadingOptions,
    _ wanted: (VideoFrame) -> Bool
  ) throws {
    let all = try all ?? ReadVideo(path)
    let read = try ReadVideo(path, options)
    let expected = all.frames.filter(wanted).enumerated().filter { $0.offset % options.every == 0 }
      .map(\.element)
    #expect(read.error == nil && !expected.isEmpty)
    #expect(read.indices == expected.map(\.index))
    #expect(read.ticks == expected.map(\.ticks) && read.times == expected.map(\.time))
    #expect(read.frames.map(\.image) == expected.map(\.image))
  }

  @Test("Every Nth frame keeps its time and its number", arguments: [2, 7, 1000])
  func every(count: Int) throws {
    try check(MadeClip.plain.get().path, VideoReadingOptions(every: count)) { _ in true }
  }

  @Test("A start that is a frame's time begins with that frame, and a duration ends before its end")
  func startAndDuration() throws {
    let path = try MadeClip.plain.get().path
    let all = try ReadVideo(path)
    try check(path, among: all, VideoReadingOptions(start: 0.28)) { $0.index >= 7 }
    try check(path, among: all, VideoReadingOptions(start: 0.2801)) { $0.index >= 8 }
    try check(path, among: all, VideoReadingOptions(duration: 0.28)) { $0.index < 7 }
    try check(path, among: all, VideoReadingOptions(start: 0.2, duration: 0.2)) {
      (5..<10).contains($0.index)
    }
    try check(path, among: all, VideoReadingOptions(start: 0.2, duration: 0.4, every: 4)) {
      (5..<15).contains($0.index)
    }
    try check(path, among: all, VideoReadingOptions(start: -5)) { _ in true }
  }

  @Test("A start in MPEG-TS counts from its first instant")
  func transportStream() throws {
    let clip = try MadeClip.plain(as: "plain.ts")
    try check(clip.path, VideoReadingOptions(start: 0.4, duration: 0.2)) {
      $0.time >= 0.4 && $0.time < 0.6
    }
  }

  @Test("A time after the end, and no time at all, give no frame and no error")
  func nothing() throws {
    let path = try MadeClip.plain.get().path
    for options in [
      VideoReadingOptions(start: 100), VideoReadingOptions(start: 1e300),
      VideoReadingOptions(duration: 0),
    ] {
      let read = try ReadVideo(path, options)
      #expect(read.frames.isEmpty && read.error == nil, "\(String(describing: read.error))")
    }
  }

  /// 24 s with a key frame every 2 s, frames stored in another order than shown.
  private static func long(_ name: String) throws -> MadeClip {
    try MadeClip(
      name,
      MadeClip.pattern(size: "64x48", rate: 10, seconds: 24) + [
        "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "20", "-pix_fmt", "yuv420p",
      ])
  }

  @Test(
    "A place far into a file is sought, and its frames keep their times and their numbers",
    arguments: ["long.mp4", "long.mkv", "long.ts", "long.avi"])
  func seek(name: String) throws {
    let clip = try Self.long(name)
    let all = try ReadVideo(clip.path)
    for start in [9.05, 22.0] {
      try check(clip.path, among: all, VideoReadingOptions(start: start, duration: 1, every: 3)) {
        $0.time >= start - 1e-6 && $0.time < start + 1 - 1e-6
      }
    }
  }

  @Test("Key frames far apart, with gaps in time between, are sought without losing a frame")
  func seekInGaps() throws {
    let clip = try MadeClip(
      "gaps.mp4",
      MadeClip.pattern(size: "64x48", rate: 10, seconds: 24) + [
        "-vf", "select=not(between(mod(n\\,50)\\,5\\,40))", "-fps_mode", "passthrough",
        "-c:v", "libx264", "-bf", "3", "-g", "14", "-pix_fmt", "yuv420p",
      ])
    let all = try ReadVideo(clip.path)
    for start in [7.0, 10.3, 14.9, 17.0] {
      try check(clip.path, among: all, VideoReadingOptions(start: start, duration: 3)) {
        $0.time >= start - 1e-6 && $0.time < start + 3 - 1e-6
      }
    }
  }
}

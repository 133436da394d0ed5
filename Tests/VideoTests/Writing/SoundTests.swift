import Foundation
import Glibc
import Images
import Processes
import TestSupport
import Testing
import Video

@Suite("Sound in a written video")
struct SoundTests {
  /// A click every half second from 0.25 s on, pictures at 10 frames a second, 3 s.
  private static func clip(_ name: String, _ codecs: [String]) throws -> MadeClip {
    try MadeClip(
      name,
      MadeClip.pattern(size: "64x48", rate: 10, seconds: 3) + [
        "-f", "lavfi", "-i",
        "aevalsrc=exprs='if(between(mod(t\\,0.5)\\,0.25\\,0.255)\\,0.8*sin(2*PI*1000*t)\\,0)':s=48000:d=3",
      ] + codecs)
  }

  /// Samples a second of what is heard.
  private let rate = 8_000

  /// What is heard of a file from its clock's 0 on.
  private func samples(_ path: String) throws -> [Int16] {
    let result = try ChildProcess.run(
      Command(
        "ffmpeg",
        [
          "-v", "error", "-nostdin", "-copyts", "-i", path, "-map", "0:a:0", "-af",
          "aresample=\(rate):async=1:first_pts=0:min_hard_comp=0.001", "-ac", "1", "-f", "s16le",
          "-",
        ]), outputLimit: 1 << 23, timeout: .seconds(60))
    return result.output.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
  }

  /// When the clicks of a file are heard, in seconds on its own clock.
  private func clicks(_ path: String) throws -> [Double] {
    var found: [Double] = []
    var quietSince = -rate
    for (place, value) in try samples(path).enumerated() where abs(Int(value)) > 8_000 {
      if place - quietSince > rate / 10 { found.append(Double(place) / Double(rate)) }
      quietSince = place
    }
    return found
  }

  /// The clicks of a source between two times, from there on, and of what was written.
  private func expectInStep(
    _ source: String, _ written: String, from start: Double = 0, to end: Double = 3,
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    let wanted = try clicks(source).filter { $0 > start && $0 < end }.map { $0 - start }
    let heard = try clicks(written)
    #expect(
      wanted.count > 1 && heard.count == wanted.count, "\(wanted), \(heard)", sourceLocation: place)
    // One frame of AAC.
    #expect(
      zip(wanted, heard).allSatisfy { abs($0 - $1) < 1024.0 / 48_000 }, "\(wanted), \(heard)",
      sourceLocation: place)
  }

  @Test(
    "Sound that MP4 holds is copied, other is encoded as AAC, and both stay in step",
    arguments: [
      ("a.mp4", "aac", "aac"), ("a.mkv", "libmp3lame", "mp3"), ("b.mkv", "libopus", "opus"),
      ("c.mkv", "flac", "flac"), ("d.mkv", "libvorbis", "aac"), ("a.mov", "pcm_s16le", "aac"),
      ("a.ts", "ac3", "ac3"),
    ])
  func codecs(name: String, encoder: String, codec: String) throws {
    guard FFmpegHas.encoder(encoder) else { return }
    let clip = try Self.clip(name, MadeClip.h264 + ["-c:a", encoder])
    let written = try Written()
    #expect(try written.copy(clip.path).isEmpty)
    let told = try FFprobe.entries(written.path, "a", "stream=codec_name:format=duration")
    #expect(told["codec_name"] == codec)
    #expect(told["duration"].flatMap(Double.init).map { abs($0 - 3) < 0.1 } == true, "\(told)")
    let zero = name.hasSuffix(".ts") ? try start(of: clip.path) : 0
    try expectInStep(clip.path, written.path, from: zero, to: zero + 3)
    // Not even the last packet is lost; 2 ms for rounded times.
    let wanted = try samples(clip.path).count - Int(zero * Double(rate))
    #expect(try samples(written.path).count >= wanted - rate / 500)
  }

  private func start(of path: String) throws -> Double {
    let told = try FFprobe.entries(path, "v", "format=start_time")
    return try #require(told["start_time"].flatMap(Double.init))
  }

  @Test("Without sound in the source, or when none is wanted, there is none")
  func none() throws {
    let silent = try MadeClip("silent.mp4", MadeClip.pattern(size: "64x48") + MadeClip.h264)
    let written = try Written()
    try written.copy(silent.path)
    #expect(try FFprobe.entries(written.path, "a", "stream=codec_name").isEmpty)
    let reader = try VideoReader(.path(MadeClip.plain.get().path))
    #expect(reader.sound?.codec == "aac")
    let writer = try VideoWriter(to: written.path, like: reader, withSound: false)
    try writer.write(try #require(try reader.next()).image, ticks: 0)
    try writer.finish()
    #expect(try FFprobe.entries(written.path, "a", "stream=codec_name").isEmpty)
  }

  @Test(
    "A part of a video has the sound of that part",
    arguments: [
      ("a.mp4", ["-c:a", "aac"]), ("a.mkv", ["-c:a", "libvorbis"]), ("a.ts", ["-c:a", "aac"]),
    ])
  func part(name: String, codec: [String]) throws {
    let clip = try Self.clip(name, MadeClip.h264 + ["-g", "10"] + codec)
    let written = try Written()
    #expect(try written.copy(clip.path, VideoReadingOptions(start: 1.1, duration: 1.5)).isEmpty)
    let zero = name.hasSuffix(".ts") ? try start(of: clip.path) : 0
    // The first frame may come a little after the start.
    let first = try FFprobe.entries(written.path, "v", "stream=start_time:format=duration")
    #expect(first["start_time"].flatMap(Double.init).map { $0 >= 0 && $0 < 0.1 } == true)
    #expect(first["duration"].flatMap(Double.init).map { abs($0 - 1.5) < 0.1 } == true, "\(first)")
    try expectInStep(clip.path, written.path, from: zero + 1.1, to: zero + 2.6)
  }

  @Test(
    "Sound that is longer than the pictures goes on, and shorter ends, both at the source's time")
  func lengths() throws {
    for seconds in [1.0, 6.0] {
      let clip = try MadeClip(
        "a.mp4",
        MadeClip.pattern(size: "64x48", rate: 10, seconds: 3) + [
          "-f", "lavfi", "-i", "sine=duration=\(seconds)",
        ] + MadeClip.h264)
      let written = try Written()
      #expect(try written.copy(clip.path).isEmpty)
      let told = try FFprobe.entries(written.path, "a", "stream=duration:format=duration")
      #expect(told["duration"].flatMap(Double.init).map { abs($0 - seconds) < 0.1 } == true)
      #expect(try FFprobe.ticks(written.path).count == 30)
    }
  }

  @Test("Sound that begins late has silence in front, and holds nothing back")
  func late() throws {
    let sound = try Self.clip("a.mp4", MadeClip.h264 + ["-c:a", "aac"])
    let clip = try MadeClip(
      "late.mp4",
      MadeClip.pattern(size: "64x48", rate: 10, seconds: 8) + [
        "-itsoffset", "5", "-i", sound.path, "-map", "0:v", "-map", "1:a", "-c:a", "copy",
      ] + MadeClip.h264)
    let written = try Written()
    let reader = try VideoReader(.path(clip.path))
    let writer = try VideoWriter(to: written.path, like: reader)
    for _ in 0..<45 {
      let frame = try #require(try reader.next())
      try writer.write(frame.image, ticks: frame.ticks - reader.origin)
    }
    // The fragments of the first four seconds are there before the first sound is.
    let deadline = ContinuousClock.now + .seconds(120)
    while try Data(contentsOf: URL(fileURLWithPath: written.partialPath)).isEmpty,
      ContinuousClock.now < deadline
    {
      usleep(10_000)
    }
    #expect(try !Data(contentsOf: URL(fileURLWithPath: written.partialPath)).isEmpty)
    while let frame = try reader.next() {
      try writer.write(frame.image, ticks: frame.ticks - reader.origin)
    }
    #expect(try writer.finish().isEmpty)
    try expectInStep(clip.path, written.path, to: 8)
  }

  /// Noise, which no codec makes small, and pictures at 10 frames a second.
  private static func noise(_ name: String, seconds: Int, _ codec: String) throws -> MadeClip {
    try MadeClip(
      name,
      MadeClip.pattern(size: "64x48", rate: 10, seconds: Double(seconds)) + [
        "-f", "lavfi", "-i", "anoisesrc=d=\(seconds):seed=1:a=0.3", "-b:a", "128k", "-c:a", codec,
      ] + MadeClip.h264)
  }

  @Test("A video that is abandoned has its sound as far as its pictures go, and a few seconds more")
  func abandoned() throws {
    let clip = try Self.noise("a.mp4", seconds: 30, "aac")
    let written = try Written()
    let reader = try VideoReader(.path(clip.path))
    let writer = try VideoWriter(to: written.path, like: reader)
    for _ in 0..<20 {
      let frame = try #require(try reader.next())
      try writer.write(frame.image, ticks: frame.ticks - reader.origin)
    }
    let partial = try #require(writer.abandon())
    #expect(try FFprobe.decodedTicks(partial).count == 20)
    #expect(try FFprobe.decodesCleanly(partial))
    let sound = try FFprobe.entries(partial, "a", "stream=duration")
    #expect(sound["duration"].flatMap(Double.init).map { $0 > 1.8 && $0 < 12 } == true, "\(sound)")
  }

  @Test(
    "Damaged sound leaves the pictures alone, and is told where it is decoded",
    arguments: ["aac", "libvorbis"])
  func damaged(codec: String) throws {
    let clip = try Self.noise("a.mkv", seconds: 3, codec)
    var bytes = try clip.bytes
    var random = SplitMix(seed: 5)
    let packets = try packets(clip.path)
    #expect(packets.count > 100)
    for packet in packets[20...] {
      for place in packet.place + 16..<packet.place + packet.size {
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
    }
    let damaged = try MadeClip("damaged.mkv", bytes: bytes)
    let written = try Written()
    let warnings = try written.copy(damaged.path)
    #expect(try FFprobe.ticks(written.path).count == 30)
    #expect(codec == "aac" || warnings.first?.contains("sound") == true, "\(warnings)")
  }

  @Test("Sound that can't be read at all is left out, and that is told")
  func unreadable() throws {
    // A codec that this ffmpeg does not know, by its name in Matroska.
    let clip = try Self.noise("a.mkv", seconds: 1, "flac")
    var bytes = try clip.bytes
    let name = try #require(bytes.firstRange(of: Array("A_FLAC".utf8)))
    bytes.replaceSubrange(name, with: Array("A_XXXX".utf8))
    let unknown = try MadeClip("unknown.mkv", bytes: bytes)
    let written = try Written()
    let warnings = try written.copy(unknown.path)
    #expect(warnings.count == 1 && warnings.first?.contains("left out") == true, "\(warnings)")
    #expect(try FFprobe.ticks(written.path).count == 10)
    #expect(try FFprobe.entries(written.path, "a", "stream=codec_name").isEmpty)
  }

  /// Where a clip's packets of sound lie.
  private func packets(_ path: String) throws -> [(place: Int, size: Int)] {
    let result = try ChildProcess.run(
      Command(
        "ffprobe",
        [
          "-v", "error", "-select_streams", "a:0", "-show_entries", "packet=pos,size", "-of",
          "csv=p=0", path,
        ]),
      outputLimit: 1 << 20, timeout: .seconds(60))
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").compactMap {
      let numbers = $0.split(separator: ",").compactMap { Int($0) }
      return numbers.count >= 2 ? (numbers[1], numbers[0]) : nil
    }
  }
}

import Foundation
import Images
import TestSupport
import Testing
import Video

@Suite("What a written video holds")
struct WritingTests {
  private static let size = ImageSize(width: 64, height: 48)

  /// Uneven steps of 1500 to 9000 ticks of 1/90000 s, from 2090 on.
  private static func uneven(_ count: Int, from first: Int64 = 2090) -> [Int64] {
    var random = SplitMix(seed: 3)
    var time = first
    return (0..<count).map { _ in
      defer { time += [1500, 3000, 3003, 4500, 9000].randomElement(using: &random) ?? 3000 }
      return time
    }
  }

  @Test("Uneven times come out to the tick, and the last frame lasts as long as was said")
  func unevenTimes() throws {
    let written = try Written()
    let ticks = Self.uneven(120)
    let writer = try VideoWriter(to: written.path, size: Self.size, timeBase: TimeBase(1, 90_000))
    try Written.write(ticks, to: writer)
    #expect(try writer.finish(lastFrameDuration: 2222).isEmpty)
    #expect(try FFprobe.ticks(written.path) == ticks)
    #expect(try FFprobe.decodedTicks(written.path) == ticks)
    let told = try FFprobe.entries(written.path, "v", "stream=time_base:format=duration")
    #expect(told["time_base"] == "1/90000")
    let end = Double(try #require(ticks.last) + 2222) / 90_000
    #expect(abs(Double(told["duration"] ?? "").map { $0 - end } ?? 1) < 1e-4, "\(told), \(end)")
    #expect(try written.names == ["out.mp4"])
  }

  @Test(
    "Every time base of a file that is read has its own ticks in the output",
    arguments: [
      (1, 1000), (1, 25), (1001, 30_000), (3, 2), (1, 100_000_000),
    ] as [(Int64, Int64)])
  func timeBases(numerator: Int64, denominator: Int64) throws {
    let written = try Written()
    let base = TimeBase(numerator, denominator)
    let step = max(1, denominator / numerator / 24)
    let ticks: [Int64] = [0, 1, 2, 5].map { $0 * step } + [7 * step + 1, 100 * step]
    let writer = try VideoWriter(to: written.path, size: Self.size, timeBase: base)
    try Written.write(ticks, to: writer)
    try writer.finish()
    #expect(try FFprobe.ticks(written.path) == ticks.map { $0 * numerator })
    #expect(
      try FFprobe.entries(written.path, "v", "stream=time_base")["time_base"] == "1/\(denominator)")
  }

  @Test(
    "Colours, format and level are what players expect, and an odd size is made even",
    arguments: [(64, 48, "64x48"), (63, 47, "64x48")])
  func tags(width: Int, height: Int, stored: String) throws {
    let written = try Written()
    let size = ImageSize(width: width, height: height)
    let writer = try VideoWriter(to: written.path, size: size, timeBase: TimeBase(1, 30))
    for number in 0..<5 {
      // Of the hues, red differs most between BT.601 and BT.709.
      let red = Image(
        size: size,
        rgb: [UInt8](repeating: 0, count: 3 * size.pixelCount).enumerated().map {
          $0.offset % 3 == 0 ? 230 : 20
        })
      try writer.write(red, ticks: Int64(number))
    }
    try writer.finish()
    let told = try FFprobe.entries(
      written.path, "v",
      "stream=codec_name,codec_tag_string,profile,level,pix_fmt,width,height,color_range,color_space"
        + ",color_transfer,color_primaries")
    #expect(told["codec_name"] == "h264" && told["codec_tag_string"] == "avc1")
    #expect(told["pix_fmt"] == "yuv420p" && told["color_range"] == "tv")
    #expect(["High", "Main", "Constrained Baseline"].contains(told["profile"]))
    #expect(told["level"].flatMap { Int($0) }.map { $0 <= 30 } == true, "\(told)")
    for key in ["color_space", "color_transfer", "color_primaries"] {
      #expect(told[key] == "bt709", "\(key)")
    }
    #expect("\(told["width"] ?? "")x\(told["height"] ?? "")" == stored)
    let read = try ReadVideo(written.path)
    #expect(read.frames.count == 5)
    let color = try #require(read.frames.last).image.color(x: 0, y: 0)
    #expect(zip(color, [20, 20, 230]).allSatisfy { abs($0 - $1) <= 8 }, "\(color)")
    // The index comes before the pictures.
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: written.path)))
    let (index, media) = (
      bytes.firstRange(of: Array("moov".utf8)), bytes.firstRange(of: Array("mdat".utf8))
    )
    #expect(try #require(index).lowerBound < #require(media).lowerBound)
  }

  @Test(
    "A turned video comes out upright and as long as it was, without a tag that turns it again or tells its title"
  )
  func turned() throws {
    let still = try MadeClip("still.mp4", MadeClip.quarters + MadeClip.h264)
    let clip = try MadeClip(
      "turned.mp4",
      ["-i", still.path, "-c", "copy", "-metadata:s:v", "rotate=90", "-metadata", "title=Secret"])
    let written = try Written()
    #expect(try written.copy(clip.path).isEmpty)
    let told = try FFprobe.entries(
      written.path, "v", "stream=width,height:stream_side_data=rotation:format=duration:format_tags"
    )
    #expect(!told.values.contains("Secret"))
    #expect(told["width"] == "120" && told["height"] == "160" && told["rotation"] == nil)
    #expect(told["duration"].flatMap(Double.init).map { abs($0 - 0.5) <= 0.1 } == true, "\(told)")
    #expect(
      try ReadVideo(written.path).frames.last?.image.corners == ["green", "white", "red", "blue"])
  }

  @Test("Frames that come all at one even rate, or one alone, last as long as they should")
  func durations() throws {
    for count in [1, 25] {
      let written = try Written()
      let writer = try VideoWriter(
        to: written.path, size: Self.size, timeBase: TimeBase(1, 12_800),
        options: VideoWritingOptions(preset: .ultrafast, frameRate: 25))
      try Written.write((0..<Int64(count)).map { $0 * 512 }, to: writer)
      try writer.finish()
      let told = try FFprobe.entries(written.path, "v", "format=duration")
      #expect(
        told["duration"].flatMap(Double.init).map { abs($0 - Double(count) / 25) < 1e-3 } == true)
    }
  }

  @Test("A gap that MP4 can't tell as one frame's length shows the frame before it again")
  func longGap() throws {
    for scale: Int64 in [1_000_000, 90_000] {
      try longGap(scale)
    }
  }

  private func longGap(_ scale: Int64) throws {
    let written = try Written()
    let writer = try VideoWriter(to: written.path, size: Self.size, timeBase: TimeBase(1, scale))
    let (hour, frame) = (3600 * scale, scale / 25)
    let given =
      (0..<6).map { $0 * frame } + (0..<6).map { hour + $0 * frame }
      + (0..<6).map { 2 * hour + $0 * frame }
    try Written.write(given, to: writer)
    try writer.finish()
    let ticks = try FFprobe.ticks(written.path)
    #expect(ticks.filter(given.contains) == given)
    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 <= 1 << 30 })
  }

  @Test("A frame of another size, or of a time that does not rise, is refused and does no harm")
  func badFrames() throws {
    let written = try Written()
    let writer = try VideoWriter(to: written.path, size: Self.size, timeBase: TimeBase(1, 30))
    try writer.write(Written.image(0), ticks: 3)
    for ticks: Int64 in [3, 2, -1, .min, .max] {
      let error = try #require(throws: VideoError.self) {
        try writer.write(Written.image(1), ticks: ticks)
      }
      #expect(error.code == .badFrame && error.message.contains("\(ticks)"), "\(error)")
    }
    let error = try #require(throws: VideoError.self) {
      try writer.write(Image.pattern(width: 48, height: 64), ticks: 4)
    }
    #expect(error.code == .badFrame && error.message.contains("48x64"), "\(error)")
    try writer.write(Written.image(2), ticks: 4)
    try writer.finish()
    #expect(try FFprobe.ticks(written.path) == [3, 4])
    #expect(throws: VideoError.self) { try writer.write(Written.image(3), ticks: 5) }
    #expect(throws: VideoError.self) { try writer.finish() }

    // Centuries, in ticks of a second: more nanoseconds than 64 bits hold.
    let coarse = try Written()
    let slow = try VideoWriter(to: coarse.path, size: Self.size, timeBase: TimeBase(1, 1))
    for ticks: Int64 in [9_300_000_000, 10_000_000_000, .max] {
      let error = try #require(throws: VideoError.self) {
        try slow.write(Written.image(0), ticks: ticks)
      }
      #expect(error.code == .badFrame, "\(error)")
    }
  }
}

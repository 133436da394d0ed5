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
      (1, 1000), (1, 25), (1001, 30_000), (1, 100), (1, 12_800), (1, 1_000_000), (1, 1), (3, 2),
      (1, 100_000_000),
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
}

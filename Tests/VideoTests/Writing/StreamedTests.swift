import Foundation
import Synchronization
import Testing
import Video

@Suite("A video that is written to who takes it", .timeLimit(.minutes(5)))
struct StreamedTests {
  /// What a writer gave so far.
  private final class Taken: Sendable {
    private let kept = Mutex<[UInt8]>([])
    var bytes: [UInt8] { kept.withLock { $0 } }
    func add(_ bytes: [UInt8]) { kept.withLock { $0 += bytes } }
  }

  @Test("has the frames at the source's times, and its sound, without a file")
  func whole() throws {
    let source = try MadeClip.plain.get()
    let reader = try VideoReader(.path(source.path))
    let taken = Taken()
    let writer = try VideoStreamWriter(like: reader) {
      taken.add($0)
      return true
    }
    while let frame = try reader.next() {
      try writer.write(frame.image, ticks: frame.ticks - reader.origin)
    }
    #expect(try writer.finish().isEmpty)
    let written = try MadeClip("taken.mp4", bytes: taken.bytes)
    #expect(try VideoReader(.path(written.path)).sound?.codec == "aac")
    let (mine, theirs) = try (ReadVideo(written.path), ReadVideo(source.path))
    #expect(mine.error == nil && mine.times.count == 20)
    withExtendedLifetime(written) {}
    for (time, wanted) in zip(mine.times, theirs.times) { #expect(abs(time - wanted) < 1e-6) }
  }

  @Test("that nobody takes any more tells its writer, and ends")
  func refused() throws {
    let source = try MadeClip("long.mp4", MadeClip.pattern(seconds: 20) + MadeClip.h264)
    let reader = try VideoReader(.path(source.path))
    let writer = try VideoStreamWriter(like: reader) { _ in false }
    #expect(throws: VideoError.self) {
      while let frame = try reader.next() {
        try writer.write(frame.image, ticks: frame.ticks - reader.origin)
      }
      _ = try writer.finish()
    }
    writer.stop()
  }

  @Test("without a frame is an error, and cut off it plays up to there")
  func early() throws {
    let reader = try VideoReader(.path(MadeClip.plain.get().path))
    let empty = try VideoStreamWriter(like: reader) { _ in true }
    #expect { _ = try empty.finish() } throws: { ($0 as? VideoError)?.code == .empty }
    let taken = Taken()
    let writer = try VideoStreamWriter(like: reader) {
      taken.add($0)
      return true
    }
    for _ in 0..<5 {
      let frame = try #require(try reader.next())
      try writer.write(frame.image, ticks: frame.ticks - reader.origin)
    }
    try writer.cut()
    let cut = try MadeClip("cut.mp4", bytes: taken.bytes)
    #expect(try ReadVideo(cut.path).frames.count == 5)
    withExtendedLifetime(cut) {}
  }
}

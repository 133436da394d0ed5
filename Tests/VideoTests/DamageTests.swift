import Images
import Testing
import Video

@Suite("Files that are cut off or damaged")
struct DamageTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var name: String
    var words: [String]
    var testDescription: String { name }
    static let all = [
      Kind(name: "cut.mp4", words: ["-c", "copy", "-movflags", "+faststart"]),
      Kind(name: "cut.mkv", words: ["-c", "copy"]), Kind(name: "cut.ts", words: ["-c", "copy"]),
      Kind(name: "cut.avi", words: ["-c:v", "mpeg4"]), Kind(name: "cut.gif", words: ["-an"]),
      Kind(name: "cut.webm", words: ["-c:v", "libvpx-vp9", "-deadline", "realtime"]),
      Kind(
        name: "vp9.mp4",
        words: [
          "-c:v", "libvpx-vp9", "-deadline", "realtime", "-movflags", "+faststart",
        ]),
    ].filter { !$0.words.contains("libvpx-vp9") || FFmpegHas.encoder("libvpx-vp9") }
  }

  @Test(
    "Cut off at every tenth: the whole frames before the cut, as they are, and an error that says where",
    arguments: Kind.all)
  func cutOff(kind: Kind) throws {
    let clip = try MadeClip.plain(as: kind.name, codec: kind.words)
    let whole = try ReadVideo(clip.path)
    #expect(whole.frames.count == 20 && whole.error == nil)
    let bytes = try clip.bytes
    var counts: [Int] = []
    for tenth in 0...9 {
      // An odd count, so that MPEG-TS is not cut between two packets.
      let cut = try MadeClip(kind.name, bytes: Array(bytes[..<(bytes.count * tenth / 10 | 1)]))
      let read: ReadVideo
      do {
        read = try ReadVideo(cut.path)
      } catch let error as VideoError {
        #expect([.damaged, .notAVideo, .noVideo].contains(error.code), "\(tenth): \(error)")
        #expect(tenth < 3, "\(tenth): \(error)")
        continue
      }
      let error = try #require(read.error, "\(tenth): \(read.frames.count) frames")
      #expect(error.code == .damaged && error.message.contains("cut off or damaged"), "\(error)")
      counts.append(read.frames.count)
      #expect(error.lastFrame?.index == read.frames.last?.index)
      #expect(error.lastFrame?.time == read.frames.last?.time)
      // By time: where frames are stored in another order than shown, some before the last may be missing.
      for frame in read.frames {
        let original = try #require(whole.frames.first { $0.ticks == frame.ticks })
        #expect(frame.image == original.image, "\(tenth): \(frame.index)")
        #expect((frame.index...frame.index + 2).contains(original.index))
      }
    }
    #expect(counts == counts.sorted() && counts.last ?? 0 >= 15, "\(counts)")
  }

  @Test(
    "Damage after the part that is read is no error", arguments: ["cut.mp4", "cut.ts", "cut.gif"])
  func partBeforeDamage(name: String) throws {
    let words =
      name.hasSuffix("gif")
      ? ["-an"] : ["-c", "copy"] + (name.hasSuffix("mp4") ? ["-movflags", "+faststart"] : [])
    let bytes = try MadeClip.plain(as: name, codec: words).bytes
    let cut = try MadeClip(name, bytes: Array(bytes[..<(bytes.count * 8 / 10 | 1)]))
    let read = try ReadVideo(cut.path, VideoReadingOptions(start: 0.1, duration: 0.2))
    #expect(read.error == nil, "\(String(describing: read.error))")
    #expect(read.frames.count == 5)
  }

  @Test("A file cut off before its index says so")
  func noIndex() throws {
    let clip = try MadeClip("late.mp4", MadeClip.pattern() + MadeClip.h264)
    let bytes = try clip.bytes
    let cut = try MadeClip("late.mp4", bytes: Array(bytes[..<(bytes.count / 2)]))
    let error = try #require(throws: VideoError.self) { try VideoReader(.path(cut.path)) }
    #expect(error.code == .damaged && error.message.contains("moov"), "\(error)")
  }

  @Test(
    "Bytes that were overwritten end the reading there, after whole frames",
    arguments: ["mp4", "mkv"])
  func overwritten(kind: String) throws {
    let clip = try MadeClip.plain(
      as: "hit.\(kind)", codec: ["-c", "copy", "-movflags", "+faststart"])
    let whole = try ReadVideo(clip.path)
    var bytes = try clip.bytes
    let middle = bytes.count * 6 / 10
    for position in middle..<middle + 1500 {
      bytes[position] = UInt8(truncatingIfNeeded: position &* 167)
    }
    let hit = try MadeClip("hit.\(kind)", bytes: bytes)
    let read = try ReadVideo(hit.path)
    let error = try #require(read.error)
    #expect(error.code == .damaged && error.message.contains("ffmpeg says"), "\(error)")
    #expect(error.lastFrame?.index == read.frames.last?.index)
    #expect((5..<20).contains(read.frames.count), "\(read.frames.count)")
    for frame in read.frames { #expect(frame.image == whole.frames[frame.index].image) }
  }

  @Test(
    "A stream that was cut out of the middle begins with its first whole frame, without an error")
  func middleOfStream() throws {
    let clip = try MadeClip.plain(as: "middle.ts")
    let bytes = try clip.bytes
    let cut = try MadeClip("middle.ts", bytes: Array(bytes[(bytes.count / 3 / 188 * 188)...]))
    let read = try ReadVideo(cut.path)
    #expect(read.error == nil, "\(String(describing: read.error))")
    let whole = try ReadVideo(clip.path)
    #expect((5..<20).contains(read.frames.count))
    #expect(read.ticks == Array(whole.ticks.suffix(read.frames.count)))
  }
}

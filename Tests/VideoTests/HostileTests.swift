import Foundation
import Glibc
import TestSupport
import Testing
import Video

@Suite("Files that lie or mean harm")
struct HostileTests {
  private func error(_ clip: MadeClip) throws -> VideoError {
    try #require(throws: VideoError.self) {
      let reader = try VideoReader(.path(clip.path))
      while try reader.next() != nil {}
    }
  }

  @Test(
    "A playlist under a video's name opens nothing",
    arguments: [
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:@\n#EXT-X-ENDLIST\n",
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
      "ffconcat version 1.0\nfile '@'\n",
      "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>",
      "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    ])
  func playlists(text: String) throws {
    let target = try MadeClip.plain.get().path
    let clip = try MadeClip("list.mp4", bytes: Array(text.replacing("@", with: target).utf8))
    #expect(try error(clip).code == .notAVideo)
  }

  @Test("Junk, text and nothing are no video")
  func junk() throws {
    #expect(try error(MadeClip("empty.mp4", bytes: [])).code == .empty)
    #expect(
      try error(MadeClip("text.mp4", bytes: Array("not a video at all\n".utf8))).code == .notAVideo)
    var random = SplitMix(seed: 7)
    let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(try error(MadeClip("noise.mp4", bytes: noise)).code == .notAVideo)
    let missing = try #require(throws: VideoError.self) {
      try VideoReader(.path("no/such/file.mp4"))
    }
    #expect(missing.code == .unreadable && missing.message.contains("no such file"))
  }

  @Test("Sound alone, and sound with a cover, are no video; a cover beside a video is passed over")
  func covers() throws {
    let sound = try MadeClip("sound.mp4", MadeClip.sound)
    #expect(try error(sound).code == .noVideo)
    let picture = try MadeClip("cover.png", MadeClip.quarters + ["-frames:v", "1"])
    let cover = ["-c:v:0", "png", "-disposition:v:0", "attached_pic"]
    let album = try MadeClip(
      "album.m4a", MadeClip.sound + ["-i", picture.path, "-map", "0", "-map", "1"] + cover)
    let failure = try error(album)
    #expect(failure.code == .noVideo && failure.message.contains("cover"))
    let both = try MadeClip(
      "both.mp4",
      [
        "-i", picture.path, "-i", MadeClip.plain.get().path, "-map", "0", "-map", "1:v", "-c:v:1",
        "copy",
      ]
        + cover)
    let read = try ReadVideo(both.path)
    #expect(read.frames.count == 20 && read.error == nil && read.info.codec == "h264")
  }

  @Test("Four hours in 10 kB end with the frames that are there")
  func claimedHours() throws {
    let clip = try MadeClip(
      "long.mkv",
      MadeClip.pattern(size: "64x48", seconds: 0.4) + ["-c:v", "libx264", "-preset", "ultrafast"])
    var bytes = try clip.bytes
    #expect(bytes.count < 12_000)
    // Duration: its name, its length, and milliseconds as a big-endian double.
    let name: [UInt8] = [0x44, 0x89, 0x88]
    let place = try #require(bytes.firstRange(of: name)).upperBound
    let hours = withUnsafeBytes(of: (4 * 3600 * 1000.0).bitPattern.bigEndian, Array.init)
    bytes.replaceSubrange(place..<place + 8, with: hours)
    let lying = try MadeClip("lying.mkv", bytes: bytes)
    let read = try ReadVideo(lying.path)
    #expect(read.info.duration == 14_400.0)
    #expect(read.frames.count == 10 && read.error == nil)
  }

  @Test("Huge sizes are refused by the header, whatever is behind it")
  func hugeSizes() throws {
    let clip = try MadeClip(
      "huge.mkv", MadeClip.pattern(size: "64x48", seconds: 0.2) + ["-c:v", "ffv1"])
    var bytes = try clip.bytes
    // PixelWidth 64 and PixelHeight 48, each with its name and length.
    for (element, side) in [(UInt8(0xb0), UInt8(64)), (0xba, 48)] {
      let place = try #require(bytes.firstRange(of: [element, 0x81, side]))
      bytes.replaceSubrange(place, with: [element, 0x81, 255])
    }
    let lying = try MadeClip("lying.mkv", bytes: bytes)
    let tooLarge = try #require(throws: VideoError.self) {
      try VideoReader(.path(lying.path), options: VideoReadingOptions(maxPixels: 60_000))
    }
    #expect(tooLarge.code == .tooLarge && tooLarge.message.contains("255x255"), "\(tooLarge)")
    let shape = try MadeClip(
      "flat.mp4", MadeClip.quarters + ["-vf", "setsar=100/1"] + MadeClip.h264)
    let flat = try #require(throws: VideoError.self) {
      try VideoReader(.path(shape.path), options: VideoReadingOptions(maxPixels: 1_900_000))
    }
    #expect(flat.code == .tooLarge && flat.message.contains("16000x120"), "\(flat)")
  }

  @Test("Without ffmpeg, ffprobe or stance-decode the package is named")
  func missingTools() throws {
    let path = try MadeClip.plain.get().path
    let tools = [
      VideoTools(ffmpeg: "no-such-ffmpeg"), VideoTools(ffprobe: "no-such-ffprobe"),
      VideoTools(helper: nil),
    ]
    for tools in tools {
      let error = try #require(throws: VideoError.self) {
        try VideoReader(.path(path), options: VideoReadingOptions(), tools: tools)
      }
      #expect(error.code == .missingTool, "\(error)")
    }
  }
}

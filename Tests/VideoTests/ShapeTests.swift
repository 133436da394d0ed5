import Images
import TestSupport
import Testing

@testable import Video

@Suite("What a frame looks like")
struct ShapeTests {
  @Test(
    "A turned video comes upright, and its size is read turned",
    arguments: [
      (90, ["green", "white", "red", "blue"]), (180, ["white", "blue", "green", "red"]),
      (270, ["blue", "red", "white", "green"]),
    ])
  func rotation(degrees: Int, corners: [String]) throws {
    // ffmpeg 5.1 writes a tag that turns counterclockwise.
    let still = try MadeClip("still.mp4", MadeClip.quarters + MadeClip.h264)
    let clip = try MadeClip(
      "turned.mp4", ["-i", still.path, "-c", "copy", "-metadata:s:v", "rotate=\(degrees)"])
    let read = try ReadVideo(clip.path)
    let upright = ImageSize(width: 160, height: 120)
    let turned = ImageSize(width: 120, height: 160)
    #expect(read.info.size == (degrees == 180 ? upright : turned))
    #expect(read.frames.count == 5 && read.error == nil)
    for frame in read.frames {
      #expect(frame.image.size == read.info.size && frame.image.corners == corners)
    }
  }

  @Test("Pixels that are not square are made so: the width changes")
  func aspect() throws {
    let wide = try MadeClip("wide.mp4", MadeClip.quarters + ["-vf", "setsar=4/3"] + MadeClip.h264)
    let read = try ReadVideo(wide.path)
    #expect(read.info.size == ImageSize(width: 213, height: 120) && read.frames.count == 5)
    #expect(read.frames.allSatisfy { $0.image.corners == ["red", "green", "blue", "white"] })
    let turned = try MadeClip(
      "turned.mp4", ["-i", wide.path, "-c", "copy", "-metadata:s:v", "rotate=90"])
    #expect(try ReadVideo(turned.path).info.size == ImageSize(width: 120, height: 213))
  }

  @Test("Odd sizes, also of one pixel, come whole", arguments: ["161x121", "33x7", "1x1"])
  func oddSizes(size: String) throws {
    let clip = try MadeClip(
      "odd.mkv",
      [
        "-f", "lavfi", "-i", "color=red:size=64x64:rate=5:duration=0.6",
        "-vf", "format=gbrp,scale=\(size.replacing("x", with: ":")),setsar=1", "-c:v", "ffv1",
      ])
    let read = try ReadVideo(clip.path)
    #expect(read.info.size.description == size && read.frames.count == 3 && read.error == nil)
    #expect(
      read.frames.allSatisfy {
        $0.image.color(x: 0, y: 0) == [0, 0, 254] || $0.image.color(x: 0, y: 0) == [0, 0, 255]
      })
  }

  @Test(
    "An odd size in 4:2:0 comes whole",
    .enabled(if: FFmpegHas.encoder("libvpx-vp9"), "this ffmpeg has no libvpx-vp9"))
  func oddSubsampled() throws {
    let clip = try MadeClip(
      "odd.webm",
      MadeClip.pattern() + [
        "-vf", "scale=161:121,setsar=1", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-pix_fmt",
        "yuv420p",
      ])
    let read = try ReadVideo(clip.path)
    #expect(read.info.size == ImageSize(width: 161, height: 121) && read.frames.count == 20)
  }

  @Test("A size that changes midway gives frames of one size, with their times")
  func changingSize() throws {
    let small = try MadeClip("small.ts", MadeClip.quarters + MadeClip.h264)
    let large = try MadeClip(
      "large.ts",
      MadeClip.quarters + ["-vf", "scale=320:180,setsar=1", "-output_ts_offset", "0.5"]
        + MadeClip.h264)
    let both = try MadeClip("both.ts", bytes: small.bytes + large.bytes)
    for every in [1, 3] {
      let read = try ReadVideo(both.path, VideoReadingOptions(every: every))
      #expect(read.frames.allSatisfy { $0.image.size == read.info.size })
      #expect(read.error == nil, "\(String(describing: read.error))")
      #expect(read.frames.allSatisfy { $0.image.corners == ["red", "green", "blue", "white"] })
      let ticks = try FFprobe.ticks(both.path)
      #expect(ticks.count == 10)
      #expect(read.frames.map { ticks[$0.index] } == read.ticks)
      if every == 1 { #expect(read.ticks == ticks) }
    }
  }

  @Test("What is transparent in a GIF is white")
  func transparency() throws {
    let clip = try MadeClip(
      "clear.gif",
      [
        "-f", "lavfi", "-i",
        "color=red:size=40x20:rate=10:duration=0.5,format=rgba,geq=r=255:g=0:b=0:a='if(gt(X,20),255,0)'"
          + ",split[a][b];[a]palettegen=reserve_transparent=1[p];[b][p]paletteuse",
      ])
    let read = try ReadVideo(clip.path)
    #expect(read.frames.count == 5)
    #expect(read.frames.allSatisfy { $0.image.color(x: 5, y: 10) == [255, 255, 255] })
    #expect(read.frames.allSatisfy { $0.image.name(x: 30, y: 10) == "red" })
  }

  @Test("Each frame's fourth byte is 255, as in a picture")
  func fourthByte() throws {
    let frame = try #require(try ReadVideo(MadeClip.plain.get().path).frames.first)
    let fourth = frame.image.withPixels { pixels in
      stride(from: 3, to: pixels.count, by: 4).map { pixels[$0] }
    }
    #expect(Set(fourth) == [255])
  }

  @Test("Whether ffmpeg has a filter is told by trying")
  func filters() throws {
    #expect(try FilterSupport.has("scale", VideoTools()))
    #expect(try !FilterSupport.has("no-such-filter", VideoTools()))
  }

  private static let canHDR = FFmpegHas.encoder("libx265") && FFmpegHas.filter("zscale")

  @Test(
    "HDR is tone-mapped: white paper stays bright, colours keep their names, and it is said",
    .enabled(if: canHDR, "this ffmpeg has no libx265 or no zscale"),
    arguments: ["smpte2084", "arib-std-b67"], ["160x120", "162x122"])
  func highDynamicRange(transfer: String, size: String) throws {
    let clip = try MadeClip(
      "hdr.mp4",
      MadeClip.quarters + [
        "-vf",
        "scale=\(size),setsar=1,format=gbrp,setparams=color_primaries=bt709:color_trc=bt709:colorspace=gbr,"
          + "zscale=t=linear:npl=203,format=gbrpf32le,zscale=t=\(transfer):p=2020:m=2020_ncl:r=limited:npl=203,format=yuv420p10le",
        "-c:v", "libx265", "-x265-params", "log-level=none", "-color_trc", transfer,
        "-color_primaries", "bt2020", "-colorspace", "bt2020nc", "-color_range", "tv",
      ])
    let read = try ReadVideo(clip.path)
    #expect(read.info.isHDR && read.error == nil && read.frames.count == 5)
    #expect(read.info.size.description == size)
    for frame in read.frames {
      #expect(frame.image.corners == ["red", "green", "blue", "white"])
      let white = frame.image.color(x: 120, y: 90)
      #expect(white.allSatisfy { $0 > 150 }, "\(white)")
    }
  }
}

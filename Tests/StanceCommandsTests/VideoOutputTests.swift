import Files
import Foundation
import Images
import Stance
import StanceCommands
import Synchronization
import Testing
import Video

private let hasFFmpeg = Files.program("ffmpeg") != nil && Files.program("ffprobe") != nil

@Suite("what video makes", .enabled(if: canEncode && hasFFmpeg, "needs codecs and ffmpeg"))
struct VideoOutputTests {
  private static func indices(_ path: String) throws -> [Int] {
    let reader = try VideoReader(.path(path))
    defer { reader.close() }
    var indices: [Int] = []
    while let frame = try reader.next() { indices.append(frame.index) }
    return indices
  }

  @Test("-o writes a video of all frames, and nothing else", arguments: [1, 2])
  func drawn(passes: Int) throws {
    let clip = try VideoRuns.clip(5)
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/drawn.mp4"
    let run = VideoRuns.run([clip.path, "-o", path, "--passes", "\(passes)"])
    #expect(run.status == 0 && run.output.text.isEmpty, "\(run.errors.text)")
    #expect(try Self.indices(path) == [0, 1, 2, 3, 4])
    #expect(try Files.names(in: folder.path) == ["drawn.mp4"])
  }

  @Test("-o and --json give both in one run, the lines as without -o")
  func both() throws {
    let clip = try VideoRuns.clip(4)
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/drawn.mp4"
    let run = VideoRuns.run([clip.path, "--json", "-o", path])
    #expect(run.output.text == VideoRuns.run([clip.path, "--json"]).output.text)
    #expect(try Self.indices(path).count == 4)
  }

  @Test("people are drawn on the frames")
  func pixels() throws {
    let clip = try VideoRuns.clip(2, size: ImageSize(width: 160, height: 120))
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/drawn.mp4"
    _ = VideoRuns.run([clip.path, "-o", path, "--background", "#ffffff"])
    let reader = try VideoReader(.path(path))
    let image = try #require(try reader.next()).image
    image.withPixels { pixels in
      // The last row: skeleton and id stand above.
      let row = 4 * 160 * 119
      #expect(pixels[row + 4 * 10] < 60, "the person's half is as dark as it was")
      #expect(pixels[row + 4 * 150] > 200, "the other half is white")
      let middle = 4 * (160 * 60 + 80)
      #expect(pixels[middle...middle + 2].contains { $0 > 60 }, "there are joints in the middle")
    }
  }

  @Test("Ctrl-C keeps what was drawn beside the output, says so, and leaves an older output alone")
  func interrupted() throws {
    let clip = try VideoRuns.clip(30)
    let folder = try TemporaryFolder()
    try folder.write("older", to: "drawn.mp4")
    let count = Mutex(0)
    let run = VideoRuns.run(
      [clip.path, "-o", "\(folder.path)/drawn.mp4"],
      FakeTracker(onFrame: { _ in count.withLock { $0 += 1 } }),
      interrupts: Interrupts(
        watch: {}, signal: { count.withLock { $0 } >= 7 ? SIGINT : nil }))
    #expect(run.status == 130)
    #expect(
      run.errors.text.contains("drawn.partial.mp4 plays up to 0.20 s, frame 6"),
      "\(run.errors.text)")
    #expect(try Self.indices("\(folder.path)/drawn.partial.mp4") == Array(0..<7))
    #expect(try folder.read("drawn.mp4") == Array("older".utf8))
  }

  @Test("an error midway keeps what was drawn until then, and status 1 tells")
  func failure() throws {
    let clip = try VideoRuns.clip(6)
    let folder = try TemporaryFolder()
    let run = VideoRuns.run(
      [clip.path, "-o", "\(folder.path)/drawn.mp4"], FakeTracker(failsAt: 4))
    #expect(run.status == 1 && run.errors.text.contains("the model broke"))
    #expect(try Files.names(in: folder.path) == ["drawn.partial.mp4"])
    #expect(try Self.indices("\(folder.path)/drawn.partial.mp4") == [0, 1, 2, 3])
  }

  @Test("a video that has become shorter between two passes is an error, and what was drawn stays")
  func changedBetweenPasses() throws {
    let clip = try VideoRuns.clip(12)
    let folder = try TemporaryFolder()
    let run = VideoRuns.run(
      [clip.path, "-o", "\(folder.path)/drawn.mp4", "--passes", "2"],
      FakeTracker(onFrame: { if $0 == 11 { unlink("\(clip.path)/11.png") } }))
    #expect(run.status == 1 && run.errors.text.contains("no frame 11"), "\(run.errors.text)")
    #expect(try Self.indices("\(folder.path)/drawn.partial.mp4") == Array(0..<11))
  }

  @Test("a reader of the lines who goes away leaves a video that plays")
  func closedPipe() throws {
    let clip = try VideoRuns.clip(12)
    let folder = try TemporaryFolder()
    let run = VideoRuns.run(
      [clip.path, "--json", "-o", "\(folder.path)/drawn.mp4"], output: MemorySink(room: 6))
    #expect(run.status == 141)
    #expect(try Self.indices("\(folder.path)/drawn.partial.mp4") == [0, 1, 2, 3, 4])
  }

  @Test("--mask writes a picture for each frame, named by the frame's number")
  func maskFolder() throws {
    let clip = try VideoRuns.clip(5)
    let folder = try TemporaryFolder()
    let run = VideoRuns.run([clip.path, "--mask", "\(folder.path)/masks", "--every", "2"])
    #expect(run.status == 0 && run.output.text.isEmpty, "\(run.errors.text)")
    #expect(
      try Files.names(in: "\(folder.path)/masks").sorted() == [
        "000000.png", "000002.png", "000004.png",
      ])
    let mask = try EncodedImage(try folder.read("masks/000002.png")).decode()
    mask.withPixels { pixels in
      #expect(pixels[0] == 255 && pixels[4 * 15] == 0)
    }
  }

  @Test("--mask writes a grey video, and asks for masks")
  func maskClip() throws {
    let clip = try VideoRuns.clip(3)
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/mask.mp4"
    let wantsMasks = Mutex(false)
    let run = VideoRuns.run(
      [clip.path, "--mask", path],
      onMake: { pose, _ in wantsMasks.withLock { $0 = pose.segmentation } })
    #expect(run.status == 0 && wantsMasks.withLock { $0 }, "\(run.errors.text)")
    let reader = try VideoReader(.path(path))
    let image = try #require(try reader.next()).image
    image.withPixels { pixels in
      #expect(pixels[4 * 2] > 240 && pixels[4 * 13] < 15)
    }
  }

  @Test("what is read is not written over")
  func inputs() throws {
    let clip = try VideoRuns.clip(3)
    let before = try Files.names(in: clip.path)
    let run = VideoRuns.run([clip.path, "--mask", clip.path])
    #expect(run.status == 1 && run.errors.text.contains("is the folder that is read"))
    #expect(try Files.names(in: clip.path) == before)

    let folder = try TemporaryFolder()
    let path = "\(folder.path)/clip.mp4"
    _ = VideoRuns.run([clip.path, "-o", path])
    let bytes = try folder.read("clip.mp4")
    let again = VideoRuns.run([path, "-o", path])
    #expect(again.status == 1, "\(again.errors.text)")
    #expect(try folder.read("clip.mp4") == bytes)
  }

  @Test(
    "wrong usage ends with status 64 and says what was wanted",
    arguments: [
      (["-o", "drawn.avi"], ".mp4"), (["-o", "-"], "standard output"),
      (["-o", "a.mp4", "--background", "none"], "no transparency"),
      (["-o", "a.mp4", "--mask", "a.mp4"], "two files"),
      (["-o", "a.mp4", "--mask", "./a.mp4"], "two files"),
      (["-o", "a.mp4", "--mask", "/proc/self/cwd/a.mp4"], "two files"),
      (["--mask", "masks", "--passes", "2"], "one pass"),
      (["-o", "a.mp4", "--background", "blur", "--smoothing", "zero-lag"], "one pass"),
      (["--smoothing", "zero-lag", "--passes", "1"], "two passes"),
    ])
  func usage(_ arguments: [String], wanted: String) {
    let run = VideoRuns.run(["clip.mp4"] + arguments)
    #expect(run.status == 64 && run.errors.text.contains(wanted), "\(run.errors.text)")
  }
}

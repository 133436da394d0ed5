import Foundation
import Glibc
import Images
import Processes
import TestSupport
import Testing
import Video

@Suite("Folders, pipes and the end of reading")
struct SourceTests {
  private func folder(_ names: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (number, name) in names.enumerated() {
      let image = Image(
        size: ImageSize(width: 8, height: 6),
        rgb: [UInt8](repeating: UInt8(10 * number), count: 3 * 48))
      try write(ImageEncoder.encode(image, as: .png), folder, name)
    }
    return folder
  }

  private func write(_ bytes: [UInt8], _ folder: TemporaryFolder, _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }

  @Test("A folder's pictures come in the order of their numbers, at the rate that is asked for")
  func pictures() throws {
    let folder = try folder(["frame1.png", "frame2.png", "frame10.png"])
    try write(Array("no picture".utf8), folder, "frame3.txt")
    try write([1, 2, 3], folder, ".hidden.png")
    let read = try ReadVideo(folder.path, VideoReadingOptions(frameRate: 25))
    #expect(read.error == nil && read.info.frameCount == 3 && read.info.frameRate == 25)
    #expect(read.times == [0, 1 / 25.0, 2 / 25.0] && read.indices == [0, 1, 2])
    #expect(read.frames.map { $0.image.color(x: 0, y: 0)[0] } == [0, 10, 20])
    #expect(try ReadVideo(folder.path).times == [0, 1 / 30.0, 2 / 30.0])
    let ntsc = try ReadVideo(folder.path, VideoReadingOptions(frameRate: 29.97))
    #expect(ntsc.info.timeBase == TimeBase(1001, 30_000))
    let some = try ReadVideo(folder.path, VideoReadingOptions(start: 0.03, every: 2))
    #expect(some.indices == [1] && some.times == [1 / 30.0])
  }

  @Test("A picture that is damaged or of another size ends a folder's video, and is named")
  func brokenPicture() throws {
    let folder = try folder(["1.png", "2.png", "3.png"])
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path + "/3.png")))
    bytes.removeLast(20)
    try write(bytes, folder, "3.png")
    let read = try ReadVideo(folder.path)
    let error = try #require(read.error)
    #expect(read.frames.count == 2 && error.code == .damaged && error.message.contains("3.png"))
    #expect(error.lastFrame == VideoError.Place(index: 1, time: 1 / 30.0))
    let other = try folder2(sizes: [8, 9])
    #expect(try ReadVideo(other.path).error?.code == .unsupported)
    let none = try TemporaryFolder()
    let empty = try #require(throws: VideoError.self) { try VideoReader(.path(none.path)) }
    #expect(empty.code == .empty)
  }

  private func folder2(sizes: [Int]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for side in sizes {
      try write(
        ImageEncoder.encode(.pattern(width: side, height: side), as: .png), folder, "\(side).png")
    }
    return folder
  }

  @Test("A pipe is read as a file is, wherever its index lies, up to a bound")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe.mp4"
    #expect(mkfifo(path, 0o600) == 0)
    let clip = try MadeClip("late.mp4", MadeClip.pattern() + MadeClip.h264)
    let feed = {
      try StreamingChild(Command("sh", ["-c", "exec cat \"$0\" >\"$1\"", clip.path, path]))
    }
    let feeder = try feed()
    let read = try ReadVideo(path)
    #expect(try feeder.end(within: .seconds(120)).status == .exited(0))
    #expect(read.frames.count == 20 && read.error == nil)
    #expect(read.ticks == (try FFprobe.ticks(clip.path)))
    let second = try feed()
    let error = try #require(throws: VideoError.self) {
      try VideoReader(.path(path), options: VideoReadingOptions(maxPipedBytes: 1000))
    }
    #expect(error.code == .tooLarge, "\(error)")
    _ = try second.end(within: .seconds(120))
  }

  @Test("Standard input is read, as a pipe and as a file")
  func standardInput() async {
    await #expect(processExitsWith: .success) {
      let clip = try MadeClip("late.mp4", MadeClip.pattern() + MadeClip.h264)
      let ticks = try FFprobe.ticks(clip.path)
      for isPipe in [true, false] {
        var made: [Int32] = [-1, -1]
        if isPipe { #expect(Glibc.pipe(&made) == 0) } else { made[0] = open(clip.path, O_RDONLY) }
        let ends = made
        let bytes = try clip.bytes
        // Larger than a pipe's room.
        let writer = try WorkerThread {
          guard ends[1] >= 0 else { return }
          var sent = 0
          while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
              Glibc.write(ends[1], $0.baseAddress, $0.count)
            }
            if count > 0 { sent += count } else { break }
          }
          close(ends[1])
        }
        #expect(dup2(ends[0], 0) == 0)
        let reader = try VideoReader(.standardInput)
        writer.join()
        var read: [Int64] = []
        while let frame = try reader.next() { read.append(frame.ticks) }
        let isRight = read == ticks && reader.info.source == "standard input"
        if !isRight { exit(1) }
      }
    }
  }

  @Test("A source is written as commands write it")
  func arguments() throws {
    #expect(try VideoSource(argument: "-") == .standardInput)
    #expect(try VideoSource(argument: "a.mp4") == .path("a.mp4"))
  }

  /// Children of this process that run ffmpeg or became zombies, but for those of other tests.
  private func decoders(of path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter {
      $0.allSatisfy(\.isNumber)
    }
    .filter {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/fd/0")) == path
    }
  }

  @Test("Who stops reading early leaves no process behind")
  func abandoned() throws {
    let clip = try MadeClip(
      "long.mp4", MadeClip.pattern(size: "320x240", seconds: 4) + MadeClip.h264)
    do {
      let reader = try VideoReader(.path(clip.path))
      #expect(try reader.next()?.index == 0)
      #expect(try !decoders(of: clip.path).isEmpty)
    }
    #expect(try decoders(of: clip.path).isEmpty)
    let reader = try VideoReader(.path(clip.path))
    _ = try reader.next()
    reader.close()
    #expect(try decoders(of: clip.path).isEmpty)
    #expect(try reader.next() == nil)
    reader.close()
  }

  @Test("Closing lets go a reader that waits on another thread")
  func closedElsewhere() async throws {
    let clip = try MadeClip(
      "long.mp4", MadeClip.pattern(size: "320x240", seconds: 4) + MadeClip.h264)
    let reader = try VideoReader(.path(clip.path))
    let counter = try WorkerThread {
      do { while try reader.next() != nil {} } catch { Issue.record(error) }
    }
    reader.close()
    counter.join()
    #expect(try decoders(of: clip.path).isEmpty)
  }

  @Test("The end, and an error, are told again as often as they are asked for")
  func endAgain() throws {
    let reader = try VideoReader(.path(MadeClip.plain.get().path))
    while try reader.next() != nil {}
    #expect(try reader.next() == nil)
    let bytes = try MadeClip.plain.get().bytes
    let cut = try MadeClip("cut.mp4", bytes: Array(bytes[..<(bytes.count * 7 / 10)]))
    let broken = try VideoReader(.path(cut.path))
    let first = #expect(throws: VideoError.self) { while try broken.next() != nil {} }
    let second = #expect(throws: VideoError.self) { try broken.next() }
    #expect(first == second && first != nil)
  }
}

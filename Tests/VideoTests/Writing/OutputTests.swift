import Foundation
import Glibc
import Images
import Processes
import TestSupport
import Testing
import Video

@Suite("Where a video is written, and what is left when that fails")
struct OutputTests {
  private static let size = ImageSize(width: 64, height: 48)

  private func writer(_ path: String, size: ImageSize = Self.size) throws -> VideoWriter {
    try VideoWriter(to: path, size: size, timeBase: TimeBase(1, 10))
  }

  private func code(_ path: String) throws -> VideoError {
    try #require(throws: VideoError.self) { try self.writer(path) }
  }

  @Test("A video that is there stays until the new one is whole")
  func replacing() throws {
    let written = try Written()
    try "old".write(toFile: written.path, atomically: true, encoding: .utf8)
    try "older".write(toFile: written.partialPath, atomically: true, encoding: .utf8)
    let first = try writer(written.path)
    try Written.write(0..<30, to: first)
    let partial = try #require(first.abandon())
    #expect(partial == written.partialPath && partial == first.partialPath)
    #expect(try String(contentsOfFile: written.path, encoding: .utf8) == "old")
    #expect(try FFprobe.decodedTicks(partial) == Array(0..<30))
    #expect(try FFprobe.decodesCleanly(partial))
    #expect(first.abandon() == nil)

    let second = try writer(written.path)
    try Written.write(0..<5, to: second)
    #expect(try String(contentsOfFile: written.path, encoding: .utf8) == "old")
    try second.finish()
    #expect(try FFprobe.ticks(written.path) == Array(0..<5))
    #expect(try written.names == ["out.mp4"])
  }

  @Test("A writer that is dropped leaves what was written")
  func dropping() throws {
    let written = try Written()
    do {
      let writer = try writer(written.path)
      try Written.write(0..<12, to: writer)
    }
    #expect(try written.names == ["out.partial.mp4"])
    #expect(try FFprobe.decodedTicks(written.partialPath) == Array(0..<12))
  }

  @Test("Without a frame nothing is left and nothing replaced")
  func noFrame() throws {
    let written = try Written()
    try "old".write(toFile: written.path, atomically: true, encoding: .utf8)
    let finished = try writer(written.path)
    let error = try #require(throws: VideoError.self) { try finished.finish() }
    #expect(error.code == .empty && error.message == "no frame was written")
    #expect(try writer(written.path).abandon() == nil)
    #expect(try written.names == ["out.mp4"])
    #expect(try String(contentsOfFile: written.path, encoding: .utf8) == "old")
  }

  @Test("What is read is never written over, whatever it is called")
  func inputs() throws {
    let written = try Written()
    let files = FileManager.default
    let source = written.folder.path + "/source.mp4"
    try files.copyItem(atPath: MadeClip.plain.get().path, toPath: source)
    let names = ["hard.mp4", "soft.mp4", "soft2.partial.mp4"].map { written.folder.path + "/" + $0 }
    try files.linkItem(atPath: source, toPath: names[0])
    for name in names[1...] {
      try files.createSymbolicLink(atPath: name, withDestinationPath: source)
    }
    let before = files.contents(atPath: source)?.count
    let reader = try VideoReader(.path(source))
    for path in [source, names[0], names[1], written.folder.path + "/soft2.mp4"] {
      for sound in [true, false] {
        let error = try #require(throws: VideoError.self) {
          try VideoWriter(to: path, like: reader, withSound: sound)
        }
        #expect(error.code == .unwritable && error.message.contains("is read"), "\(error)")
      }
      #expect(throws: VideoError.self) {
        try VideoWriter(
          to: path, size: reader.info.size, timeBase: reader.info.timeBase, sound: reader.sound)
      }
    }
    #expect(files.contents(atPath: source)?.count == before)
    #expect(try written.names == ["hard.mp4", "soft.mp4", "soft2.partial.mp4", "source.mp4"])
  }

  @Test("A place where nothing can be written is told before the first frame")
  func places() throws {
    let written = try Written()
    try FileManager.default.createDirectory(
      atPath: written.folder.path + "/folder.mp4", withIntermediateDirectories: false)
    let wrong = [
      "no/such/folder.mp4": "no folder", "out.avi": ".mp4", "out": ".mp4", ".mp4": ".mp4",
      "folder.mp4": "a folder", String(repeating: "n", count: 252) + ".mp4": "too long",
    ]
    for (name, words) in wrong {
      let error = try code(written.folder.path + "/" + name)
      #expect(error.code == .unwritable && error.message.contains(words), "\(error)")
    }
    #expect(try written.names == ["folder.mp4"])
    let huge = try #require(throws: VideoError.self) {
      try writer(written.path, size: ImageSize(width: 20_000, height: 10))
    }
    #expect(huge.code == .tooLarge)
    let fine = try #require(throws: VideoError.self) {
      try VideoWriter(to: written.path, size: Self.size, timeBase: TimeBase(1, 1_000_000_000))
    }
    #expect(fine.code == .unsupported)
  }

  @Test(
    "What lies there while a video is written plays, as if this process were killed at that moment")
  func midway() throws {
    let written = try Written()
    let writer = try writer(written.path)
    var time: Int64 = 0
    // Until two fragments are there.
    while try time % 20 != 0 || fragments(written.partialPath) < 2, time < 1000 {
      try writer.write(Written.image(Int(time)), ticks: time)
      time += 1
    }
    let copy = written.folder.path + "/copy.mp4"
    try FileManager.default.copyItem(atPath: written.partialPath, toPath: copy)
    let ticks = try FFprobe.decodedTicks(copy)
    #expect(ticks.count >= 20 && ticks == Array(0..<Int64(ticks.count)))
    writer.abandon()
  }

  private func fragments(_ path: String) throws -> Int {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return [UInt8](bytes).ranges(of: Array("moof".utf8)).count
  }

  @Test("When the encoder is killed, the next frames are refused, and what is whole plays")
  func killed() throws {
    let written = try Written()
    let writer = try writer(written.path)
    var time: Int64 = 0
    while try time % 20 != 0 || fragments(written.partialPath) < 2, time < 1000 {
      try writer.write(Written.image(Int(time)), ticks: time)
      time += 1
    }
    let encoder = try #require(try encoderOf(written.partialPath))
    #expect(kill(encoder, SIGKILL) == 0)
    let error = try #require(throws: VideoError.self) {
      for more in time..<time + 1000 { try writer.write(Written.image(Int(more)), ticks: more) }
    }
    #expect(error.code == .noResources && error.message.contains(written.partialPath), "\(error)")
    let again = try #require(throws: VideoError.self) { try writer.finish() }
    #expect(again == error)
    #expect(try FFprobe.decodedTicks(written.partialPath).count >= 20)
    #expect(try written.names == ["out.partial.mp4"])
  }

  /// The process whose standard output is this file.
  private func encoderOf(_ path: String) throws -> pid_t? {
    let files = FileManager.default
    return try files.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.first {
      (try? files.destinationOfSymbolicLink(atPath: "/proc/\($0)/fd/1")) == path
    }
  }

  /// A file system of so many bytes in a folder, while `body` runs; nil where this process may not make one.
  private static func small<Result>(
    _ folder: String, bytes: Int = 128 << 10, _ body: () throws -> Result
  ) throws -> Result? {
    func run(_ program: String, _ arguments: [String]) throws -> Bool {
      try ChildProcess.run(
        Command(program, arguments), outputLimit: 1 << 10, timeout: .seconds(60)
      ).succeeded
    }
    guard try run("mount", ["-t", "tmpfs", "-o", "size=\(bytes)", "none", folder]) else {
      return nil
    }
    defer { _ = try? run("umount", ["-l", folder]) }
    return try body()
  }

  private static let canMount: Bool = {
    let folder = try? TemporaryFolder()
    let isMade = folder.flatMap { folder in try? small(folder.path) { true } }
    return isMade == true
  }()

  private func writeNoise(_ frames: Int, _ path: String) throws {
    let size = ImageSize(width: 160, height: 120)
    let writer = try writer(path, size: size)
    for number in 0..<frames {
      let noise = Image.pattern(width: 160, height: 120, seed: UInt64(number))
      try writer.write(noise, ticks: Int64(number))
    }
    try writer.finish()
  }

  @Test(
    "On a full disk it is said what happened, and what is whole plays",
    .enabled(if: canMount, "this process may not mount a small file system"))
  func fullDisk() throws {
    let whole = try Written()
    try writeNoise(4, whole.path)
    let attributes = try FileManager.default.attributesOfItem(atPath: whole.path)
    let size = try #require(attributes[.size] as? Int)
    // All of four frames' fragments fit, but not the whole file beside them.
    for frames in [40, 4] {
      let written = try Written()
      _ = try Self.small(written.folder.path, bytes: size * 3 / 2) {
        let error = try #require(throws: VideoError.self) { try writeNoise(frames, written.path) }
        #expect(error.code == .noResources && error.message.contains("no space"), "\(error)")
        #expect(error.message.contains(written.partialPath), "\(error)")
        #expect(try written.names == ["out.partial.mp4"])
        if frames == 4 { #expect(try FFprobe.decodedTicks(written.partialPath).count == frames) }
      }
    }
  }
}

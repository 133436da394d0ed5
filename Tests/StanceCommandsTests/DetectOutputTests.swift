import Files
import Foundation
import Images
import Testing

@testable import StanceCommands

@Suite("What detect writes", .enabled(if: canEncode, "needs the picture codecs"))
struct DetectOutputTests {
  @Test("a picture is written in the format of its name, and nothing is printed")
  func oneFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "a.jpg")
    for (name, format) in [("new/out.PNG", ImageFormat.png), ("o.webp", .webp), ("o.jpeg", .jpeg)] {
      let run = Run(["detect", "\(folder.path)/a.jpg", "-o", "\(folder.path)/\(name)"])
      #expect(run.status == 0)
      #expect(run.output.text.isEmpty)
      let written = try EncodedImage(contentsOf: "\(folder.path)/\(name)")
      #expect(written.format == format)
      #expect(written.size == ImageSize(width: 40, height: 30))
    }
  }

  @Test(
    "a folder keeps relative paths, tells a.jpg, a.png and a.gif apart, and no partial file stays")
  func folders() throws {
    let folder = try TemporaryFolder()
    for name in ["in/a.jpg", "in/a.png", "in/a.gif", "in/sub/a.jpg"] {
      try folder.write("1", to: name)
    }
    let (input, output) = ("\(folder.path)/in", "\(folder.path)/out")
    #expect(Run(["detect", input, "-o", output, "--mask", "\(folder.path)/masks"]).status == 0)
    #expect(try Files.names(in: output) == ["a.gif.jpg", "a.jpg", "a.png", "sub"])
    #expect(try Files.names(in: output + "/sub") == ["a.jpg"])
    #expect(
      try Files.names(in: folder.path + "/masks") == ["a.gif.png", "a.jpg.png", "a.png", "sub"])
    #expect(try EncodedImage(contentsOf: output + "/a.png").format == .png)
    #expect(try EncodedImage(contentsOf: output + "/a.gif.jpg").format == .jpeg)
  }

  @Test("a second run does not take the first one's pictures for photos")
  func secondRun() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "a.jpg")
    for _ in 0..<2 {
      #expect(
        Run(["detect", folder.path, "-o", folder.path + "/out", "--mask", folder.path + "/m"])
          .status
          == 0)
    }
    #expect(try Files.names(in: folder.path + "/out") == ["a.jpg"])
  }

  @Test("a photo is never written over, by no other name either")
  func neverOverInput() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "in/a.jpg")
    try folder.write("1", to: "in/b.jpg")
    let path = folder.path
    try FileManager.default.createDirectory(
      atPath: path + "/out", withIntermediateDirectories: true)
    try FileManager.default.linkItem(atPath: path + "/in/b.jpg", toPath: path + "/out/a.jpg")
    try FileManager.default.createSymbolicLink(
      atPath: path + "/out/b.jpg", withDestinationPath: "../in/a.jpg")
    try FileManager.default.createSymbolicLink(atPath: path + "/link", withDestinationPath: "in")
    for target in [path + "/in", path + "/link", path + "/out", path + "/in/../in/"] {
      let run = Run(["detect", path + "/in", "-o", target])
      #expect(run.status == 1)
      #expect(run.errors.lines.count == 2)
      #expect(
        run.errors.lines.allSatisfy { $0.hasSuffix("is one of the photos and is not written over") }
      )
    }
    #expect(Run(["detect", path + "/in/a.jpg", "-o", path + "/in/a.jpg"]).status == 1)
    #expect(try folder.read("in/a.jpg") == Array("1".utf8))
    #expect(try folder.read("in/b.jpg") == Array("1".utf8))
  }

  @Test("a mask never takes the place of a picture")
  func masksBesidePictures() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "in/a.png")
    try folder.write("1", to: "in/sub/a.png")
    let (input, output) = (folder.path + "/in", folder.path + "/out")
    let one = Run(["detect", input + "/a.png", "-o", output + "/a.png", "--mask", output])
    #expect(one.status == 64)
    let nested = Run(["detect", input, "-o", output, "--mask", output + "/sub"])
    #expect(nested.status == 64)
    #expect(!Files.exists(output))
  }

  @Test("names as long as a name may be, and those that begin with a combining character")
  func oddNames() throws {
    let folder = try TemporaryFolder()
    let names = [String(repeating: "x", count: 251) + ".png", "\u{301}x.png"]
    for name in names { try folder.write("1", to: "in/" + name) }
    let run = Run(["detect", folder.path + "/in", "-o", folder.path + "/out"])
    #expect(run.errors.text.isEmpty)
    #expect(try Set(Files.names(in: folder.path + "/out")) == Set(names))
  }

  @Test("a transparent background is written as PNG or WebP, and refused for a JPEG")
  func transparentBackground() throws {
    let folder = try TemporaryFolder()
    for name in ["in/a.jpg", "in/b.png", "in/c.webp"] { try folder.write("1", to: name) }
    let (input, output) = (folder.path + "/in", folder.path + "/out")
    let cutOut = ["--background", "none", "--no-joints", "--no-bones"]
    for name in ["x.jpg", "x.JPEG"] {
      let refused = Run(["detect", input + "/a.jpg", "-o", "\(output)/\(name)"] + cutOut)
      #expect(refused.status == 64)
      #expect(refused.errors.text.contains("--background none") && !Files.exists(output))
    }
    #expect(Run(["detect", input, "-o", output] + cutOut).status == 0)
    #expect(try Files.names(in: output) == ["a.jpg.png", "b.png", "c.webp"])
    // Bit depth 8, colour type 6: RGB with alpha.
    #expect(try Array(folder.read("out/a.jpg.png")[24...25]) == [8, 6])
    let one = Run(["detect", input + "/a.jpg", "-o", output + "/one.webp"] + cutOut)
    #expect(one.status == 0)
    #expect(try EncodedImage(contentsOf: output + "/one.webp").format == .webp)
  }

  @Test("a background takes the place of what is no person in the masks")
  func background() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "a.png")
    let run = Run([
      "detect", folder.path + "/a.png", "-o", folder.path + "/b.png", "--background", "lime",
      "--no-joints", "--no-bones",
    ])
    #expect(run.status == 0)
    // The fake's mask is hardly anybody anywhere.
    let image = try EncodedImage(contentsOf: folder.path + "/b.png").decode()
    image.withPixels { #expect(Array($0[0..<3]) == [0, 255, 0]) }
    let wrong = Run(["detect", folder.path + "/a.png", "--background", "red-ish"])
    #expect(wrong.status == 64 && wrong.errors.text.contains("blur, or none"))
  }

  @Test("an output that can't be written is told by its own name")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "a.jpg")
    try folder.write("a file", to: "file")
    let run = Run(["detect", folder.path + "/a.jpg", "-o", folder.path + "/file/b.jpg"])
    #expect(run.status == 1)
    #expect(run.errors.text.hasPrefix("stance: \(folder.path)/file"))
    #expect(!run.errors.text.contains("a.jpg:"))
    let nowhere = Run(["detect", folder.path + "/a.jpg", "-o", "/proc/b.jpg"])
    #expect(nowhere.status == 1)
    #expect(nowhere.errors.text.hasPrefix("stance: /proc/b.jpg: can't be written: "))
  }

  @Test("the mask is the maximum over people, and black when there is nobody")
  func masks() throws {
    let folder = try TemporaryFolder()
    try folder.write("3", to: "a.jpg")
    try folder.write("0", to: "b.jpg")
    #expect(Run(["detect", folder.path, "--mask", folder.path + "/m"]).status == 0)
    for (name, value) in [("a.jpg.png", UInt8(3)), ("b.jpg.png", 0)] {
      let mask = try EncodedImage(contentsOf: "\(folder.path)/m/\(name)").decode()
      #expect(mask.size == ImageSize(width: 40, height: 30))
      mask.withPixels { pixels in #expect(pixels[0] == value && pixels[1] == value) }
    }
  }
}

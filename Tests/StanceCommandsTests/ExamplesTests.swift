import Files
import PoseMotion
import Testing

@Suite("examples")
struct ExamplesTests {
  @Test("a photo in a pose's folder is a line that reads back, with the folder as its label")
  func lines() throws {
    let folder = try TemporaryFolder()
    for name in ["tree/a.jpg", "tree/deep/b.jpg", "warrior two/c.jpg"] {
      try folder.write("2", to: "poses/" + name)
    }
    let run = Run(["examples", folder.path + "/poses", "-o", folder.path + "/poses.csv"])
    #expect(run.status == 0 && run.errors.text.isEmpty && run.output.text.isEmpty)
    let lines = String(decoding: try folder.read("poses.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(
      lines.map { String($0.prefix { $0 != "," }) } == [
        "tree/a.jpg", "tree/deep/b.jpg", "warrior two/c.jpg",
      ])
    let samples = lines.compactMap { PostureSample(csv: $0) }
    #expect(samples.map(\.label) == ["tree", "tree", "warrior two"])
    // Half of the picture's 40 pixels, and the second landmark at one of 33 parts of its 30.
    let cells = lines[0].split(separator: ",").dropFirst(2).compactMap { Float($0) }
    #expect(cells.count == 99 && cells[0] == 20 && abs(cells[4] - 30 / 33) < 1e-4)
  }

  @Test("what gives no line is told, the others go on, and the status says so")
  func failures() throws {
    let folder = try TemporaryFolder()
    for (name, content) in [
      ("tree/a.jpg", "1"), ("tree/nobody.jpg", "0"), ("tree/bad.jpg", "x"), ("loose.jpg", "1"),
      ("tree/a,b.jpg", "1"),
    ] { try folder.write(content, to: "poses/" + name) }
    let run = Run(["examples", folder.path + "/poses", "-o", folder.path + "/poses.csv"])
    #expect(run.status == 1)
    for (name, why) in [
      ("tree/nobody.jpg", "nobody found"), ("tree/bad.jpg", "no picture"),
      ("loose.jpg", "no folder that names its pose"), ("tree/a,b.jpg", "a comma"),
    ] {
      #expect(run.errors.lines.contains { $0.contains(name) && $0.contains(why) }, "\(name)")
    }
    #expect(
      try folder.read("poses.csv").split(separator: UInt8(ascii: "\n")).count == 1)
  }

  @Test("without one example there is no table, and without a folder or a name for it no work")
  func nothing() throws {
    let folder = try TemporaryFolder()
    try folder.write("0", to: "poses/tree/a.jpg")
    let poses = folder.path + "/poses"
    #expect(Run(["examples", poses, "-o", folder.path + "/poses.csv"]).status == 1)
    #expect(!Files.exists(folder.path + "/poses.csv"))
    #expect(Run(["examples", poses]).status == 64)
    #expect(Run(["examples", poses + "/tree/a.jpg", "-o", "x.csv"]).status == 64)
  }
}

import Files
import Foundation
import Inference
import Options
import PoseRendering
import StanceCommands
import TestSupport
import Testing

@Suite("The program")
struct ProgramTests {
  @Test("docs/options.md is what the table says")
  func documentation() throws {
    let page = try Files.read(TestData.packageRoot + "/docs/options.md", limit: 1 << 20)
    let run = Run(["help", "--markdown"])
    #expect(
      run.output.text == String(decoding: page, as: UTF8.self),
      "run: .build/debug/stance help --markdown > docs/options.md")
  }

  @Test("every command has an example that its own option table takes")
  func examples() throws {
    for command in StanceTable.table.commands {
      #expect(!command.examples.isEmpty)
      for example in command.examples where !example.line.hasPrefix("source") {
        let words = example.line.split(separator: " ").map(String.init)
        #expect(words.prefix(2) == ["stance", command.name])
        let arguments = words.dropFirst().prefix { $0 != ">" && $0 != "<" }
        _ = try StanceTable.table.parse(Array(arguments), environment: [:], readFile: { _ in [] })
      }
      let help = Run(["help", command.name])
      #expect(help.status == 0)
      #expect(help.output.text.contains(command.examples[0].line))
    }
  }

  @Test("names, letters, variables and keys of options are unique, and titles stand for one list")
  func uniqueness() {
    let rows = StanceTable.table.rows
    #expect(Set(rows.map(\.variable)).count == rows.count)
    #expect(Set(rows.map(\.key)).count == rows.count)
    #expect(!rows.contains { ["config", "help"].contains($0.name) })
    for command in StanceTable.table.commands {
      let letters = command.rows.compactMap(\.short)
      #expect(Set(letters).count == letters.count)
      for group in command.groups {
        let first = StanceTable.table.groups.first { $0.title == group.title }
        #expect(first?.rows.map(\.name) == group.rows.map(\.name))
      }
    }
  }

  @Test("an option that says what the default is too counts where the tutorial is answered like")
  func tutorialStyle() throws {
    func style(_ arguments: String...) throws -> DrawingStyle? {
      let invocation = try StanceTable.table.parse(
        ["serve"] + arguments, environment: [:], readFile: { _ in [] })
      guard case .run(_, let settings, _) = invocation else { return nil }
      return settings.tutorialStyle
    }
    let usual = try #require(try style())
    #expect(usual.guessed == .plain && usual.minVisibility == 0.5)
    let told = try #require(try style("--guessed", "hollow", "--min-visibility", "0"))
    #expect(told.guessed == .hollow && told.minVisibility == 0)
    #expect(try style("--joint-color", "cyan")?.jointColor == Color("cyan"))
  }

  @Test("every default is a value that its own option takes")
  func defaults() throws {
    var settings = Settings()
    for row in StanceTable.table.rows {
      guard let text = row.text(in: settings) else { continue }
      try row.set(&settings, from: [text])
      #expect(row.text(in: settings) == text)
    }
  }

  @Test("a configuration file is read from disk")
  func configuration() throws {
    let folder = try TemporaryFolder()
    try folder.write(#"{"json": true, "maxPeople": 2, "jointColor": "blue"}"#, to: "stance.json")
    try folder.write("1", to: "a.jpg")
    let config = folder.path + "/stance.json"
    let photo = folder.path + "/a.jpg"
    #expect(
      Run(["detect", photo], environment: ["STANCE_CONFIG": config]).output.text.hasPrefix("{"))
    #expect(Run(["detect", photo, "--config", config]).output.text.hasPrefix("{"))
    let missing = Run(["detect", photo, "--config", "gone.json"])
    #expect(missing.status == 64)
    #expect(missing.errors.text == "stance: gone.json: no such file\n")
  }

  @Test("help, version and completion are printed")
  func texts() {
    #expect(Run(["help"]).output.text.contains("detect"))
    #expect(Run(["--version"]).output.text == "stance \(StanceVersion.number)\n")
    #expect(
      Run(["completion", "bash"]).output.text.contains("complete -o filenames -F _stance stance"))
    #expect(Run(["completion", "zsh"]).output.text.hasPrefix("#compdef stance\n"))
    #expect(Run(["completion", "fish"]).status == 64)
  }

  @Test("models are listed with their state, and missing ones with what to do")
  func models() throws {
    let folder = try TemporaryFolder()
    let run = Run(["models", "--models", folder.path])
    #expect(run.status == 0)
    for file in Model.all.flatMap(\.files) {
      #expect(run.output.lines.contains { $0.contains(file.sha256) && $0.hasSuffix("missing") })
    }
    #expect(run.output.text.contains("make models") || run.output.text.contains("--models"))
  }

  @Test("doctor ends with 1 and says why when no people can be found, and names unknown variables")
  func doctor() {
    let run = Run(["doctor"], environment: ["STANCE_MAX_PEOPEL": "3", "STANCE_JSON": "1"]) { _, _ in
      throw InferenceError(.missingModel, "the full model is missing")
    }
    #expect(run.status == 1)
    #expect(run.output.lines.last?.hasPrefix("! main job      does not work: ") == true)
    #expect(run.output.lines.contains("! variables     no option is set by STANCE_MAX_PEOPEL"))
    #expect(run.output.lines.count < 25)
  }
}
